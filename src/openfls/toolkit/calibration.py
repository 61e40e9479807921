"""The model against published risks of a second fracture: two set its level, the others check it.

Population incidence times published rate ratios gives less than half of the second fractures that English
cohorts saw (GP-coded rates under-count, and the published rise with age is not that of the hip). Unless the
scenario says otherwise, the rate of each site is therefore multiplied so that the model meets two of the
published risks in people like those of the UK's hip fractures; what then remains of a difference to the other
risks is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from openfls.toolkit.caseload import SITES, Strata, incident, published_rates, uk_population
from openfls.toolkit.cohort.population import CYCLE, Cells, weights
from openfls.toolkit.cohort.risk import Treatment
from openfls.toolkit.cohort.stepper import World, step_through
from openfls.toolkit.engine.values import Array
from openfls.toolkit.parameters import Parameter, draw_all, packaged


@dataclass(frozen=True, slots=True)
class Target:
    """A published risk, and the model's fractures per 100 people without any drug.

    ``ours`` counts deaths as they come; ``ours_without_death`` as if nobody died, for figures that read like
    that.
    """

    label: str
    published_pct: float
    ours_pct: float
    ours_without_death_pct: float
    source: str

    @property
    def inside(self) -> bool:
        """Whether the published figure lies between the two, within a tenth either way."""
        return self.ours_pct * 0.9 <= self.published_pct <= self.ours_without_death_pct * 1.1


_TARGETS = (
    ("second hip fracture within 2 years of a hip fracture", "hip", ("hip",), 2.0, 4.2, None, "Hawley 2016"),
    (
        "any other fracture within 1 year of a hip fracture",
        "hip",
        ("vertebral", "other"),
        1.0,
        8.4,
        None,
        "Gibson-Smith",
    ),
    (
        "any other fracture within 5 years of a hip fracture",
        "hip",
        ("vertebral", "other"),
        5.0,
        32.5,
        None,
        "Gibson-Smith",
    ),
    (
        "hip fracture within 5 years of a vertebral one, women 65+",
        "vertebral",
        ("hip",),
        5.0,
        13.3,
        0,
        "van Staa 2002",
    ),
    (
        "hip fracture within 5 years of a vertebral one, men 65+",
        "vertebral",
        ("hip",),
        5.0,
        6.7,
        1,
        "van Staa 2002",
    ),
)


def report(parameters: Mapping[str, Parameter], strata: Strata) -> list[Target]:
    """Each published risk beside the model's, over a caseload's own people of that site (aged 50 and
    over)."""
    found = []
    for label, index, sites, years, published, sex, source in _TARGETS:
        people = _only(strata, index, sex)
        if people is None:
            continue
        with_death, without = (
            _cumulative(parameters, people, sites, years, immortal=immortal) for immortal in (False, True)
        )
        found.append(Target(label, published, with_death, without, source))
    return found


LEVELS = {"hip": (0, ("hip",)), "others": (1, ("vertebral", "other"))}
"""What sets the level: the row of the published risk, and the sites whose rates it sets."""


_RELEVANT = ("refracture.", "mortality.", "incidence.")


def level(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameters with their level `solved` in people like the UK's hip fractures; remembered, because a change
    of a price does not move it."""
    relevant = tuple(p for p in parameters.values() if p.id.startswith(_RELEVANT))
    return {**parameters, **_level(relevant)}


@lru_cache(maxsize=256)
def _level(relevant: tuple[Parameter, ...]) -> dict[str, Parameter]:
    known = {**packaged(), **{parameter.id: parameter for parameter in relevant}}
    found = solved(known, incident(uk_population(), known))
    return {name: found[name] for name in found if name.startswith("refracture.calibration.")}


def solved(parameters: Mapping[str, Parameter], strata: Strata) -> dict[str, Parameter]:
    """The parameters with the multipliers of the sites that meet the published risks, deaths counted as they
    come.

    Args:
        parameters: those whose multiplier is no longer the packaged definition (the user's own) stay.
        strata: people like those in whom the risks were seen; those with a hip fracture count.
    """
    found = dict(parameters)
    people = _only(strata, "hip", None)
    if people is None:
        return found
    for _ in range(
        20
    ):  # each risk is nearly proportional to its rate and hardly moves with the other: a few rounds
        errors = [_meet(found, parameters, people, row, sites) for row, sites in LEVELS.values()]
        if max(errors) < 1e-10:
            break
    return found


def _meet(
    found: dict[str, Parameter],
    given: Mapping[str, Parameter],
    people: Strata,
    row: int,
    sites: tuple[str, ...],
) -> float:
    """One step towards a published risk, in place; how far off it was."""
    label, _, counted, years, published, _, source = _TARGETS[row]
    mine = [f"refracture.calibration.{site}" for site in sites]
    mine = [name for name in mine if given[name].confidence == "definition"]
    if not mine:
        return 0.0
    ours = _cumulative(found, people, counted, years, immortal=False)
    for name in mine:
        found[name] = replace(
            given[name],
            value=(found[name].value or 1.0) * published / ours,
            confidence="derived",
            source=f"solved by us: {label} {published:g} % ({source})",
        )
    return abs(ours / published - 1)


def _only(strata: Strata, index: str, sex: int | None) -> Strata | None:
    people = np.zeros_like(strata.people)
    place = SITES.index(index)
    chosen = np.array(
        [
            sex in (None, s) and (sex is None or age >= 65)
            for s, age in zip(strata.sex, strata.age, strict=True)
        ]
    )
    people[chosen, place] = strata.people[chosen, place]
    return Strata(strata.sex, strata.age, people) if people.sum() > 0 else None


def _cumulative(
    parameters: Mapping[str, Parameter],
    strata: Strata,
    sites: tuple[str, ...],
    years: float,
    *,
    immortal: bool,
) -> float:
    draws = draw_all(parameters, 0, 0)
    cycles = round(years / CYCLE)
    cells = Cells.of(strata, apart=False)
    found = weights(cells, draws, cycles, 1)
    if immortal:
        found.alive[:] = found.alive[:1]
    world = World(cells, draws, found, published_rates(parameters), cycles, 1)
    outcome = step_through(world, Treatment((), (), (), [np.zeros(1)] * cycles, [np.ones(1)] * cycles))
    fractures: Array = np.sum(outcome.fractures, axis=0)[:, 0]
    return float(100 * sum(fractures[SITES.index(site)] for site in sites) / strata.total)
