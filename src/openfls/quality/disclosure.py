"""Small numbers do not leave a service: how a share is shown whose numbers are rounded (`openfls.quality.releasing`).

Everything here is worked out of the rounded numbers alone: a percentage or a rating of the exact ones would take most
of the rounding away again.
"""

from __future__ import annotations

from dataclasses import dataclass

from openfls.quality.packs import Threshold
from openfls.quality.rating import rating_of
from openfls.quality.releasing import MOST_OFF

FEW = "under 5"
"""A count shown as 0: anything from 0 to 4."""
FEW_OF = "under 9"
"""The same of what is counted in two parts, met and missed."""
HIDDEN = "not passed on"
"""What stands in the place of a number that stays within the service."""
WIDEST = 10.0
"""Points by which the rounding may move a percentage that is shown. Ours."""
RULE = (
    "Numbers to pass on are multiples of 5: running totals are rounded, so that months add up to years and no two "
    "files tell a small number. Each may be 4 away from the exact one; “under 5” is anything from 0 to 4. Percentages "
    "are of the rounded numbers; none is given that the rounding could move by more than 10 points, and a rating only "
    "as far as the rounding leaves it sure."
)
SHORT_RULE = "Numbers rounded to 5, none exact."
"""The rule where there is little room: under a chart."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A share as it may leave; None for what stays within the service.

    ``value`` is a whole percentage of the two numbers, ``off`` by how many points the rounding may have moved it; both
    None where that is more than `WIDEST`.
    """

    numerator: int | None
    denominator: float | None
    value: float | None = None
    off: float | None = None

    @classmethod
    def of_people(cls, met: int, missed: int) -> Shown:
        """Of two rounded counts of people."""
        return cls.against(met, met + missed)

    @classmethod
    def against(cls, met: int, of: float) -> Shown:
        """Of a rounded count, and what it is held against: counted in the same way, or an expectation."""
        off = 100 * MOST_OFF / of if of > 0 else WIDEST + 1
        if off > WIDEST:
            return cls(met, of)
        return cls(met, of, float(int(100 * met / of + 0.5)), off)

    @classmethod
    def of_fields(cls, kept: int, of: int) -> Shown:
        """Of fields, which name nobody: exact."""
        return cls(kept, of, float(int(100 * kept / of + 0.5)) if of else None, 0.0)

    @property
    def numerator_words(self) -> str:
        """The numerator for people to read."""
        return f"{self.numerator}" if self._is_exact else count_words(self.numerator)

    @property
    def denominator_words(self) -> str:
        """The denominator for people to read."""
        if self._is_exact:
            return f"{self.denominator:g}"
        return FEW_OF if self.denominator == 0 else count_words(self.denominator)

    @property
    def _is_exact(self) -> bool:
        return self.off == 0.0

    @property
    def percent_words(self) -> str:
        """The percentage with what the rounding may have moved it by."""
        if self.value is None:
            return "–" if self._is_exact else "too few"
        return f"{self.value:.0f} %" + (f" ± {self.off:.0f}" if self.off and self.off >= 0.5 else "")

    def rating(self, thresholds: tuple[Threshold, ...]) -> str:
        """The rating that the exact numbers have too, whatever they are; blank where the rounding could change it."""
        possible = self.ratings(thresholds)
        return possible[0] if len(possible) == 1 else ""

    def ratings(self, thresholds: tuple[Threshold, ...]) -> list[str]:
        """The ratings that the exact numbers may have; none where there is no percentage."""
        if self.value is None or self.numerator is None or not self.denominator:
            return []
        off = MOST_OFF if self.off else 0
        found = [
            rating_of(thresholds, min(max(self.numerator + by, 0), self.denominator), self.denominator) or ""
            for by in range(-off, off + 1)
        ]
        return list(dict.fromkeys(found))


def count_words(count: float | None) -> str:
    """A rounded count (or an expectation) for people to read."""
    if count is None:
        return HIDDEN
    return FEW if count == 0 else f"{count:.10g}" if count == int(count) else f"{count:.4g}"
