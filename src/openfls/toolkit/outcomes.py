"""What happens and what it costs in the base case, over the years and over a lifetime, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from openfls.toolkit.engine import icer, quadrant
from openfls.toolkit.engine.values import Array
from openfls.toolkit.evaluate import ArmRun, Prepared, base_case
from openfls.toolkit.funnel import STEPS
from openfls.toolkit.money import INVESTED, LINES, Yearly, costs, difference, discounted, lines_of

RETURN_DEFINITION = (
    "return on investment = (cost of fractures avoided − extra spending on service, drugs and falls "
    "programme) ÷ that extra spending, undiscounted, in the scenario's perspective"
)
COUNTS = (
    "fractures",
    "fractures.hip",
    "fractures.vertebral",
    "fractures.other",
    "bed_days",
    "deaths",
    "care_home_entries",
    "life_years",
    "qalys",
    "drug_years",
    "started",
)


def tables(prepared: Prepared) -> dict[str, list[dict[str, Any]]]:
    """The yearly tables of the base case: ``outcomes`` and ``costs``, one row per arm (or difference) and
    year."""
    current, target = prepared.scenario.compared
    arms = base_case(prepared)
    parts: dict[str, Yearly] = {name: arms[name].years for name in prepared.scenario.compared}
    parts["difference"] = difference(arms[target].years, arms[current].years)
    outcomes: list[dict[str, Any]] = []
    money: list[dict[str, Any]] = []
    for arm, values in parts.items():
        for year in range(prepared.scenario.analysis.years):
            counts = {name.replace(".", "_"): float(values[name][year, 0]) for name in COUNTS}
            outcomes.append({"arm": arm, "year": year + 1, **counts})
            factor = (1 + prepared.scenario.analysis.discount_costs) ** -year
            for line in LINES:
                cost = float(values[f"cost.{line.id}"][year, 0])
                money.append(
                    {
                        "arm": arm,
                        "year": year + 1,
                        "line": line.label,
                        "payer": line.payer,
                        "releases": str(line.release),
                        "cost_gbp": cost,
                        "cost_gbp_discounted": cost * factor,
                    }
                )
    return {"outcomes": outcomes, "costs": money}


def funnel_of(arm: ArmRun) -> dict[str, float]:
    """People a year at each step of an arm's funnel."""
    steps = ("caseload", *STEPS, "turned_away")
    return {step: float(getattr(arm.funnel, step)[0]) for step in steps}


def horizon(prepared: Prepared, arms: Mapping[str, ArmRun]) -> dict[str, Any]:
    """One horizon of the base case."""
    analysis = prepared.scenario.analysis
    current, target = prepared.scenario.compared
    change = difference(arms[target].years, arms[current].years)
    lines = lines_of(analysis.perspective)
    total = {name: float(values.sum()) for name, values in change.items()}
    cost = float(discounted(costs(change, lines), analysis.discount_costs)[0])
    qalys = float(discounted(change["qalys"], analysis.discount_effects)[0])
    invested = sum(total[f"cost.{line}"] for line in INVESTED)
    avoided = -sum(total[f"cost.{line}"] for line in lines if line not in INVESTED)
    cumulative = np.cumsum(costs(change, lines)[:, 0])
    even = np.nonzero(cumulative <= 0)[0]
    by_release: dict[str, float] = {}
    by_payer: dict[str, float] = {}
    for line in LINES:
        by_release[str(line.release)] = by_release.get(str(line.release), 0.0) + total[f"cost.{line.id}"]
        by_payer[line.payer] = by_payer.get(line.payer, 0.0) + total[f"cost.{line.id}"]
    return {
        "arms": {
            name: {count: float(arms[name].years[count].sum()) for count in COUNTS}
            | {f"cost.{line.id}": float(arms[name].years[f"cost.{line.id}"].sum()) for line in LINES}
            for name in prepared.scenario.compared
        },
        "difference": {name: total[name] for name in (*COUNTS, *(f"cost.{line.id}" for line in LINES))},
        "cost_difference": float(costs(change, lines).sum()),
        "cost_difference_discounted": cost,
        "qaly_difference_discounted": qalys,
        "cost_difference_by_year": [float(value) for value in costs(change, lines)[:, 0]],
        "cost_difference_by_payer_and_year": _payers_by_year(change),
        "cost_difference_by_release": by_release,
        "cost_difference_by_payer": by_payer,
        "icer": icer(cost, qalys),
        "quadrant": quadrant(cost, qalys),
        "net_benefit": {f"{amount:g}": qalys * amount - cost for amount in analysis.willingness_to_pay},
        "return_on_investment": (avoided - invested) / invested if invested > 0 else None,
        "break_even_year": int(even[0]) + 1 if even.shape[0] else None,
        "treated_per_fracture_avoided": _ratio(total["started"], -total["fractures"]),
    }


def _payers_by_year(change: Mapping[str, Array]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for line in LINES:
        values = change[f"cost.{line.id}"][:, 0]
        found[line.payer] = list(map(float, values + np.array(found.get(line.payer, [0.0] * len(values)))))
    return found


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0 else None
