"""One stratum of the model written out, state by state, as a general `CohortModel`.

It says the same as `stepper` in another way: plain loops over named states and moves, deaths in the matrix,
nothing factored out. Tests hold the two equal to rounding; the engine's individuals walk this form.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from openfls.toolkit.caseload import SITES
from openfls.toolkit.cohort.population import (
    CYCLE,
    Cells,
    death_rates,
    mortality_ratio,
    utility_multiplier,
    utility_norms,
)
from openfls.toolkit.cohort.risk import Treatment, base_rates, growth, time_ratios
from openfls.toolkit.cohort.stepper import World
from openfls.toolkit.engine import ANY, CohortModel, Reward, When
from openfls.toolkit.engine.values import Array

DEAD = "dead"
RECENT = ("now", "last", "later")
State = tuple[str, str, str, str]
"""Worst fracture since the first (none, or a site), time since the latest, drug state, home."""


def dense_model(world: World, treatment: Treatment, cell: int, member: int = 0, draw: int = 0) -> CohortModel:
    """The model of one stratum in one draw; its rewards are those of `stepper.Outcome`:
    ``fractures.<site>``, ``deaths``, ``life_years``, ``qalys``, ``drug_years``, ``care_home_entries``,
    ``care_home_years``."""
    return _Writer(world, treatment, cell, member, draw).model()


class _Writer:
    def __init__(self, world: World, treatment: Treatment, cell: int, member: int, draw: int) -> None:
        self.world, self.treatment, self.draw = world, treatment, draw
        cells = world.cells
        self.cell = Cells(
            cells.sex[[cell]],
            cells.age[[cell]],
            cells.people[[cell]][:, [member]],
            cells.site[[cell]][:, [member]],
        )
        self.sex, self.site = int(cells.sex[cell]), int(cells.site[cell, member])
        self.draws = {name: self.one(values) for name, values in world.draws.items()}
        waning = [] if treatment.wanes is None else [f"waning {drug}" for drug in treatment.drugs]
        self.kinds = [*(f"on {drug}" for drug in treatment.drugs), *waning, "no drug"]
        self.homes = ["own", "care"] if "care_home.after_hip" in world.draws else ["own"]
        histories = [("none", "later"), *product(SITES, RECENT)]
        self.states: list[State] = [
            (worst, recent, kind, home)
            for (worst, recent), kind, home in product(histories, self.kinds, self.homes)
        ]
        self.known: dict[tuple[str, str, int], dict[str, float]] = {}
        self.names = [" / ".join(state) for state in self.states] + [DEAD]

    def one(self, values: Array) -> Array:
        """The value of the draw, ``[1]``."""
        return np.atleast_1d(values)[[min(self.draw, np.atleast_1d(values).shape[0] - 1)]]

    def site_probabilities(self, state: State, cycle: int) -> dict[str, float]:
        """The probability of breaking each site in a cycle, for one who lives through it."""
        worst, recent, kind, _ = state
        key = ("none" if worst == "none" else recent, kind, cycle)
        if key not in self.known:
            self.known[key] = self._site_probabilities(worst, recent, kind, cycle)
        return self.known[key]

    def _site_probabilities(self, worst: str, recent: str, kind: str, cycle: int) -> dict[str, float]:
        base = base_rates(self.cell, self.draws, self.world.published) * growth(self.cell, self.draws, cycle)
        group = 0 if worst == "none" else 1 + RECENT.index(recent)
        time = float(time_ratios(self.draws, cycle)[group][0])
        rates = {}
        for position, site in enumerate(SITES):
            rate = float(base[position, 0, 0]) * time * self.drug_effect(kind, position, cycle)
            if self.treatment.falls is not None:
                rate *= float(self.one(self.treatment.falls[cycle])[0])
            rates[site] = rate
        total = sum(rates.values())
        return {site: rate / total * (1 - np.exp(-total)) for site, rate in rates.items()}

    def drug_effect(self, kind: str, site: int, cycle: int) -> float:
        """The rate ratio of a drug state."""
        if kind == "no drug":
            return 1.0
        state, drug = kind.split(" ", 1)
        ratio = float(self.one(self.treatment.ratio[self.treatment.drugs.index(drug)][site])[0])
        part = self.treatment.effect[cycle] if state == "on" else self.treatment.waning_share
        return 1 - (1 - ratio) * float(self.one(np.asarray(part))[0])

    def death_probability(self, state: State, cycle: int) -> float:
        """Population deaths times the ratio of the first fracture, and what a second one adds to them."""
        worst, recent, _, _ = state
        ratio = float(mortality_ratio(self.draws, self.site, self.sex, cycle * CYCLE < 1)[0])
        if self.treatment.mortality is not None and cycle * CYCLE < 1:
            ratio *= float(self.one(self.treatment.mortality)[0])
        if self.world.attributable and worst != "none":
            second = float(mortality_ratio(self.draws, SITES.index(worst), self.sex, recent != "later")[0])
            ratio += float(self.draws["mortality.attributable_fraction"][0]) * max(second - 1, 0)
        return float(1 - np.exp(-death_rates(self.cell, cycle)[0] * ratio * CYCLE))

    def histories_after(self, state: State, cycle: int) -> dict[tuple[str, str, str], float]:
        """Worst fracture, time since and home at the end of a cycle lived through, with probabilities."""
        worst, recent, _, home = state
        chances = self.site_probabilities(state, cycle)
        aged = "later" if worst == "none" else RECENT[min(RECENT.index(recent) + 1, 2)]
        found = {(worst, aged, home): 1 - sum(chances.values())}
        for site, chance in chances.items():
            new = site if worst == "none" else min(worst, site, key=SITES.index)
            moves = {home: chance}
            if site == "hip" and home == "own" and len(self.homes) == 2:
                entering = float(self.draws["care_home.after_hip"][0])
                moves = {"own": chance * (1 - entering), "care": chance * entering}
            for where, part in moves.items():
                key = (new, "now", where)
                found[key] = found.get(key, 0.0) + part
        return found

    def kinds_after(self, kind: str, cycle: int) -> dict[str, float]:
        """The drug state at the end of a cycle, with probabilities."""
        if kind == "no drug":
            return {kind: 1.0}
        state, drug = kind.split(" ", 1)
        if state == "on":
            stays = float(self.one(self.treatment.stays[cycle])[0])
            then = "no drug" if self.treatment.wanes is None else f"waning {drug}"
            return {kind: stays, then: 1 - stays}
        losing = float(self.one(np.asarray(self.treatment.wanes))[0])
        return {kind: 1 - losing, "no drug": losing}

    def matrix(self, when: When) -> Array:
        """The transition matrix of a cycle."""
        position = {state: place for place, state in enumerate(self.states)}
        found = np.zeros((len(self.names), len(self.names)))
        found[-1, -1] = 1
        for row, state in enumerate(self.states):
            dies = self.death_probability(state, when.cycle)
            found[row, -1] = dies
            for (worst, recent, home), history in self.histories_after(state, when.cycle).items():
                for kind, drug in self.kinds_after(state[2], when.cycle).items():
                    found[row, position[worst, recent, kind, home]] += (1 - dies) * history * drug
        return found

    def expected(self, site: str, only_home: bool = False) -> Array:
        """Fractures of a site expected in a cycle from each state at its start, ``[cycle, state]``."""
        found = np.zeros((self.world.cycles, len(self.names)))
        for cycle, (row, state) in product(range(self.world.cycles), enumerate(self.states)):
            if only_home and state[3] != "own":
                continue
            lives = 1 - self.death_probability(state, cycle)
            found[cycle, row] = lives * self.site_probabilities(state, cycle)[site]
        return found

    def utilities(self) -> Array:
        """The utility of each state in each cycle, ``[cycle, state]``."""
        found = np.zeros((self.world.cycles, len(self.names)))
        for cycle, (row, state) in product(range(self.world.cycles), enumerate(self.states)):
            worth = float(utility_norms()[self.sex, self.cell.ages_at(cycle)[0] - 50])
            worth *= float(utility_multiplier(self.draws, self.site, year_1=cycle * CYCLE < 1)[0])
            if state[0] != "none":
                year_1 = state[1] != "later"
                worth *= float(utility_multiplier(self.draws, SITES.index(state[0]), year_1=year_1)[0])
            found[cycle, row] = worth
        return found

    def start(self) -> Array:
        """The people at the start, ``[state]``."""
        found = np.zeros(len(self.names))
        shares = {
            f"on {drug}": float(self.one(s)[0])
            for drug, s in zip(self.treatment.drugs, self.treatment.started, strict=True)
        }
        shares["no drug"] = 1 - sum(shares.values())
        care = (
            float(self.draws.get("care_home.share_before", np.zeros(1))[0]) if len(self.homes) == 2 else 0.0
        )
        for row, (worst, _, kind, home) in enumerate(self.states):
            if worst == "none":
                found[row] = shares.get(kind, 0.0) * (care if home == "care" else 1 - care)
        return found * float(self.cell.people[0, 0])

    def model(self) -> CohortModel:
        """The whole model."""
        alive = {name: 1.0 for name in self.names[:-1]}
        on_drug = {
            name: 1.0
            for name, state in zip(self.names[:-1], self.states, strict=True)
            if state[2].startswith("on ")
        }
        care = {
            name: 1.0 for name, state in zip(self.names[:-1], self.states, strict=True) if state[3] == "care"
        }
        rewards = {f"fractures.{site}": Reward(self.expected(site), correction="none") for site in SITES}
        rewards |= {
            "deaths": Reward(transitions={(ANY, DEAD): 1.0}),
            "life_years": Reward(alive, per_year=True),
            "qalys": Reward(self.utilities(), per_year=True),
            "drug_years": Reward(on_drug, per_year=True),
            "care_home_years": Reward(care, per_year=True),
        }
        if len(self.homes) == 2:
            entering = self.expected("hip", only_home=True) * float(self.draws["care_home.after_hip"][0])
            rewards["care_home_entries"] = Reward(entering, correction="none")
        return CohortModel(
            self.matrix,
            self.start(),
            rewards,
            states=self.names,
            cycles=self.world.cycles,
            cycle_length=CYCLE,
            age=float(self.cell.age[0]),
            correction="life-table",
        )
