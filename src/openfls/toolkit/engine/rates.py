"""Rates, probabilities and hazards. Every function takes numbers or arrays and returns the same shape."""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike

from openfls.toolkit.engine.values import Array, ModelError, When


def probability_from_rate(rate: ArrayLike, time: float = 1.0) -> Array:
    """The probability of an event within ``time`` at a constant rate: ``1 − exp(−rate · time)``."""
    rates = np.asarray(rate, dtype=float)
    if (rates < 0).any():
        raise ModelError("a rate is never below zero")
    return -np.expm1(-rates * time)


def rate_from_probability(probability: ArrayLike, time: float = 1.0) -> Array:
    """The constant rate behind a probability within ``time``: ``−ln(1 − p) / time``."""
    found: Array = -np.log1p(-_checked(probability)) / time
    return found


def rescaled_probability(probability: ArrayLike, *, from_time: float, to_time: float) -> Array:
    """A probability over one length of time as one over another, at a constant rate between them."""
    return -np.expm1(np.log1p(-_checked(probability)) * (to_time / from_time))


def probability_with_ratio(probability: ArrayLike, hazard_ratio: ArrayLike) -> Array:
    """A probability after its hazard is multiplied: ``1 − (1 − p)^HR``."""
    found: Array = -np.expm1(np.log1p(-_checked(probability)) * np.asarray(hazard_ratio, dtype=float))
    return found


def probability_from_odds_ratio(probability: ArrayLike, odds_ratio: ArrayLike) -> Array:
    """A probability after its odds are multiplied."""
    base = np.asarray(probability, dtype=float)
    odds = base / (1 - base) * np.asarray(odds_ratio, dtype=float)
    found: Array = odds / (1 + odds)
    return found


def _checked(probability: ArrayLike) -> Array:
    values = np.asarray(probability, dtype=float)
    if ((values < 0) | (values >= 1)).any():
        raise ModelError("a probability with a rate behind it is at least 0 and below 1")
    return values


def weibull_cumulative_hazard(time: ArrayLike, *, scale: ArrayLike, shape: ArrayLike) -> Array:
    """``scale · time^shape``: the textbook's λ and γ (proportional hazards), time in the units of the fit."""
    found: Array = np.asarray(scale, dtype=float) * np.asarray(time, dtype=float) ** np.asarray(
        shape, dtype=float
    )
    return found


def gompertz_cumulative_hazard(time: ArrayLike, *, scale: ArrayLike, shape: ArrayLike) -> Array:
    """``scale · (exp(shape · time) − 1) / shape``: hazard ``scale · exp(shape · time)``; constant at shape
    zero."""
    times, slope = np.asarray(time, dtype=float), np.asarray(shape, dtype=float)
    safe = np.where(slope == 0, 1.0, slope)
    grown = np.where(slope == 0, times, np.expm1(slope * times) / safe)
    found: Array = np.asarray(scale, dtype=float) * grown
    return found


def log_logistic_cumulative_hazard(time: ArrayLike, *, scale: ArrayLike, shape: ArrayLike) -> Array:
    """``ln(1 + (time / scale)^shape)``, with ``scale`` the median time."""
    ratio = np.asarray(time, dtype=float) / np.asarray(scale, dtype=float)
    found: Array = np.log1p(ratio ** np.asarray(shape, dtype=float))
    return found


def log_normal_cumulative_hazard(time: ArrayLike, *, mean_log: ArrayLike, sd_log: ArrayLike) -> Array:
    """``−ln(1 − Φ((ln time − mean_log) / sd_log))``."""
    times = np.asarray(time, dtype=float)
    with np.errstate(divide="ignore"):
        z = (np.log(times) - np.asarray(mean_log, dtype=float)) / np.asarray(sd_log, dtype=float)
    survival = np.vectorize(lambda x: 0.5 * erfc(x / sqrt(2)))(z)
    found: Array = -np.log(survival)
    return found


def cycle_probability(cumulative_hazard: Callable[[Array], Array], start: ArrayLike, end: ArrayLike) -> Array:
    """The probability of an event between two times for those without it at the first:
    ``1 − exp(H(start) − H(end))``.

    Args:
        cumulative_hazard: H, a function of time.
        start, end: in the units of H.
    """
    first, last = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    return -np.expm1(cumulative_hazard(first) - cumulative_hazard(last))


def hazard_value(
    cumulative_hazard: Callable[[Array], Array], *, in_state: bool = False
) -> Callable[[When], Array]:
    """A time-dependent probability for a table of cells.

    Args:
        cumulative_hazard: H, a function of years.
        in_state: the clock is the time in the tunnel state, not the time since the start of the model.
    """

    def probability(when: When) -> Array:
        begin = when.time_in_state if in_state else when.time
        return cycle_probability(cumulative_hazard, begin, begin + when.cycle_length)

    return probability


def gompertz_probability(when: When, *, scale: ArrayLike, shape: ArrayLike) -> Array:
    """The probability within the cycle of ``when`` under a Gompertz hazard of time since the start of the
    model."""
    return cycle_probability(
        lambda t: gompertz_cumulative_hazard(t, scale=scale, shape=shape), when.time, when.end
    )


def weibull_probability(when: When, *, scale: ArrayLike, shape: ArrayLike) -> Array:
    """The probability within the cycle of ``when`` under a Weibull hazard of time since the start of the
    model."""
    return cycle_probability(
        lambda t: weibull_cumulative_hazard(t, scale=scale, shape=shape), when.time, when.end
    )


def competing(rates: ArrayLike, time: float = 1.0) -> Array:
    """Probabilities of competing events within ``time`` at constant rates: each its share of the probability
    of any.

    Args:
        rates: ``[..., event]``.
    """
    each = np.asarray(rates, dtype=float)
    total = each.sum(axis=-1, keepdims=True)
    share = np.divide(each, total, out=np.zeros_like(each), where=total > 0)
    found: Array = share * probability_from_rate(total, time)
    return found
