"""Life tables by single year of age, and quality-adjusted life expectancy by Sullivan's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from openfls.toolkit.engine.rates import rescaled_probability
from openfls.toolkit.engine.values import Array, ModelError, When


@dataclass(frozen=True, slots=True)
class LifeTable:
    """Survivors by single year of age, from ``first_age`` on.

    Attributes:
        survivors: lx, those alive at each exact age.
        deaths: dx, those who die before the next.
        first_age: years.
    """

    survivors: Array
    deaths: Array
    first_age: int = 0

    @classmethod
    def from_probabilities(cls, qx: ArrayLike, *, first_age: int = 0, radix: float = 100_000.0) -> LifeTable:
        """The table of yearly probabilities of death."""
        probabilities = np.asarray(qx, dtype=float)
        if ((probabilities < 0) | (probabilities > 1)).any():
            raise ModelError("a yearly probability of death lies between 0 and 1")
        survivors = radix * np.concatenate([[1.0], np.cumprod(1 - probabilities)[:-1]])
        return cls(survivors, survivors * probabilities, first_age)

    @property
    def qx(self) -> Array:
        """The yearly probability of death at each age; one where nobody of the table lives any more."""
        found: Array = np.divide(
            self.deaths, self.survivors, out=np.ones_like(self.survivors), where=self.survivors > 0
        )
        return found

    @property
    def person_years(self) -> Array:
        """Lx: years lived at each age, those who die living half of it on average."""
        found: Array = self.survivors - self.deaths / 2
        return found

    def yearly_probability(self, age: ArrayLike) -> Array:
        """The probability of death in the year of age; beyond the table its last value. Any shape."""
        position = np.floor(np.asarray(age, dtype=float)).astype(int) - self.first_age
        if (position < 0).any():
            raise ModelError(f"the life table begins at age {self.first_age}")
        found: Array = self.qx[np.minimum(position, self.qx.shape[0] - 1)]
        return found

    def death_probability(self, when: When) -> Array:
        """The probability of death within a cycle, at a constant rate within each year of age.

        Raises:
            ModelError: the model has no age.
        """
        if when.age is None:
            raise ModelError("the model needs a starting age for its life table")
        yearly = self.yearly_probability(when.age)
        certain = yearly >= 1
        scaled = rescaled_probability(np.where(certain, 0, yearly), from_time=1, to_time=when.cycle_length)
        return np.where(certain, 1.0, scaled)

    def expectancy(self, utilities: ArrayLike | None = None, *, discount_rate: float = 0.0) -> Array:
        """Remaining (quality-adjusted) life expectancy at each age of the table, years.

        Args:
            utilities: one for each age; None for plain life expectancy.
            discount_rate: per year; the first year of life lived is not discounted.
        """
        worth = self.person_years * (1.0 if utilities is None else np.asarray(utilities, dtype=float))
        remaining = np.empty_like(worth)
        total = 0.0
        for position in range(worth.shape[0] - 1, -1, -1):
            total = float(worth[position]) + total / (1 + discount_rate)
            remaining[position] = total
        found: Array = np.divide(
            remaining, self.survivors, out=np.zeros_like(remaining), where=self.survivors > 0
        )
        return found
