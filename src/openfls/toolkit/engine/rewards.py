"""Rewards: what being in a state, or moving between two, is worth — costs, utilities, days, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from openfls.toolkit.engine.counting import Correction, Counting, Discount, counts_points, point_weights
from openfls.toolkit.engine.transitions import Layout
from openfls.toolkit.engine.values import Array, Clock, ModelError, Value, evaluate

ANY = "*"
"""In a transition reward ``(ANY, "Dead")``: from every other state (staying in the state itself never
counts)."""


@dataclass(frozen=True, slots=True)
class Reward:
    """One quantity to be added up over a model.

    Attributes:
        states: what one cycle in a state is worth. A mapping state → `Value` (states left out count zero; the
            name of a tunnel means all its steps), or an array ``[state]``, ``[cycle, state]`` or ``[draw,
            cycle, state]``. Values per cycle have as many entries as cycles; with one more they are values
            *at the points*.
        transitions: what one move is worth: a mapping ``(from, to)`` → `Value`, with `ANY` for either end, or
            an array ``[from, to]``, ``[cycle, from, to]`` or ``[draw, cycle, from, to]``. It is earned once,
            by those who move.
        initial: a one-off amount at the start for the whole cohort, never discounted; a number or ``[draw]``.
        discount: the discounting of this reward.
        per_year: the values of ``states`` are per year and are multiplied with the cycle length.
        correction: another way of counting than the model's, see `counting`.
        counting: with ``correction="none"``: another than the model's.
        transitions_first: when moves are discounted, in cycles as ``Discount.first``. None: as the states,
            where cycles are counted; at the point where the cycle ends, where points are counted.
        transitions_weighted: with a correction that counts points, a move also gets the weight of the point
            at which it arrives. Off: it counts once, as it happens once.
    """

    states: Mapping[str, Value] | ArrayLike | None = None
    transitions: Mapping[tuple[str, str], Value] | ArrayLike | None = None
    initial: ArrayLike = 0.0
    discount: Discount = field(default_factory=Discount)
    per_year: bool = False
    correction: Correction | None = None
    counting: Counting | None = None
    transitions_first: float | None = None
    transitions_weighted: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A reward as coefficients of a trace, undiscounted.

    Attributes:
        start: ``[draw or 1, item, state]``, multiplies the trace at point ``item``.
        end: the same for the trace at point ``item + 1``; None where points are counted.
        moves: ``{(from, to): [draw or 1, cycle]}`` over the unrolled states.
        factors, move_factors: discount factors ``[item]`` and ``[cycle]``.
        move_weights: ``[cycle]``, the weight of a move.
        initial: ``[draw or 1]``.
    """

    start: Array
    end: Array | None
    moves: Mapping[tuple[int, int], Array]
    factors: Array
    move_factors: Array
    move_weights: Array
    initial: Array

    @property
    def by_points(self) -> bool:
        """Whether points are counted, so that item ``t`` is point ``t``."""
        return self.end is None


def compile_reward(
    reward: Reward, layout: Layout, clock: Clock, *, correction: Correction, counting: Counting, name: str
) -> Compiled:
    """The coefficients of one reward. Raises `ModelError` for unknown states or lengths that do not fit."""
    correction = correction if reward.correction is None else reward.correction
    counting = counting if reward.counting is None else reward.counting
    points = counts_points(correction)
    values = _state_values(reward, layout, clock, points, name)
    if reward.per_year:
        values = values * clock.cycle_length
    cycles = clock.cycles
    first = reward.transitions_first
    if points:
        weights = point_weights(correction, cycles)
        start, end = values * weights[np.newaxis, :, np.newaxis], None
        first = reward.discount.first + 1 if first is None else first
    else:
        here, there = _cycle_ends(values, cycles)
        share = {"none": (1.0, 0.0) if counting == "start" else (0.0, 1.0)}.get(str(correction), (0.5, 0.5))
        start, end = here * share[0], there * share[1]
        weights = np.ones(cycles + 1)
    discount = reward.discount
    if points and discount.factors is not None and reward.transitions_first is None:
        move_factors = discount.of_items(cycles + 1, clock.cycle_length)[1:]
    else:
        move_factors = discount.of_items(cycles, clock.cycle_length, first=first)
    return Compiled(
        start=start,
        end=end,
        moves=_moves(reward, layout, clock, name),
        factors=discount.of_items(cycles + 1 if points else cycles, clock.cycle_length),
        move_factors=move_factors,
        move_weights=weights[1:] if reward.transitions_weighted else np.ones(cycles),
        initial=np.atleast_1d(np.asarray(reward.initial, dtype=float)),
    )


def _cycle_ends(values: Array, cycles: int) -> tuple[Array, Array]:
    """The values that the start and the end of each cycle get: the cycle's own, or those at its two
    points."""
    if values.shape[1] == cycles + 1:
        return values[:, :-1], values[:, 1:]
    return values, values


def _state_values(reward: Reward, layout: Layout, clock: Clock, points: bool, name: str) -> Array:
    """``[draw or 1, cycles or cycles + 1, state]``."""
    wanted = clock.cycles + 1 if points else clock.cycles
    found: dict[int, Array] = {}
    for position, value in _by_position(reward.states, layout, name).items():
        label = f"reward '{name}' of state '{layout.states[position]}'"
        found[position] = evaluate(value, clock, points=wanted, step=layout.steps[position], name=label)
    lengths = {array.shape[1] for array in found.values()} - {1}
    if lengths == {clock.cycles, clock.cycles + 1}:
        raise ModelError(f"reward '{name}': some states have a value per cycle, others one at each point")
    draws = {array.shape[0] for array in found.values()} - {1}
    if len(draws) > 1:
        raise ModelError(f"reward '{name}': states have {' and '.join(map(str, sorted(draws)))} draws")
    length = max(lengths, default=wanted)
    values = np.zeros((max(draws, default=1), length, len(layout.states)))
    for position, array in found.items():
        values[:, :, position] = array
    return values


def _by_position(
    states: Mapping[str, Value] | ArrayLike | None, layout: Layout, name: str
) -> dict[int, Value]:
    if states is None:
        return {}
    if isinstance(states, Mapping):
        return {position: value for state, value in states.items() for position in layout.positions(state)}
    array = np.asarray(states, dtype=float)
    if array.ndim not in (1, 2, 3) or array.shape[-1] != len(layout.states):
        raise ModelError(
            f"reward '{name}': an array is [state], [cycle, state] or [draw, cycle, state] "
            f"with {len(layout.states)} states, got shape {array.shape}"
        )
    return {position: array[..., position] for position in range(array.shape[-1])}


def _moves(reward: Reward, layout: Layout, clock: Clock, name: str) -> dict[tuple[int, int], Array]:
    moves: dict[tuple[int, int], Array] = {}
    if reward.transitions is None:
        return moves
    if not isinstance(reward.transitions, Mapping):
        array = np.asarray(reward.transitions, dtype=float)
        size = len(layout.states)
        if array.ndim not in (2, 3, 4) or array.shape[-2:] != (size, size):
            raise ModelError(
                f"reward '{name}': an array of moves is [from, to], [cycle, from, to] or "
                f"[draw, cycle, from, to] with {size} states, got shape {array.shape}"
            )
        pairs = zip(*np.nonzero(array.reshape(-1, size, size).any(axis=0)), strict=True)
        cells: list[tuple[int, int, Value]] = [(int(o), int(t), array[..., o, t]) for o, t in pairs]
    else:
        cells = [
            (origin, target, value)
            for (origin_name, target_name), value in reward.transitions.items()
            for origin, target in _pairs(origin_name, target_name, layout)
        ]
    for origin, target, value in cells:
        label = f"reward '{name}' of moving from '{layout.states[origin]}' to '{layout.states[target]}'"
        found = evaluate(
            value, clock, points=clock.cycles, step=layout.steps[origin], name=label, only_cycles=True
        )
        already = moves.get((origin, target))
        moves[origin, target] = found if already is None else already + found
    return moves


def _pairs(origin_name: str, target_name: str, layout: Layout) -> list[tuple[int, int]]:
    everyone = range(len(layout.states))
    origins = everyone if origin_name == ANY else layout.positions(origin_name)
    targets = everyone if target_name == ANY else layout.positions(target_name)
    wild = ANY in (origin_name, target_name)
    if wild:
        inside = set(origins) if target_name == ANY else set(targets)
        return [(o, t) for o in origins for t in targets if o != t and not (o in inside and t in inside)]
    return [(o, t) for o in origins for t in targets]
