"""Transition matrices from what studies report: counts of moves, or rates."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from openfls.toolkit.engine.values import Array, ModelError


def matrix_from_counts(counts: ArrayLike) -> Array:
    """Probabilities ``[from, to]`` from observed moves ``[from, to]``; a row without any stays where it is."""
    moves = _counts(counts)
    totals = moves.sum(axis=1, keepdims=True)
    found: Array = np.where(totals > 0, moves / np.where(totals > 0, totals, 1), np.eye(moves.shape[0]))
    return found


def draws_from_counts(counts: ArrayLike, draws: int, *, seed: int, prior: float = 0.0) -> Array:
    """Drawn probabilities ``[draw, 1, from, to]``, each row Dirichlet with its counts; ready for `CohortModel`.

    Args:
        counts: observed moves ``[from, to]``; a move never seen stays impossible unless ``prior`` is above zero.
        draws: how many.
        seed: of NumPy's PCG64 generator.
        prior: added to every count of a row that has any.
    """
    moves = _counts(counts)
    generator = np.random.default_rng(seed)
    found = np.tile(np.eye(moves.shape[0]), (draws, 1, 1, 1))
    for row, observed in enumerate(moves):
        if observed.sum() > 0:
            weights = generator.gamma(observed + prior, size=(draws, moves.shape[0]))
            found[:, 0, row] = weights / weights.sum(axis=1, keepdims=True)
    return found


def matrix_from_rates(rates: ArrayLike, time: float = 1.0) -> Array:
    """Probabilities over ``time`` of a process with constant rates: the matrix exponential.

    Unlike `competing` it counts several moves within one cycle.

    Args:
        rates: ``[..., from, to]``; the diagonal is not read, it follows from the others.
        time: years.
    """
    given = np.asarray(rates, dtype=float)
    if given.ndim < 2 or given.shape[-1] != given.shape[-2]:
        raise ModelError(f"a matrix of rates is [from, to], got shape {given.shape}")
    size = given.shape[-1]
    moves = np.where(np.eye(size, dtype=bool), 0.0, given)
    if (moves < 0).any():
        raise ModelError("a rate is never below zero")
    generator = (moves - np.eye(size) * moves.sum(axis=-1, keepdims=True)) * time
    # Scaling and squaring, with a Taylor series that is exact to rounding once the rates are below a half.
    largest = float(np.abs(generator).sum(axis=-1).max(initial=0.0))
    halvings = max(0, int(np.ceil(np.log2(largest / 0.5)))) if largest > 0.5 else 0
    step = generator / 2**halvings
    term = found = np.broadcast_to(np.eye(size), given.shape)
    for order in range(1, 19):
        term = term @ step / order
        found = found + term
    for _ in range(halvings):
        found = found @ found
    return np.asarray(found, dtype=float)


def _counts(counts: ArrayLike) -> Array:
    moves = np.asarray(counts, dtype=float)
    if moves.ndim != 2 or moves.shape[0] != moves.shape[1]:
        raise ModelError(f"counts of moves are [from, to], got shape {moves.shape}")
    if not (moves >= 0).all():
        raise ModelError("a count of moves is never below zero")
    return moves
