"""The same model walked by individuals: a check on the cohort engine by another road.

It shares with the cohort engine only what the model *is* (probabilities, coefficients of the rewards), not
how it is stepped: each person has one state and draws the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openfls.toolkit.engine.cohort import CohortModel
from openfls.toolkit.engine.rewards import Compiled
from openfls.toolkit.engine.values import Array

BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over people and its standard error, on the scale of the model's whole cohort."""

    mean: float
    standard_error: float


def simulate(
    model: CohortModel, people: int, *, seed: int, draw: int = 0, discounted: bool = True
) -> dict[str, Estimate]:
    """Every reward of a model, estimated from ``people`` independent lives.

    Args:
        model: as for the cohort engine.
        people: how many lives; at least two.
        seed: of NumPy's PCG64 generator; the same seed gives the same digits.
        draw: which draw of a probabilistic model to walk through.
        discounted: whether rewards are discounted.
    """
    transitions = model.prepared()
    layout, clock = transitions.layout, transitions.clock
    compiled = {name: _of_draw(reward, draw) for name, reward in model.compiled(layout, clock).items()}
    cumulative = []
    for cycle in range(clock.cycles):
        matrix = transitions.at(cycle)
        cumulative.append(np.cumsum(matrix[min(draw, matrix.shape[0] - 1)], axis=1))
    start = model.first_occupancy(layout)
    first = start[min(draw, start.shape[0] - 1)]
    cohort = float(first.sum())
    generator = np.random.default_rng(seed)
    sums: dict[str, list[Array]] = {name: [] for name in compiled}
    for begin in range(0, people, BATCH):
        size = min(BATCH, people - begin)
        path = _walk(generator, first / cohort, cumulative, size)
        for name, reward in compiled.items():
            sums[name].append(_earned(path, reward, discounted))
    found = {}
    for name, parts in sums.items():
        lives = np.concatenate(parts) * cohort
        initial = float(compiled[name].initial[0])
        found[name] = Estimate(float(lives.mean()) + initial, float(lives.std(ddof=1) / np.sqrt(people)))
    return found


def _walk(
    generator: np.random.Generator, first: Array, cumulative: list[Array], size: int
) -> NDArray[np.int64]:
    """The state of each person at each point, ``[point, person]``."""
    path = np.empty((len(cumulative) + 1, size), dtype=np.int64)
    last = first.shape[0] - 1
    path[0] = np.minimum(np.searchsorted(np.cumsum(first), generator.random(size), side="right"), last)
    for cycle, rows in enumerate(cumulative):
        chance = generator.random(size)
        path[cycle + 1] = np.minimum((chance[:, np.newaxis] >= rows[path[cycle]]).sum(axis=1), last)
    return path


def _of_draw(reward: Compiled, draw: int) -> Compiled:
    def one(array: Array) -> Array:
        return array[[min(draw, array.shape[0] - 1)]]

    moves: Mapping[tuple[int, int], Array] = {pair: one(value) for pair, value in reward.moves.items()}
    end = None if reward.end is None else one(reward.end)
    return Compiled(
        one(reward.start),
        end,
        moves,
        reward.factors,
        reward.move_factors,
        reward.move_weights,
        one(reward.initial),
    )


def _earned(path: NDArray[np.int64], reward: Compiled, discounted: bool) -> Array:
    """What each person's life is worth, ``[person]``, without the initial amount."""
    earned = np.zeros(path.shape[1])
    for item in range(reward.start.shape[1]):
        worth = reward.start[0, item, path[item]]
        if reward.end is not None:
            worth = worth + reward.end[0, item, path[item + 1]]
        earned += worth * (reward.factors[item] if discounted else 1.0)
    for (origin, target), value in reward.moves.items():
        for cycle in range(path.shape[0] - 1):
            moved = (path[cycle] == origin) & (path[cycle + 1] == target)
            worth_once = value[0, min(cycle, value.shape[1] - 1)] * reward.move_weights[cycle]
            earned += moved * (worth_once * (reward.move_factors[cycle] if discounted else 1.0))
    return earned
