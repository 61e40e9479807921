"""Who pays, when, and whether a saving is money or a free bed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from openfls.toolkit.caseload import SITES
from openfls.toolkit.cohort.population import CYCLE, Draws
from openfls.toolkit.cohort.stepper import Outcome
from openfls.toolkit.engine.values import Array
from openfls.toolkit.funnel import Funnel
from openfls.toolkit.scenario import Arm


class Release(StrEnum):
    """What less of a cost sets free."""

    CASH = "cash"
    CAPACITY = "capacity"
    OTHERS = "outside the NHS"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the budget."""

    id: str
    label: str
    payer: str
    release: Release


LINES = (
    Line("acute", "Hospital care of fractures", "NHS acute trust", Release.CAPACITY),
    Line("drugs", "Bone-protecting drugs", "NHS prescribing", Release.CASH),
    Line("service", "Fracture liaison service", "NHS service", Release.CASH),
    Line("falls", "Falls programme", "NHS service", Release.CASH),
    Line(
        "social",
        "Social and informal care after hip fracture",
        "Local authority, self-funders and families (split not known)",
        Release.OTHERS,
    ),
    Line(
        "care_home",
        "Care homes",
        "Local authority and self-funders (split not known)",
        Release.OTHERS,
    ),
)
NHS = ("acute", "drugs", "service", "falls")
INVESTED = ("drugs", "service", "falls")
"""The lines that are spent on the service; the others are what its fractures cost."""

Yearly = dict[str, Array]
"""By name, ``[year, draw]``: ``fractures.hip`` …, ``deaths``, ``life_years``, ``qalys``, ``bed_days``,
``care_home_entries``, ``care_home_years``, ``drug_years``, ``started``, ``cost.<line>``."""


def yearly(outcome: Outcome, arm: Arm, name: str, draws: Draws, funnel: Funnel) -> Yearly:
    """One year's caseload followed by year since its fractures; the service works in the first."""
    fractures = _by_year(outcome.fractures)  # [year, site, draw]
    found: Yearly = {f"fractures.{site}": fractures[:, position] for position, site in enumerate(SITES)}
    found["fractures"] = fractures.sum(axis=1)
    for quantity in ("deaths", "life_years", "qalys"):
        found[quantity] = _by_year(getattr(outcome, quantity))
    none = np.zeros_like(found["deaths"])
    for quantity in ("care_home_entries", "care_home_years"):
        each = getattr(outcome, quantity)
        found[quantity] = _by_year(each) if each else none
    drugs = _by_year(outcome.on_drug)  # [year, drug, draw]
    found["drug_years"] = drugs.sum(axis=1)
    found["started"] = _first_year(funnel.started, none)
    found["assessed"] = _first_year(funnel.assessed, none)
    zero = np.zeros(1)
    found["bed_days"] = none + sum(
        found[f"fractures.{site}"] * draws.get(f"bed_days.{site}", zero) for site in SITES
    )
    found["cost.acute"] = none + sum(found[f"fractures.{site}"] * draws[f"cost.{site}"] for site in SITES)
    found["cost.social"] = found["fractures.hip"] * draws.get("cost.social_care_hip", zero)
    found["cost.care_home"] = found["care_home_years"] * draws.get("cost.care_home_year", zero)
    found["cost.drugs"] = none + sum(
        drugs[:, position] * draws[f"cost.drug.{drug}"] for position, drug in enumerate(drugs_of(arm))
    )
    service = draws[f"arms.{name}.service_cost_per_year"]
    service = service + funnel.assessed * draws[f"arms.{name}.cost_per_assessment"]
    found["cost.service"] = _first_year(service, none)
    falls = zero
    if arm.falls is not None:
        falls = (
            funnel.caseload * draws[f"arms.{name}.falls.reach"] * draws[f"arms.{name}.falls.cost_per_person"]
        )
    found["cost.falls"] = _first_year(falls, none)
    return found


def drugs_of(arm: Arm) -> tuple[str, ...]:
    """The drugs that an arm uses, in the order written."""
    return tuple(drug for drug, share in arm.drugs.items() if share > 0)


def stacked(cohort: Yearly, years: int) -> Yearly:
    """A new caseload each year for ``years`` years, everyone followed to the end of the last: by calendar
    year."""
    found: Yearly = {}
    for name, values in cohort.items():
        total = np.zeros((years, values.shape[1]))
        for entered in range(years):
            total[entered:] += values[: years - entered]
        found[name] = total
    return found


def costs(values: Yearly, lines: Sequence[str]) -> Array:
    """The sum of some lines by year, ``[year, draw]``."""
    total: Array = np.sum([values[f"cost.{line}"] for line in lines], axis=0)
    return total


def lines_of(perspective: str) -> tuple[str, ...]:
    """The lines that a perspective counts."""
    return NHS if perspective == "nhs" else tuple(line.id for line in LINES)


def discounted(values: Array, rate: float) -> Array:
    """The sum over years, the first undiscounted: ``[year, draw]`` → ``[draw]``."""
    factors = (1 + rate) ** -np.arange(values.shape[0], dtype=float)
    found: Array = factors @ values
    return found


def difference(target: Mapping[str, Array], current: Mapping[str, Array]) -> Yearly:
    """Target less current, line by line."""
    return {name: target[name] - current[name] for name in target}


def _by_year(cycles: Sequence[Array]) -> Array:
    """Half-years summed by year, ``[year, …]``; an odd last half-year is a year of its own."""
    each = round(1 / CYCLE)
    return np.stack([np.sum(cycles[begin : begin + each], axis=0) for begin in range(0, len(cycles), each)])


def _first_year(values: Array, like: Array) -> Array:
    found = np.zeros_like(like)
    found[0] = values
    return found
