"""Moves every stratum and draw of one arm through the half-year cycles at once.

A person's state: the worst fracture since the first (none, other, vertebral, hip), the time since the latest
of them (this half-year, the one before, longer), the drug (on it, its effect waning, none), and the home
(own, care home). In a cycle people first die, then break bones at the rate of the state they began it in,
then stop their drug.

Deaths that do not depend on a second fracture are factored out: the chain here is that of the living, and
`population.weights` says how many living people it stands for. The result is exactly that of the full chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from openfls.toolkit.caseload import SITES
from openfls.toolkit.cohort.population import (
    CYCLE,
    Cells,
    Draws,
    Weights,
    death_rates,
    mortality_ratio,
    utility_multiplier,
)
from openfls.toolkit.cohort.risk import Treatment, base_rates, growth, time_ratios
from openfls.toolkit.engine.values import Array

HIP, VERTEBRAL, OTHER = range(3)
TINY = 1e-300  # a rate of zero shares nothing


@dataclass(slots=True)
class Outcome:
    """What happens to one year's caseload in one arm, by cycle: each list entry is ``[draw]``, fractures
    ``[site, draw]``.

    Units: fractures, deaths and care-home entries in people; the years in person-years; ``on_drug`` is
    ``[drug, draw]`` of person-years.
    """

    fractures: list[Array] = field(default_factory=list)
    deaths: list[Array] = field(default_factory=list)
    life_years: list[Array] = field(default_factory=list)
    qalys: list[Array] = field(default_factory=list)
    on_drug: list[Array] = field(default_factory=list)
    care_home_entries: list[Array] = field(default_factory=list)
    care_home_years: list[Array] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class World:
    """What both arms share.

    Attributes:
        cells, draws, weights: the people, the drawn values, and what a chain stands for.
        published: ``[site, sex]``, fractures a person-year.
        cycles: how many.
        size: draws.
        attributable: whether a second fracture kills.
    """

    cells: Cells
    draws: Draws
    weights: Weights
    published: Array
    cycles: int
    size: int
    attributable: bool = False


@dataclass(slots=True)
class _People:
    """Where the chain is. ``index``: no second fracture, ``[home, kind, cell, draw]``; the others by their
    worst fracture since and the time since the latest, ``[worst, home, kind, cell, draw]``."""

    index: Array
    now: Array
    last: Array
    later: Array

    def blocks(self) -> tuple[Array, Array, Array, Array]:
        return self.index, self.now, self.last, self.later


def step_through(world: World, treatment: Treatment) -> Outcome:
    """The outcome of one arm. See the module text for the order of events."""
    draws, weights = world.draws, world.weights
    drugs, waning = len(treatment.drugs), treatment.wanes is not None
    people = _start(world, treatment)
    base = base_rates(world.cells, draws, world.published)
    worth = [
        [utility_multiplier(draws, site, year_1=year_1) for year_1 in (True, False)] for site in range(3)
    ]
    found = Outcome()
    here = _point(people, worth, drugs)
    for cycle in range(world.cycles):
        if world.attributable:
            _die(world, cycle, people)
        if cycle == treatment.ends_after() and not waning and drugs:
            people = _People(*(block[..., -1:, :, :] for block in people.blocks()))
            drugs = 0
        rates = _rates(base * growth(world.cells, draws, cycle), treatment, cycle, drugs)
        people, broken, entering = _break(people, rates, time_ratios(draws, cycle), draws)
        for block in people.blocks():
            _stop(block, treatment, cycle, drugs)
        living = weights.alive[cycle + 1]
        found.fractures.append(np.stack([_summed(each.sum(axis=(0, 1)), living) for each in broken]))
        if entering is not None:
            found.care_home_entries.append(_summed(entering.sum(axis=0), living))
        before, here = here, _point(people, worth, drugs)
        _count(found, before, here, weights, cycle=cycle, drugs=len(treatment.drugs))
    return found


def _start(world: World, treatment: Treatment) -> _People:
    """Everyone after the first fracture: on each drug as the arm starts it, at home or in a care home."""
    draws, drugs = world.draws, len(treatment.drugs)
    homes = 2 if "care_home.after_hip" in draws else 1
    kinds = drugs * (1 if treatment.wanes is None else 2) + 1  # on each drug, waning from each, none
    index = np.zeros((homes, kinds, world.cells.sex.shape[0], world.size))
    for drug, share in enumerate(treatment.started):
        index[0, drug] = share
    index[0, -1] = 1 - sum(treatment.started)
    if homes == 2:
        index[1] = index[0] * draws.get("care_home.share_before", np.zeros(1))
        index[0] -= index[1]
    empty = np.zeros((3, *index.shape))
    return _People(index, empty, empty.copy(), empty.copy())


def _break(
    people: _People, rates: Array, ratios: Sequence[Array], draws: Draws
) -> tuple[_People, list[Array], Array | None]:
    """One cycle of second fractures.

    Returns:
        The people after it; those who broke each site ``[site]`` of ``[home, kind, cell, draw]``; and those
        of them who enter a care home, ``[kind, cell, draw]``, where that is modelled.
    """
    total = rates.sum(axis=0)  # [kind, cell, draw]
    spared = [np.exp(-ratio * total) for ratio in ratios]
    index, now = people.index * spared[0], people.now * spared[1]
    last, later = people.last * spared[2], people.later * spared[3]
    first = people.index - index
    again = people.now + people.last + people.later - now - last - later
    share = rates / np.maximum(total, TINY)  # [site, kind, cell, draw]
    everyone = first + again.sum(axis=0)
    broken = [everyone * share[site] for site in range(3)]
    fresh = np.empty_like(again)
    fresh[HIP] = broken[HIP] + again[HIP] * (1 - share[HIP])
    fresh[VERTEBRAL] = (everyone - again[HIP]) * share[VERTEBRAL] + again[VERTEBRAL] * share[OTHER]
    fresh[OTHER] = (first + again[OTHER]) * share[OTHER]
    entering = None
    if index.shape[0] == 2:
        entering = broken[HIP][0] * draws["care_home.after_hip"]
        fresh[HIP, 0] -= entering
        fresh[HIP, 1] += entering
    last += later
    return _People(index, fresh, now, last), broken, entering


@dataclass(frozen=True, slots=True)
class _Point:
    alive: Array  # [cell, draw], 1 without attributable mortality
    worth: Array  # [cell, draw], utility multipliers of second fractures
    on_drug: Array  # [drug, cell, draw]
    in_care: Array | None  # [cell, draw]


def _point(people: _People, worth: Sequence[Sequence[Array]], drugs: int) -> _Point:
    recent = people.now + people.last
    whole = people.index + recent.sum(axis=0) + people.later.sum(axis=0)  # [home, kind, cell, draw]
    by_kind = whole.sum(axis=0)
    alive = by_kind.sum(axis=0)
    lost = np.zeros_like(alive)
    for site in range(3):
        year_1, beyond = worth[site]
        lost += recent[site].sum(axis=(0, 1)) * (1 - year_1)
        lost += people.later[site].sum(axis=(0, 1)) * (1 - beyond)
    care = whole[1].sum(axis=0) if whole.shape[0] == 2 else None
    return _Point(alive, alive - lost, by_kind[:drugs], care)


def _count(found: Outcome, start: _Point, end: _Point, weights: Weights, *, cycle: int, drugs: int) -> None:
    """Adds what a cycle is worth: the mean of its start and end."""
    here, there = weights.alive[cycle], weights.alive[cycle + 1]
    half = CYCLE / 2
    alive = _summed(start.alive, here), _summed(end.alive, there)
    found.deaths.append(alive[0] - alive[1])
    found.life_years.append((alive[0] + alive[1]) * half)
    before = _summed(start.worth, weights.utility_start[cycle])
    found.qalys.append((before + _summed(end.worth, weights.utility_end[cycle])) * half)
    on_drug = np.zeros((drugs, here.shape[-1]))
    for point, weight in ((start, here), (end, there)):
        for drug in range(point.on_drug.shape[0]):
            on_drug[drug] += _summed(point.on_drug[drug], weight) * half
    found.on_drug.append(on_drug)
    if start.in_care is not None and end.in_care is not None:
        found.care_home_years.append((_summed(start.in_care, here) + _summed(end.in_care, there)) * half)


def _summed(chain: Array, weight: Array) -> Array:
    """Over cells: ``[cell, draw]`` times ``[cell, draw]`` → ``[draw]``."""
    found: Array = np.einsum("cn,cn->n", chain, weight)
    return found


def _rates(base: Array, treatment: Treatment, cycle: int, drugs: int) -> Array:
    """Fractures in a cycle by site and drug state, ``[site, kind, cell, draw]``, at a time ratio of one."""
    waning = treatment.waning_share if drugs and treatment.wanes is not None else None
    kinds = drugs * (1 if waning is None else 2) + 1
    rates = np.repeat(base[:, np.newaxis], kinds, axis=1)
    for drug in range(drugs):
        for site in range(len(SITES)):
            saved = 1 - treatment.ratio[drug][site]
            rates[site, drug] = base[site] * (1 - saved * treatment.effect[cycle])
            if waning is not None:
                rates[site, drugs + drug] = base[site] * (1 - saved * waning)
    if treatment.falls is not None:
        rates *= treatment.falls[cycle]
    return rates


def _stop(block: Array, treatment: Treatment, cycle: int, drugs: int) -> None:
    """At the end of a cycle, in place: some stop their drug; of those stopped before, some lose what was left
    of it."""
    stays = treatment.stays[cycle]
    for drug in range(drugs):
        on = block[..., drug, :, :]
        stopping = on * (1 - stays)
        on -= stopping
        if treatment.wanes is not None:
            fading = block[..., drugs + drug, :, :]
            losing = fading * treatment.wanes
            fading += stopping - losing
            block[..., -1, :, :] += losing
        else:
            block[..., -1, :, :] += stopping


def _die(world: World, cycle: int, people: _People) -> None:
    """Takes out, in place, those who die in a cycle because of a second fracture: the attributable part of
    the excess."""
    draws, cells = world.draws, world.cells
    rates = death_rates(cells, cycle)[:, np.newaxis] * CYCLE
    part = draws["mortality.attributable_fraction"]
    for site in range(3):
        for block, year_1 in ((people.now, True), (people.last, True), (people.later, False)):
            by_sex = np.stack(
                [
                    np.broadcast_to(mortality_ratio(draws, site, sex, year_1), (world.size,))
                    for sex in range(2)
                ]
            )
            block[site] *= np.exp(-rates * part * np.maximum(by_sex[cells.sex] - 1, 0))
