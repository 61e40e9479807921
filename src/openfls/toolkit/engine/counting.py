"""How the state occupancies of a trace are counted, and how what is counted is discounted.

The trace of a model of N cycles has N + 1 *points* (0 is the start). A correction says what is counted:

``"none"``
    N cycles; each counts the people at its start or, with ``counting="end"``, at its end.
``"life-table"``, also ``"trapezoid"``
    N cycles; each counts the mean of its start and end.
``"half-cycle"``
    N + 1 points with weights ½, 1, …, 1, ½: the same total without discounting, but each point is discounted
    at its own time.
``"simpson"``
    N + 1 points with the weights of Simpson's 1/3 rule, 1/3, 4/3, 2/3, …, 4/3, 1/3; N must be even.
an array
    N + 1 points with these weights, to repeat a published model that counts otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openfls.toolkit.engine.values import Array, ModelError

Correction = (
    Literal["none", "half-cycle", "life-table", "trapezoid", "simpson"]
    | Sequence[float]
    | NDArray[np.float64]
)
Counting = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Discount:
    """Discounting at a yearly rate: the factor of something counted ``t`` years from the start is ``(1 +
    rate)**-t``.

    Attributes:
        rate: per year, for example 0.035.
        first: the time, *in cycles*, of the first counted cycle or point; the next is one cycle later. 0
            leaves it undiscounted (the start of the cycle), 1 discounts a whole cycle (its end), 0.5 is the
            middle. With a correction that counts points, 0 discounts each point at its own time.
        whole_years: discount in yearly steps, ``t`` rounded down: all cycles of the first year are
            undiscounted. With ``first=1`` the cycle that ends with the year already counts as the next.
        continuous: the factor is ``exp(-rate t)``.
        factors: the factors themselves, one for each counted cycle or point, instead of a rate.
    """

    rate: float = 0.0
    first: float = 0.0
    whole_years: bool = False
    continuous: bool = False
    factors: Sequence[float] | None = None

    def __post_init__(self) -> None:
        if not self.rate > -1:
            raise ModelError(f"a discount rate must be above -1, got {self.rate}")

    def at(self, times: Array) -> Array:
        """The factors at these times in years."""
        if self.whole_years:
            times = np.floor(times + 1e-9)
        return np.exp(-self.rate * times) if self.continuous else (1 + self.rate) ** -times

    def of_items(self, items: int, cycle_length: float, *, first: float | None = None) -> Array:
        """The factors of ``items`` successive cycles or points.

        Raises:
            ModelError: own ``factors`` are given and are fewer than the items.
        """
        if self.factors is not None:
            if len(self.factors) < items:
                raise ModelError(f"{len(self.factors)} discount factors for {items} counted cycles or points")
            return np.asarray(self.factors, dtype=float)[:items]
        offset = self.first if first is None else first
        return self.at(np.asarray((np.arange(items) + offset) * cycle_length, dtype=float))


def counts_points(correction: Correction) -> bool:
    """Whether the correction counts N + 1 points rather than N cycles."""
    return not isinstance(correction, str) or correction in ("half-cycle", "simpson")


def point_weights(correction: Correction, cycles: int) -> Array:
    """The weights ``[cycles + 1]`` of a correction that counts points.

    Raises:
        ModelError: an unknown name, Simpson's rule over an odd number of cycles, or weights of another
        length.
    """
    if isinstance(correction, str):
        weights = np.ones(cycles + 1)
        if correction == "half-cycle":
            weights[[0, -1]] = 0.5
        elif correction == "simpson":
            if cycles % 2:
                raise ModelError(f"Simpson's 1/3 rule needs an even number of cycles, got {cycles}")
            weights[1::2], weights[2:-1:2], weights[[0, -1]] = 4 / 3, 2 / 3, 1 / 3
        else:
            raise ModelError(f"unknown correction '{correction}'")
        return weights
    weights = np.asarray(correction, dtype=float)
    if weights.shape != (cycles + 1,):
        raise ModelError(
            f"a correction by weights needs one for each of {cycles + 1} points, got {weights.shape}"
        )
    return weights


def check_correction(correction: Correction, counting: Counting, cycles: int) -> None:
    """Raises `ModelError` where the correction is unknown or does not fit the number of cycles."""
    if counting not in ("start", "end"):
        raise ModelError(f"counting is 'start' or 'end', got '{counting}'")
    if isinstance(correction, str) and correction in ("none", "life-table", "trapezoid"):
        return
    point_weights(correction, cycles)
