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
    weights,
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
    return step_all(world, [treatment])[0]


def step_all(world: World, treatments: Sequence[Treatment]) -> list[Outcome]:
    """The outcome of several arms, in step with each other: what arms with the same drugs share is computed once."""
    draws = world.draws
    base = base_rates(world.cells, draws, world.published)
    arms = [_Arm(world, treatment) for treatment in treatments]
    for cycle in range(world.cycles):
        aged = base * growth(world.cells, draws, cycle)
        ratios = time_ratios(draws, cycle)
        known: list[tuple[_Arm, _Risk]] = []
        for arm in arms:
            arm.prepare(cycle)
            risk = next((risk for other, risk in known if arm.shares_risk(other)), None)
            if risk is None:
                risk = _Risk.of(_rates(aged, arm.treatment, cycle, arm.drugs), ratios)
                known.append((arm, risk))
            arm.step(cycle, risk)
    return [arm.found for arm in arms]


@dataclass(frozen=True, slots=True)
class _Risk:
    """A cycle's risks: ``spared`` for the four groups of `time_ratios`, ``[kind, cell, draw]``, is the probability of
    no fracture; ``share`` the share of each site among fractures, ``[site, kind, cell, draw]``."""

    spared: tuple[Array, ...]
    share: Array

    @classmethod
    def of(cls, rates: Array, ratios: Sequence[Array]) -> _Risk:
        total = rates[0] + rates[1] + rates[2]
        spared = []
        for ratio in ratios:
            none = total * -ratio
            spared.append(np.exp(none, out=none))
        rates /= np.maximum(total, TINY)
        return cls(tuple(spared), rates)


class _Arm:
    """One arm on its way."""

    def __init__(self, world: World, treatment: Treatment) -> None:
        self.world, self.treatment = world, treatment
        self.drugs = len(treatment.drugs)
        self.people = _start(world, treatment)
        self.worth = [
            [utility_multiplier(world.draws, site, year_1=year_1) for year_1 in (True, False)]
            for site in range(3)
        ]
        self.weights = world.weights
        if treatment.mortality is not None:
            self.weights = weights(world.cells, world.draws, world.cycles, world.size, treatment.mortality)
        self.found = Outcome()
        self.here = _point(self.people, self.worth, self.drugs, world.attributable)

    def shares_risk(self, other: _Arm) -> bool:
        """Whether both arms break bones at the same rates in the same drug states."""
        mine, its = self.treatment, other.treatment
        return (
            self.drugs == other.drugs and mine.drugs == its.drugs and mine.falls is None and its.falls is None
        )

    def prepare(self, cycle: int) -> None:
        """Deaths; and once nobody can be on a drug any more, those states are left out."""
        if self.world.attributable:
            _die(self.world, cycle, self.people)
        if cycle == self.treatment.ends_after() and self.treatment.wanes is None and self.drugs:
            self.people = _People(*(block[..., -1:, :, :] for block in self.people.blocks()))
            self.drugs = 0

    def step(self, cycle: int, risk: _Risk) -> None:
        """Fractures, drugs stopped, and what the cycle is worth."""
        found, living = self.found, self.weights.alive[cycle + 1]
        self.people, broken, entering = _break(self.people, risk, self.world.draws)
        for block in self.people.blocks():
            _stop(block, self.treatment, cycle, self.drugs)
        found.fractures.append(np.stack([_summed(each.sum(axis=(0, 1)), living) for each in broken]))
        if entering is not None:
            found.care_home_entries.append(_summed(entering.sum(axis=0), living))
        before = self.here
        self.here = _point(self.people, self.worth, self.drugs, self.world.attributable)
        drugs = len(self.treatment.drugs)
        _count(found, before, self.here, self.weights, cycle=cycle, drugs=drugs)


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


def _break(people: _People, risk: _Risk, draws: Draws) -> tuple[_People, list[Array], Array | None]:
    """One cycle of second fractures.

    Returns:
        The people after it; those who broke each site ``[site]`` of ``[home, kind, cell, draw]``; and those
        of them who enter a care home, ``[kind, cell, draw]``, where that is modelled.
    """
    share = risk.share
    index, now, last, later = (
        block * spared for block, spared in zip(people.blocks(), risk.spared, strict=True)
    )
    first = people.index - index
    again = people.now  # the old block is not needed any more: it becomes those who broke something again
    again -= now
    again += people.last
    again -= last
    again += people.later
    again -= later
    everyone = first + again[0] + again[1] + again[2]
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


def _point(people: _People, worth: Sequence[Sequence[Array]], drugs: int, attributable: bool) -> _Point:
    recent = people.now + people.last
    shape = recent.shape[-2:]
    lost = np.zeros(shape)
    alive = np.ones(shape)
    if attributable:
        alive = people.index.sum(axis=(0, 1)) + (recent + people.later).sum(axis=(0, 1, 2))
    for site in range(3):
        year_1, beyond = worth[site]
        lost += recent[site].sum(axis=(0, 1)) * (1 - year_1)
        lost += people.later[site].sum(axis=(0, 1)) * (1 - beyond)
    second = recent[:, :, :drugs].sum(axis=(0, 1)) + people.later[:, :, :drugs].sum(axis=(0, 1))
    on_drug = people.index[:, :drugs].sum(axis=0) + second
    care = None
    if people.index.shape[0] == 2:
        care = people.index[1].sum(axis=0) + (recent[:, 1] + people.later[:, 1]).sum(axis=(0, 1))
    return _Point(alive, alive - lost, on_drug, care)


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
