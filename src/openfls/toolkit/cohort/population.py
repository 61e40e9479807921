"""Who is followed: their survival, and the utility of their age, sex and first fracture."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from openfls.toolkit.caseload import SEXES, SITES, Strata
from openfls.toolkit.engine.values import Array

CYCLE = 0.5
"""Years in a cycle."""
LAST_AGE = 100
"""The last age of the life table; older people die and break bones as at this age."""

Draws = Mapping[str, Array]
"""Drawn values by parameter id, each ``[draw]`` or ``[1]``."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The strata as the stepper wants them.

    People who differ only in the site of their first fracture share a cell where only their survival and
    utility differ; with attributable mortality they move differently, and each gets a cell.

    Attributes:
        sex, age: ``[cell]``.
        people: ``[cell, member]``.
        site: ``[cell, member]``, the first fracture, a position in `SITES`.
    """

    sex: NDArray[np.int64]
    age: Array
    people: Array
    site: NDArray[np.int64]

    @classmethod
    def of(cls, strata: Strata, *, apart: bool) -> Cells:
        """The cells of these strata; ``apart`` gives every first fracture its own."""
        sex = np.array(strata.sex, dtype=np.int64)
        sites = np.tile(np.arange(len(SITES)), (sex.shape[0], 1))
        if not apart:
            return cls(sex, strata.age, strata.people, sites)
        many = len(SITES)
        return cls(
            sex.repeat(many), strata.age.repeat(many), strata.people.reshape(-1, 1), sites.reshape(-1, 1)
        )

    def ages_at(self, cycle: int) -> NDArray[np.int64]:
        """Completed years of age in a cycle, ``[cell]``, at most the life table's last."""
        return np.minimum(np.floor(self.age + cycle * CYCLE), LAST_AGE).astype(np.int64)


@cache
def yearly_death_rates() -> Array:
    """England 2017-19, ``[sex, age - 50]``: the rate behind the yearly probability."""
    text = (
        resources.files("openfls.toolkit").joinpath("data/life_table_england.csv").read_text(encoding="utf-8")
    )
    rates = np.zeros((2, LAST_AGE - 50 + 1))
    for row in csv.DictReader(text.splitlines()):
        probability = min(float(row["yearly_probability_of_death"]), 0.999)
        rates[SEXES.index(row["sex"]), int(row["age"]) - 50] = -np.log1p(-probability)
    return rates


@cache
def utility_norms() -> Array:
    """England 2017/18 (McNamara 2022), ``[sex, age - 50]``."""
    text = (
        resources.files("openfls.toolkit")
        .joinpath("data/utility_norms_england.csv")
        .read_text(encoding="utf-8")
    )
    norms = np.zeros((2, LAST_AGE - 50 + 1))
    for row in csv.DictReader(text.splitlines()):
        norms[SEXES.index(row["sex"]), int(row["age"]) - 50 :] = float(row["utility"])
    return norms


def death_rates(cells: Cells, cycle: int) -> Array:
    """Population deaths a person-year in a cycle, ``[cell]``."""
    found: Array = yearly_death_rates()[cells.sex, cells.ages_at(cycle) - 50]
    return found


def mortality_ratio(draws: Draws, site: int, sex: int, year_1: bool) -> Array:
    """The mortality of people with a fracture of a site against the population's, ``[draw or 1]``."""
    name = SITES[site]
    if not year_1:
        return draws[f"mortality.{name}.later"]
    return draws.get(f"mortality.{name}.year1", draws.get(f"mortality.{name}.year1.{SEXES[sex]}", np.ones(1)))


def utility_multiplier(draws: Draws, site: int, sex: int = 0, year_1: bool = False) -> Array:
    """What a fracture leaves of the utility, the same for both sexes, ``[draw or 1]``."""
    return draws[f"utility.{SITES[site]}.{'year1' if year_1 else 'later'}"]


@dataclass(frozen=True, slots=True)
class Weights:
    """What one person in a cell's chain stands for: the living people of the cell, and their utility.

    Attributes:
        alive: ``[cycle + 1, cell, draw]``: people alive at each point had none had a second fracture.
        utility_start, utility_end: ``[cycle, cell, draw]``: the same times norm and multiplier of the first
            fracture in that cycle, at its start and end.
    """

    alive: Array
    utility_start: Array
    utility_end: Array


def weights(cells: Cells, draws: Draws, cycles: int, size: int, mortality: Array | None = None) -> Weights:
    """The weights for ``size`` draws over ``cycles`` cycles.

    Args:
        mortality: what multiplies the death rate of the first year in an arm, ``[draw or 1]``.
    """
    count = cells.people.shape[0]
    living = np.repeat(cells.people[:, :, np.newaxis], size, axis=2)
    alive = np.empty((cycles + 1, count, size))
    start, end = np.empty((cycles, count, size)), np.empty((cycles, count, size))
    alive[0] = living.sum(axis=1)
    ratios, multipliers = {}, {}
    for year_1 in (True, False):
        ratios[year_1] = _by_cell(cells, partial(mortality_ratio, draws, year_1=year_1), size)
        multipliers[year_1] = _by_cell(cells, partial(utility_multiplier, draws, year_1=year_1), size)
    for cycle in range(cycles):
        year_1 = cycle * CYCLE < 1
        norms = utility_norms()[cells.sex, cells.ages_at(cycle) - 50][:, np.newaxis]
        worth = multipliers[year_1]
        start[cycle] = (living * worth).sum(axis=1) * norms
        rates = death_rates(cells, cycle)[:, np.newaxis, np.newaxis] * CYCLE
        if year_1 and mortality is not None:
            rates = rates * mortality
        living = living * np.exp(-rates * ratios[year_1])
        alive[cycle + 1] = living.sum(axis=1)
        end[cycle] = (living * worth).sum(axis=1) * norms
    return Weights(alive, start, end)


def _by_cell(cells: Cells, value: Callable[[int, int], Array], size: int) -> Array:
    """``[cell, member, draw or 1]`` of a function of site and sex."""
    found = np.empty((*cells.people.shape, size))
    for cell, member in np.ndindex(*cells.people.shape):
        found[cell, member] = value(int(cells.site[cell, member]), int(cells.sex[cell]))
    return found
