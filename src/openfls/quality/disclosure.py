"""Small numbers do not leave a service: what is suppressed, and how a share is shown.

A count of one to four could name somebody. So could its complement in a total that is shown. The rule is ours, after
the usual practice of health statistics (recalled, medium): counts from 1 to 4 are suppressed, the others are rounded to
the nearest 5. A percentage is of the exact numbers, and whole: of rounded ones it could be ten points wrong in a small
service. Numbers that add up to each other are suppressed together by `openfls.quality.protecting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.quality.protecting import (
    Sum,
    is_small,
    protect,
    rounded,
    share_bounds,
    whole_percent,
)

HIDDEN = "suppressed"
"""What stands in the place of a number: it may be small itself, or give a small one away."""
RULE = (
    "Counts from 1 to 4 are suppressed, and others rounded to the nearest 5; a second number goes where one could be "
    "worked out. Percentages are of the exact numbers."
)


SHORT_RULE = "Small numbers suppressed, others rounded to 5."
"""The rule where there is little room: under a chart."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A proportion as it may leave. Nothing of it is told where a part, the whole or what is left between is small.

    ``value`` is a whole percentage of the exact numbers; None where suppressed or nothing is there to divide by.
    """

    numerator: int | None
    denominator: int | None
    value: float | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether it is suppressed."""
        return self.numerator is None or self.denominator is None


def safe_count(count: float) -> int | None:
    """A count as it may leave; None where it is suppressed."""
    return None if is_small(count) else rounded(count)


def safe_share(
    numerator: float, denominator: float, *, of_people: bool = True, each: float | None = None
) -> Shown:
    """A proportion as it may leave. Where the denominator is no count of people (an expectation), only the numerator
    can name somebody; unless it is guessed from people, ``each`` of whom stands for so many."""
    small = is_small(numerator) or (
        of_people and (is_small(denominator) or is_small(denominator - numerator))
    )
    if not of_people and each:
        small = small or is_small(round(denominator / each))
    if small:
        return Shown(None, None)
    return Shown(rounded(numerator), rounded(denominator), whole_percent(numerator, denominator))


def safe_group(counts: Sequence[float]) -> list[int | None]:
    """Parts of a total that is known too: where one is suppressed, no other can be worked out of the rest.

    Parts of nought stay: they name nobody, and hide nobody either.
    """
    cells = {str(place): int(count) for place, count in enumerate(counts)} | {
        "total": int(sum(counts)),
    }
    parts = tuple(str(place) for place in range(len(counts)))
    shown = protect(cells, (Sum("total", parts),), known=("total",))
    return [shown[part] for part in parts]


@dataclass(frozen=True, slots=True)
class SafeResult:
    """A measure as it may leave: its share, and the people beside it; None where suppressed."""

    shown: Shown
    not_eligible: int | None
    unknown: int | None


def safe_result(
    numerator: float,
    denominator: float,
    not_eligible: int,
    unknown: int,
    *,
    of_people: bool,
    of_fields: bool,
    each: float | None = None,
) -> SafeResult:
    """A measure as it may leave. How many rows there are in all is taken to be known: every measure has the same."""
    if of_fields:  # counts fields, which name nobody
        whole = Shown(int(numerator), int(denominator), whole_percent(numerator, denominator))
        return SafeResult(whole, safe_count(not_eligible), safe_count(unknown))
    share = safe_share(numerator, denominator, of_people=of_people, each=each)
    counted = int(denominator if of_people else numerator)
    cells = {"counted": counted, "out": not_eligible, "open": unknown}
    total = {"total": sum(cells.values())}
    narrowed = {}
    if of_people and share.numerator is not None and share.denominator is not None:
        narrowed["counted"] = share_bounds(share.numerator, share.denominator, share.value)[1]
    safe = protect(
        cells | total,
        (Sum("total", tuple(cells), alone=True),),
        known=("total",),
        suppressed=("counted",) if share.is_hidden else (),
        narrowed=narrowed,
    )
    return SafeResult(Shown(None, None) if safe["counted"] is None else share, safe["out"], safe["open"])
