"""Small numbers do not leave a service: what is suppressed, and what has to go with it.

A count of one to four could name somebody. So could its complement in a total that is shown, and a total of which all
parts but one are shown. The rule is ours, after the usual practice of health statistics (recalled, medium): counts from
1 to 4 are suppressed, the others are rounded to the nearest 5; where one part of a group is suppressed alone, the next
smallest goes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST = 5
ROUNDED_TO = 5
HIDDEN = "suppressed"
"""What stands in the place of a number: it may be small itself, or give a small one away."""
RULE = (
    "Counts from 1 to 4 are suppressed, and others rounded to the nearest 5; a second number goes where one could be "
    "worked out."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A proportion as it may leave. Both numbers are None where either, or what is left between them, is small."""

    numerator: int | None
    denominator: int | None

    @property
    def value(self) -> float | None:
        """In percent, from the rounded numbers, so that the exact ones cannot be worked out."""
        if self.numerator is None or not self.denominator:
            return None
        return min(100.0, 100 * self.numerator / self.denominator)


def is_small(count: float) -> bool:
    """Whether a count could name somebody; nought names nobody."""
    return 0 < count < SMALLEST


def rounded(count: float) -> int:
    """To the nearest 5, halves up."""
    return int((count + ROUNDED_TO / 2) // ROUNDED_TO) * ROUNDED_TO


def safe_count(count: float) -> int | None:
    """A count as it may leave; None where it is suppressed."""
    return None if is_small(count) else rounded(count)


def safe_share(numerator: float, denominator: float, *, of_people: bool = True) -> Shown:
    """A proportion as it may leave. Where the denominator is no count of people (an expectation), only the numerator
    can name somebody."""
    small = is_small(numerator) or (
        of_people and (is_small(denominator) or is_small(denominator - numerator))
    )
    return Shown(None, None) if small else Shown(rounded(numerator), rounded(denominator))


def safe_group(counts: Sequence[float]) -> list[int | None]:
    """Parts of a total that is known too: where one alone is small, the next smallest part is suppressed with it.

    Parts of nought stay: they name nobody, and hide nobody either.
    """
    shown = [safe_count(count) for count in counts]
    hidden = [place for place, value in enumerate(shown) if value is None]
    if len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if place not in hidden and count > 0]
        if others:
            shown[min(others, key=lambda place: counts[place])] = None
    return shown
