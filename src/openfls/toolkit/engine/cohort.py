"""The cohort state-transition model: named states, a trace, and rewards added up over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openfls.toolkit.engine.counting import Correction, Counting, check_correction
from openfls.toolkit.engine.rewards import Compiled, Reward, compile_reward
from openfls.toolkit.engine.transitions import Layout, Transitions, Tunnel, from_array
from openfls.toolkit.engine.values import Array, Clock, ModelError, When

Number = float | Array
"""A result: a number, or an array ``[draw]`` where anything in the model was drawn."""


@dataclass(frozen=True, slots=True)
class CohortModel:
    """A cohort moving between states in cycles of equal length.

    Attributes:
        transitions: probabilities per cycle. `Transitions` from `transition_table`; or an array ``[from,
            to]`` (the same in every cycle), ``[cycle, from, to]`` or ``[draw, cycle, from, to]`` (a cycle
            axis of length one: drawn once, the same in every cycle); or a function of `When` that returns
            ``[from, to]`` or ``[draw, from, to]`` and is called once for each cycle, so that the matrices of
            all cycles are never in memory together.
        start: people in each state at the start: ``{state: people}`` (a tunnel's name means its first step),
            ``[state]`` or ``[draw, state]``. They need not sum to one; totals are for the whole cohort.
        rewards: what to add up, by name.
        states: names, in the order of the arrays; `Tunnel` entries are unrolled. Not needed with
            `Transitions`.
        cycles: how many. Not needed with `Transitions`.
        cycle_length: years. With `Transitions` it is theirs, and so is the age.
        age: years, at the start; handed to functions of time.
        correction, counting: how occupancies are counted (see `counting`); a `Reward` may differ.

    Raises:
        ModelError: on `run`, with the state, cycle and reason.
    """

    transitions: Transitions | ArrayLike | Callable[[When], ArrayLike]
    start: Mapping[str, float] | ArrayLike
    rewards: Mapping[str, Reward] = field(default_factory=dict)
    states: Sequence[str | Tunnel] = ()
    cycles: int = 0
    cycle_length: float = 1.0
    age: float | None = None
    correction: Correction = "none"
    counting: Counting = "start"

    def prepared(self) -> Transitions:
        """The transitions with their states and time grid."""
        if isinstance(self.transitions, Transitions):
            found = self.transitions
            if self.cycles not in (0, found.clock.cycles):
                raise ModelError(f"the model has {self.cycles} cycles, its transitions {found.clock.cycles}")
            if self.cycle_length not in (1.0, found.clock.cycle_length) or self.age not in (
                None,
                found.clock.age,
            ):
                raise ModelError(
                    "cycle length and age belong to the transitions; the model's own differ from theirs"
                )
            if self.states and Layout.of(self.states).states != found.layout.states:
                raise ModelError("the model's states are not those of its transitions")
            return found
        layout, clock = Layout.of(self.states), Clock(self.cycles, self.cycle_length, self.age)
        if callable(self.transitions):
            return Transitions(layout, clock, self.transitions)
        return from_array(self.transitions, layout, clock)

    def first_occupancy(self, layout: Layout) -> Array:
        """The people at the start, ``[draw or 1, state]``."""
        if isinstance(self.start, Mapping):
            start = np.zeros((1, len(layout.states)))
            for name, people in self.start.items():
                start[0, layout.positions(name)[0]] += people
        else:
            start = np.atleast_2d(np.asarray(self.start, dtype=float))
        if start.ndim != 2 or start.shape[1] != len(layout.states):
            raise ModelError(f"start has shape {start.shape} for {len(layout.states)} states")
        if not (start >= 0).all():
            raise ModelError("start holds a negative number of people, or not a number")
        return start

    def compiled(self, layout: Layout, clock: Clock) -> dict[str, Compiled]:
        """The rewards as coefficients of the trace."""
        check_correction(self.correction, self.counting, clock.cycles)
        return {
            name: compile_reward(
                reward, layout, clock, correction=self.correction, counting=self.counting, name=name
            )
            for name, reward in self.rewards.items()
        }

    def run(self) -> Result:
        """Step the cohort through all cycles. See `Result`."""
        transitions = self.prepared()
        layout, clock = transitions.layout, transitions.clock
        compiled = self.compiled(layout, clock)
        here = self.first_occupancy(layout)
        trace = [here]
        flows: dict[tuple[int, int], list[Array]] = {
            pair: [] for each in compiled.values() for pair in each.moves
        }
        for cycle in range(clock.cycles):
            matrix = transitions.at(cycle) if transitions.cells is None else None
            for (origin, target), moved in flows.items():
                chance = (
                    transitions.moves(cycle)(origin, target) if matrix is None else matrix[:, origin, target]
                )
                moved.append(here[:, origin] * chance)
            here = _stepped(here, transitions, cycle) if matrix is None else _multiplied(here, matrix, cycle)
            trace.append(here)
        draws = max(occupancy.shape[0] for occupancy in trace)
        points = [np.broadcast_to(occupancy, (draws, occupancy.shape[1])) for occupancy in trace]
        moves = {pair: np.stack(np.broadcast_arrays(*moved), axis=-1) for pair, moved in flows.items()}
        return Result(layout, clock, np.stack(points, axis=1), moves, compiled, transitions)


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found.

    Attributes:
        layout, clock: the unrolled states and the time grid.
        points: the trace with its draw axis, ``[draw or 1, cycles + 1, state]``.
        moves: people moving in each cycle, ``{(from, to): [draw or 1, cycle]}``, for the moves that a reward
            names.
        compiled: the rewards as coefficients.
        transitions: as run.
    """

    layout: Layout
    clock: Clock
    points: Array
    moves: Mapping[tuple[int, int], Array]
    compiled: Mapping[str, Compiled]
    transitions: Transitions

    @property
    def states(self) -> tuple[str, ...]:
        """The unrolled states, in the order of the trace's last axis."""
        return self.layout.states

    @property
    def trace(self) -> Array:
        """People in each state at each point: ``[cycles + 1, state]``, or ``[draw, cycles + 1, state]`` with
        draws."""
        return self.points[0] if self.points.shape[0] == 1 else self.points

    def occupancy(self, state: str) -> Array:
        """People in a state (for a tunnel's name, in all its steps) at each point."""
        return _plain(self.points[:, :, list(self.layout.positions(state))].sum(axis=-1))

    def by_cycle(self, reward: str, *, discounted: bool = True) -> Array:
        """What each cycle contributed, without the initial amount.

        Returns:
            ``[cycles]``, or ``[cycles + 1]`` where the reward's correction counts points (moves are then at
            the point at which they arrive); with a leading draw axis where anything was drawn.
        """
        return _plain(self._items(reward, discounted))

    def by_year(self, reward: str, *, discounted: bool = True) -> Array:
        """The same summed by year of the model, the initial amount in the first: ``[years]`` or ``[draw,
        years]``.

        A counted point belongs to the year that it ends; point 0 to the first.
        """
        items, compiled = self._items(reward, discounted), self._reward(reward)
        ends = np.arange(items.shape[1]) + (0 if compiled.by_points else 1)
        years = np.maximum(np.ceil(ends * self.clock.cycle_length - 1e-9).astype(int) - 1, 0)
        sums = np.zeros((max(items.shape[0], compiled.initial.shape[0]), int(years[-1]) + 1))
        for year in range(sums.shape[1]):
            sums[:, year] = items[:, years == year].sum(axis=1)
        sums[:, 0] += compiled.initial
        return _plain(sums)

    def total(self, reward: str, *, discounted: bool = True) -> Number:
        """The reward over all cycles with the initial amount: a number, or ``[draw]``."""
        sums = self._items(reward, discounted).sum(axis=1) + self._reward(reward).initial
        return float(sums[0]) if sums.shape[0] == 1 else sums

    def totals(self, *, discounted: bool = True) -> dict[str, Number]:
        """Every reward's `total`."""
        return {name: self.total(name, discounted=discounted) for name in self.compiled}

    def flow(self, origin: str, target: str) -> Array:
        """People moving from one state to another in each cycle, ``[cycles]`` or ``[draw, cycles]``."""
        pairs = [(o, t) for o in self.layout.positions(origin) for t in self.layout.positions(target)]
        cycles = []
        for cycle in range(self.clock.cycles):
            chance = self.transitions.moves(cycle)
            moved = (self.points[:, cycle, o] * chance(o, t) for o, t in pairs)
            cycles.append(sum(moved, np.zeros(1)))
        return _plain(np.stack(np.broadcast_arrays(*cycles), axis=-1))

    def _reward(self, name: str) -> Compiled:
        if name not in self.compiled:
            raise ModelError(
                f"no reward '{name}'; the model's rewards are {', '.join(self.compiled) or 'none'}"
            )
        return self.compiled[name]

    def _items(self, name: str, discounted: bool) -> NDArray[np.float64]:
        reward = self._reward(name)
        if reward.end is None:
            items = _weighed(self.points, reward.start)
        else:
            items = _weighed(self.points[:, :-1], reward.start) + _weighed(self.points[:, 1:], reward.end)
        items = items * (reward.factors if discounted else 1.0)
        for pair, value in reward.moves.items():
            earned = (
                self.moves[pair] * value * reward.move_weights * (reward.move_factors if discounted else 1.0)
            )
            if reward.by_points:
                earned = np.concatenate([np.zeros((earned.shape[0], 1)), earned], axis=1)
            items = items + earned
        return items


def _multiplied(here: Array, matrix: Array, cycle: int) -> Array:
    """The occupancy ``[draw or 1, state]`` after a cycle, by a whole matrix."""
    _same_draws(here.shape[0], matrix.shape[0], cycle)
    found: Array = (here[:, np.newaxis, :] @ matrix)[:, 0, :]
    return found


def _stepped(here: Array, transitions: Transitions, cycle: int) -> Array:
    """The same by the moves of a table, one by one: only those that are possible cost anything."""
    cells = transitions.cells or {}
    people = np.ascontiguousarray(here.T)
    draws = max(cell.shape[1] for cell in cells.values())
    _same_draws(here.shape[0], draws, cycle)
    after = np.zeros((people.shape[0], max(draws, people.shape[1])))
    for (origin, target), cell in cells.items():
        after[target] += people[origin] * cell[min(cycle, cell.shape[0] - 1)]
    return after.T


def _same_draws(here: int, moving: int, cycle: int) -> None:
    if 1 not in (here, moving) and here != moving:
        raise ModelError(f"cycle {cycle + 1}: {moving} draws of transitions, {here} before")


def _weighed(points: Array, coefficients: Array) -> Array:
    draws = max(points.shape[0], coefficients.shape[0])
    shape = (draws, *points.shape[1:])
    found: Array = np.einsum(
        "dks,dks->dk", np.broadcast_to(points, shape), np.broadcast_to(coefficients, shape)
    )
    return found


def _plain(array: Array) -> Array:
    return array[0] if array.shape[0] == 1 else array
