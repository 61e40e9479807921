"""How sure: what the simulations say, and what knowing more would be worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from openfls.toolkit.engine import acceptability, acceptability_frontier, evpi, evppi
from openfls.toolkit.engine.values import Array
from openfls.toolkit.evaluate import ArmRun, Prepared
from openfls.toolkit.money import costs, difference, discounted, lines_of

CURVE = tuple(float(amount) for amount in range(0, 60_001, 2_000))
"""Amounts per QALY along the acceptability curve."""


def _arrays(prepared: Prepared, arms: Mapping[str, ArmRun]) -> tuple[Array, Array]:
    """Discounted costs and QALYs, ``[draw, arm]``, current first."""
    analysis = prepared.scenario.analysis
    cost, effect = [], []
    for name in prepared.scenario.compared:
        years = arms[name].years
        cost.append(discounted(costs(years, lines_of(analysis.perspective)), analysis.discount_costs))
        effect.append(discounted(years["qalys"], analysis.discount_effects))
    return np.stack(cost, axis=1), np.stack(effect, axis=1)


def _spread(values: Array) -> dict[str, float]:
    low, middle, high = np.quantile(values, [0.025, 0.5, 0.975])
    return {"mean": float(values.mean()), "median": float(middle), "low": float(low), "high": float(high)}


def chances(prepared: Prepared, arms: Mapping[str, ArmRun]) -> dict[str, Any]:
    """The spread of the answers over the draws, and the probability of each."""
    analysis = prepared.scenario.analysis
    current, target = prepared.scenario.compared
    change = difference(arms[target].years, arms[current].years)
    by_year = costs(change, lines_of(analysis.perspective))
    cost, effect = _arrays(prepared, arms)
    curve = acceptability(cost, effect, CURVE)[:, 1]
    frontier = acceptability_frontier(cost, effect, CURVE)
    plane = slice(0, 500)
    return {
        "draws": int(cost.shape[0]),
        "difference": {
            name: _spread(change[name].sum(axis=0))
            for name in ("fractures", "fractures.hip", "bed_days", "deaths")
        },
        "cost_difference": _spread(by_year.sum(axis=0)),
        "cost_difference_discounted": _spread(cost[:, 1] - cost[:, 0]),
        "qaly_difference_discounted": _spread(effect[:, 1] - effect[:, 0]),
        "probability_costs_less": float((by_year.sum(axis=0) < 0).mean()),
        "probability_fewer_fractures": float((change["fractures"].sum(axis=0) < 0).mean()),
        "probability_more_qalys": float((effect[:, 1] > effect[:, 0]).mean()),
        "probability_broken_even_by_year": [
            float((total <= 0).mean()) for total in np.cumsum(by_year, axis=0)
        ],
        "probability_cost_effective": {
            f"{amount:g}": float(acceptability(cost, effect, [amount])[0, 1])
            for amount in analysis.willingness_to_pay
        },
        "acceptability": [[amount, float(share)] for amount, share in zip(CURVE, curve, strict=True)],
        "frontier": [
            [amount, prepared.scenario.compared[best], share]
            for amount, (best, share) in zip(CURVE, frontier, strict=True)
        ],
        "plane": [
            [float(q), float(c)]
            for q, c in zip(
                (effect[:, 1] - effect[:, 0])[plane], (cost[:, 1] - cost[:, 0])[plane], strict=True
            )
        ],
    }


def information(prepared: Prepared, arms: Mapping[str, ArmRun], draws: Mapping[str, Array]) -> dict[str, Any]:
    """What knowing more would be worth, for one decision on this area over these years, in pounds."""
    amount = prepared.scenario.analysis.willingness_to_pay[0]
    cost, effect = _arrays(prepared, arms)
    whole = evpi(cost, effect, amount)
    parts = {
        name: min(evppi(cost, effect, values, amount), whole)
        for name, values in draws.items()
        if values.shape[0] == cost.shape[0] > 1
    }
    ranked = sorted(parts.items(), key=lambda item: -item[1])
    return {
        "willingness_to_pay": amount,
        "evpi": whole,
        "evppi": [{"id": name, "value": value} for name, value in ranked[:10] if value >= 1],
    }
