"""How many fractures a year, in whom: three methods side by side, because the choice alone moves the answer
two-fold.

Age enters by one equation everywhere: the rate rises by ``refracture.per_year_of_age`` with each year, and
its mean over the UK population aged 50 and over is the published rate of that sex and site. (An inference: no
age-specific table was found. Hip fractures are known to rise more steeply with age.)
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

import numpy as np

from openfls.record.errors import BadInput
from openfls.toolkit.engine.values import Array
from openfls.toolkit.parameters import Parameter, value_of
from openfls.toolkit.scenario import Caseload, People, SexName

SITES = ("hip", "vertebral", "other")
SEXES = ("female", "male")
FIRST_AGE, LAST_BAND = 50, 90
METHODS = {
    "own": "the service's own counts",
    "hips": "five fragility fractures for each hip fracture",
    "population": "population times published incidence",
}


@dataclass(frozen=True, slots=True)
class Strata:
    """The people of one year's caseload.

    Attributes:
        sex: ``[cell]``, positions in `SEXES`.
        age: ``[cell]``, years at the fracture.
        people: ``[cell, site]``, fractures a year, sites as in `SITES`.
    """

    sex: tuple[int, ...]
    age: Array
    people: Array

    @property
    def total(self) -> float:
        """Fractures a year."""
        return float(self.people.sum())

    def by_site(self) -> dict[str, float]:
        """Fractures a year of each site."""
        return dict(zip(SITES, (float(people) for people in self.people.sum(axis=0)), strict=True))


@dataclass(frozen=True, slots=True)
class Population:
    """People aged 50 and over by sex and five-year band, ``[sex, band]``, and the middle age of each band."""

    people: Array
    ages: Array


@cache
def uk_population() -> Population:
    """The UK in 2020 (United Nations, World Population Prospects 2019)."""
    text = resources.files("openfls.toolkit").joinpath("data/population_uk.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return _banded([(row["sex"], float(row["age"]), float(row["people"])) for row in rows])


def read_population(path: Path) -> list[tuple[str, float, float]]:
    """A population file's rows: ``sex,age,people`` by single year or by the first year of five-year bands.

    Raises:
        BadInput: the file is not there, lacks a column, or a row cannot be read.
    """
    if not path.is_file():
        raise BadInput("no such file", where=str(path), field="caseload.population_file")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return population_rows(file, str(path))


def self_contained(caseload: Caseload, folder: Path) -> Caseload:
    """The same with its population file read into it, so that nothing else is needed to run it again.

    Raises:
        BadInput: the file cannot be read.
    """
    if not caseload.population_file:
        return caseload
    rows = read_population(folder / caseload.population_file)
    people = [People(sex=cast(SexName, sex), age=int(age), people=count) for sex, age, count in rows]
    return caseload.model_copy(update={"population_file": "", "population": people})


def population_rows(lines: Iterable[str], where: str) -> list[tuple[str, float, float]]:
    """The rows (sex, age, people) of a population file.

    Raises:
        BadInput: a column is not there, or a row cannot be read; it names ``where`` and the row.
    """
    rows: list[tuple[str, float, float]] = []
    try:
        read = list(csv.DictReader(lines))
    except csv.Error as error:
        raise BadInput(f"not readable as CSV ({error})", where=where) from error
    for number, row in enumerate(read, start=2):
        try:
            rows.append((row["sex"].strip().lower(), float(row["age"]), float(row["people"])))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadInput(f"needs sex, age and people ({error})", where=where, row=number) from error
        if rows[-1][0] not in SEXES:
            raise BadInput("is female or male", where=where, row=number, field="sex")
        if not 0 <= rows[-1][1] <= 120:
            raise BadInput("is no age in years", where=where, row=number, field="age")
        if not 0 <= rows[-1][2] < float("inf"):
            raise BadInput("is not a number from zero up", where=where, row=number, field="people")
    if not any(age >= FIRST_AGE and people > 0 for _, age, people in rows):
        raise BadInput("holds nobody aged 50 or over", where=where)
    return rows


def _banded(rows: list[tuple[str, float, float]]) -> Population:
    starts = np.arange(FIRST_AGE, LAST_BAND + 1, 5, dtype=np.float64)
    people = np.zeros((2, starts.shape[0]))
    for sex, age, count in rows:
        if age >= FIRST_AGE:
            people[SEXES.index(sex), min(int(age - FIRST_AGE) // 5, starts.shape[0] - 1)] += count
    return Population(people, starts + 2.5)


@cache
def uk_total() -> float:
    """The UK's whole population in 2020."""
    text = resources.files("openfls.toolkit").joinpath("data/population_uk.csv").read_text(encoding="utf-8")
    return sum(float(row["people"]) for row in csv.DictReader(text.splitlines()))


def most_hips(people: float, parameters: Mapping[str, Parameter]) -> float:
    """More hip fractures a year than this no area of so many people has: as many as if every one of them were 50 or
    over, at the published incidence."""
    over_50 = uk_population().people.sum(axis=1)
    return float(people * (published_rates(parameters)[0] @ over_50) / over_50.sum())


def published_rates(parameters: Mapping[str, Parameter]) -> Array:
    """Fractures a person-year at 50 and over, ``[site, sex]``; other sites are any fracture less hip and
    vertebral."""

    def rates(site: str) -> Array:
        return np.array([value_of(parameters, f"incidence.{site}.{sex}") for sex in SEXES]) / 10_000

    hip, vertebral = rates("hip"), rates("vertebral")
    return np.stack([hip, vertebral, rates("any") - hip - vertebral])


def age_factor(age: Array, per_year: Array) -> Array:
    """How the rate at an age compares to the published one, ``[sex, age, draw]``; its mean over the UK is
    one.

    Args:
        age: ``[age]`` years.
        per_year: ``[draw]``, rate ratio for each year of age.
    """
    reference = uk_population()
    slope = np.log(per_year)
    over_ages = np.exp(reference.ages[:, np.newaxis] * slope)
    share = reference.people / reference.people.sum(axis=1, keepdims=True)
    found: Array = np.exp(age[np.newaxis, :, np.newaxis] * slope) / (share @ over_ages)[:, np.newaxis, :]
    return found


def methods(caseload: Caseload, parameters: Mapping[str, Parameter]) -> dict[str, Strata]:
    """The caseload by every method that the scenario's figures allow.

    Raises:
        BadInput: none is possible.
    """
    found: dict[str, Strata] = {}
    if caseload.own:
        cells = sorted({(SEXES.index(row.sex), row.age) for row in caseload.own})
        people = np.zeros((len(cells), len(SITES)))
        for row in caseload.own:
            people[cells.index((SEXES.index(row.sex), row.age)), SITES.index(row.site)] += row.per_year
        found["own"] = Strata(tuple(sex for sex, _ in cells), np.array([age for _, age in cells]), people)
    population = uk_population()
    if caseload.population:
        population = _banded([(row.sex, row.age, row.people) for row in caseload.population])
        if not population.people.sum() > 0:
            raise BadInput("holds nobody aged 50 or over", where="scenario", field="caseload.population")
    spread = incident(population, parameters)
    if caseload.hips_per_year is not None:
        hips, others = caseload.hips_per_year, value_of(parameters, "caseload.per_hip_fracture") - 1
        scale = np.array(
            [hips / spread.people[:, 0].sum()] + [others * hips / spread.people[:, 1:].sum()] * 2
        )
        found["hips"] = Strata(spread.sex, spread.age, spread.people * scale)
    if caseload.population:
        found["population"] = spread
    elif caseload.population_total is not None:
        found["population"] = Strata(
            spread.sex, spread.age, spread.people * (caseload.population_total / uk_total())
        )
    if not found:
        raise BadInput(
            "give own counts, hips_per_year, population_total or population_file",
            where="scenario",
            field="caseload",
        )
    return found


def chosen(caseload: Caseload, found: Mapping[str, Strata]) -> str:
    """The method that drives the model: the one asked for, else own counts before hips before population.

    Raises:
        BadInput: the figures for the method asked for are missing, or it counts no fracture at all.
    """
    if caseload.use is not None and caseload.use not in found:
        raise BadInput(
            f"the figures for '{caseload.use}' are missing", where="scenario", field="caseload.use"
        )
    method = str(caseload.use or "") or next(name for name in METHODS if name in found)
    if not found[method].total > 0:
        raise BadInput("counts no fracture", where="scenario", field=f"caseload.{method}")
    return method


def incident(population: Population, parameters: Mapping[str, Parameter]) -> Strata:
    """The fractures of a population in a year, by five-year band."""
    per_year = np.array([value_of(parameters, "refracture.per_year_of_age")])
    factor = age_factor(population.ages, per_year)[:, :, 0]
    rates = published_rates(parameters)
    people = population.people[:, :, np.newaxis] * factor[:, :, np.newaxis] * rates.T[:, np.newaxis, :]
    bands = population.ages.shape[0]
    sexes = tuple(sex for sex in range(2) for _ in range(bands))
    return Strata(sexes, np.tile(population.ages, 2), people.reshape(2 * bands, len(SITES)))
