"""How sure a share is: Wilson's score interval, which holds for small numbers and near 0 and 1.

Source: E. B. Wilson, 1927 (the formula is textbook knowledge; recalled, high).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""The standard normal value that leaves 2.5 % on either side."""


@dataclass(frozen=True, slots=True)
class Share:
    """``yes`` of ``of``, with the bounds between which the true share lies in 95 of 100 such samples."""

    yes: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share seen; None where nothing was counted."""
        return self.yes / self.of if self.of else None


def wilson(yes: int, of: int, z: float = Z_95) -> Share:
    """The share of ``yes`` among ``of`` with Wilson's interval; 0 to 1 where nothing was counted.

    Raises:
        ValueError: not 0 ≤ ``yes`` ≤ ``of``.
    """
    if not 0 <= yes <= of:
        raise ValueError(f"{yes} of {of} is no share")
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    share, square = yes / of, z * z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    # At either end the bound is the end itself; the arithmetic may miss it by a rounding.
    low = 0.0 if yes == 0 else max(0.0, centre - half)
    high = 1.0 if yes == of else min(1.0, centre + half)
    return Share(yes, of, low, high)
