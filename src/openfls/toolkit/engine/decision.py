"""From costs and effects to a decision: ratios, the efficiency frontier, net benefit, and what uncertainty is
worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from openfls.toolkit.engine.values import Array, ModelError


def icer(incremental_cost: float, incremental_effect: float) -> float | None:
    """Cost per unit of effect gained. None where the effects are equal: there is no ratio then.

    The ratio alone does not say which quadrant it is in; use `quadrant` beside it.
    """
    return None if incremental_effect == 0 else incremental_cost / incremental_effect


def quadrant(incremental_cost: float, incremental_effect: float) -> str:
    """Where the difference lies on the cost-effectiveness plane, in words."""
    if incremental_effect >= 0 and incremental_cost <= 0:
        return "dominant" if (incremental_effect, incremental_cost) != (0, 0) else "no difference"
    if incremental_effect <= 0 and incremental_cost >= 0:
        return "dominated"
    return "more effective and dearer" if incremental_cost > 0 else "less effective and cheaper"


def net_benefit(cost: ArrayLike, effect: ArrayLike, willingness_to_pay: ArrayLike) -> Array:
    """Net monetary benefit, ``effect · willingness − cost``; any shapes that broadcast."""
    worth = np.asarray(effect, dtype=float) * np.asarray(willingness_to_pay, dtype=float)
    found: Array = worth - np.asarray(cost, dtype=float)
    return found


class Status(StrEnum):
    """What the frontier says of one option."""

    REFERENCE = "reference"
    ON_FRONTIER = "on the frontier"
    DOMINATED = "dominated"
    EXTENDEDLY_DOMINATED = "extendedly dominated"


@dataclass(frozen=True, slots=True)
class Option:
    """One option on the frontier. Increments and ratio are against the option before it *on the frontier*."""

    name: str
    cost: float
    effect: float
    status: Status
    incremental_cost: float | None = None
    incremental_effect: float | None = None
    icer: float | None = None
    against: str = ""


def efficiency_frontier(options: Mapping[str, tuple[float, float]]) -> list[Option]:
    """The options ordered by cost, each with its status, and with its ratio where it is on the frontier.

    Dominated: another costs no more and has at least the effect (and one of the two is better). Extendedly
    dominated: a mixture of two others does better, seen by ratios that fall along the frontier.

    Args:
        options: name → (cost, effect).
    """
    ordered = sorted(options, key=lambda name: (options[name][0], -options[name][1]))
    status: dict[str, Status] = {}
    kept: list[str] = []
    for name in ordered:
        if kept and options[name][1] <= options[kept[-1]][1]:
            status[name] = Status.DOMINATED
            continue
        kept.append(name)
    position = 1
    while position < len(kept) - 1:
        before, here, after = (options[kept[position + step]] for step in (-1, 0, 1))
        if (here[0] - before[0]) / (here[1] - before[1]) > (after[0] - here[0]) / (after[1] - here[1]):
            status[kept.pop(position)] = Status.EXTENDEDLY_DOMINATED
            position = max(position - 1, 1)
        else:
            position += 1
    found = []
    for name in ordered:
        cost, effect = options[name]
        if name in status:
            found.append(Option(name, cost, effect, status[name]))
            continue
        place = kept.index(name)
        if place == 0:
            found.append(Option(name, cost, effect, Status.REFERENCE))
            continue
        previous = options[kept[place - 1]]
        more, better = cost - previous[0], effect - previous[1]
        found.append(
            Option(name, cost, effect, Status.ON_FRONTIER, more, better, icer(more, better), kept[place - 1])
        )
    return found


def acceptability(costs: ArrayLike, effects: ArrayLike, willingness: Sequence[float]) -> Array:
    """The acceptability curves: the share of draws in which each option has the highest net benefit.

    Args:
        costs, effects: ``[draw, option]``.
        willingness: amounts per unit of effect.

    Returns:
        ``[willingness, option]``; each row sums to one, draws tied for the highest are shared equally.
    """
    cost, effect = _drawn(costs, effects)
    curves = np.empty((len(willingness), cost.shape[1]))
    for row, amount in enumerate(willingness):
        benefit = net_benefit(cost, effect, amount)
        best = benefit == benefit.max(axis=1, keepdims=True)
        curves[row] = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return curves


def acceptability_frontier(
    costs: ArrayLike, effects: ArrayLike, willingness: Sequence[float]
) -> list[tuple[int, float]]:
    """For each amount: the option with the highest *mean* net benefit, and the probability that it is the
    best."""
    cost, effect = _drawn(costs, effects)
    curves = acceptability(cost, effect, willingness)
    best = [int(net_benefit(cost, effect, amount).mean(axis=0).argmax()) for amount in willingness]
    return [(option, float(curves[row, option])) for row, option in enumerate(best)]


def evpi(costs: ArrayLike, effects: ArrayLike, willingness_to_pay: float) -> float:
    """The expected value of perfect information for one decision: mean of the maxima less maximum of the
    means."""
    cost, effect = _drawn(costs, effects)
    benefit = net_benefit(cost, effect, willingness_to_pay)
    return max(float(benefit.max(axis=1).mean() - benefit.mean(axis=0).max()), 0.0)


def evppi(
    costs: ArrayLike, effects: ArrayLike, parameter: ArrayLike, willingness_to_pay: float, *, degree: int = 3
) -> float:
    """The expected value of knowing one parameter, by regression of net benefit on a polynomial in it.

    Args:
        costs, effects: ``[draw, option]``.
        parameter: ``[draw]``.
        degree: of the polynomial. The estimate is biased where the relation is rougher than that.
    """
    cost, effect = _drawn(costs, effects)
    benefit = net_benefit(cost, effect, willingness_to_pay)
    values = np.asarray(parameter, dtype=float)
    spread = values.std()
    if not spread > 0:
        return 0.0
    design = np.vander((values - values.mean()) / spread, degree + 1)
    fitted = design @ np.linalg.lstsq(design, benefit, rcond=None)[0]
    return float(max(fitted.max(axis=1).mean() - fitted.mean(axis=0).max(), 0.0))


def _drawn(costs: ArrayLike, effects: ArrayLike) -> tuple[Array, Array]:
    cost, effect = np.asarray(costs, dtype=float), np.asarray(effects, dtype=float)
    if cost.ndim != 2 or cost.shape != effect.shape:
        raise ModelError(f"costs and effects are both [draw, option], got {cost.shape} and {effect.shape}")
    return cost, effect
