"""Everything that a scenario's report says, as plain numbers: the content of ``summary.json`` and of its
tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from openfls.toolkit import calibration
from openfls.toolkit.engine import acceptability, evpi, evppi, icer, quadrant
from openfls.toolkit.engine.values import Array
from openfls.toolkit.evaluate import ArmRun, Prepared, base_case, probabilistic
from openfls.toolkit.funnel import STEPS
from openfls.toolkit.money import INVESTED, LINES, Yearly, costs, difference, discounted, lines_of
from openfls.toolkit.sensitivity import net_benefit_at, net_cost, one_way, threshold

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
CURVE = tuple(float(amount) for amount in range(0, 60_001, 2_000))
"""Amounts per QALY along the acceptability curve."""


def analyse(prepared: Prepared) -> dict[str, Any]:
    """The whole analysis of a scenario. All values are numbers, text, lists or mappings; nothing depends on
    the day."""
    scenario = prepared.scenario
    current, target = scenario.compared
    base, life = base_case(prepared), base_case(prepared, lifetime=True)
    drawn, draws = probabilistic(prepared)
    found: dict[str, Any] = {
        "title": scenario.title,
        "compared": {"current": current, "target": target},
        "labels": {name: scenario.arms[name].label or name for name in scenario.compared},
        "caseload": {
            "used": prepared.method,
            "methods": {name: {"total": s.total, **s.by_site()} for name, s in prepared.caseloads.items()},
        },
        "funnel": {name: _funnel(base[name]) for name in scenario.compared},
        "years": scenario.analysis.years,
        "budget": _horizon(prepared, base),
        "lifetime": _horizon(prepared, life),
        "probabilistic": _probabilistic(prepared, drawn),
        "value_of_information": _information(prepared, drawn, draws),
        "one_way": [asdict(swing) for swing in one_way(prepared, net_benefit_at(_first(prepared)))[:15]],
        "thresholds": _thresholds(prepared, target),
        "calibration": [
            {**asdict(each), "inside": each.inside}
            for each in calibration.report(prepared.parameters, prepared.strata)
        ],
        "return_definition": RETURN_DEFINITION,
        "not_known": list(prepared.missing),
        "held_fixed": held_fixed(prepared),
        "assumed": [p.id for p in prepared.parameters.values() if p.confidence == "assumption"],
    }
    if scenario.analysis.lifetime_draws:
        long, _ = probabilistic(prepared, lifetime=True)
        found["probabilistic_lifetime"] = _probabilistic(prepared, long)
    return found


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


def held_fixed(prepared: Prepared) -> list[str]:
    """Figures that should vary but have no published interval: the probabilistic analysis holds them
    fixed."""
    kinds = ("mortality.", "utility.", "bed_days.", "persistence.", "incidence.", "arms.")
    return [
        p.id
        for p in prepared.parameters.values()
        if p.value and not p.drawn and p.id.startswith(kinds) and p.confidence != "definition"
    ]


def _first(prepared: Prepared) -> float:
    return prepared.scenario.analysis.willingness_to_pay[0]


def _funnel(arm: ArmRun) -> dict[str, float]:
    steps = ("caseload", *STEPS, "turned_away")
    return {step: float(getattr(arm.funnel, step)[0]) for step in steps}


def _horizon(prepared: Prepared, arms: Mapping[str, ArmRun]) -> dict[str, Any]:
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


def _probabilistic(prepared: Prepared, arms: Mapping[str, ArmRun]) -> dict[str, Any]:
    analysis = prepared.scenario.analysis
    current, target = prepared.scenario.compared
    change = difference(arms[target].years, arms[current].years)
    by_year = costs(change, lines_of(analysis.perspective))
    cost, effect = _arrays(prepared, arms)
    curve = acceptability(cost, effect, CURVE)[:, 1]
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
        "plane": [
            [float(q), float(c)]
            for q, c in zip(
                (effect[:, 1] - effect[:, 0])[plane], (cost[:, 1] - cost[:, 0])[plane], strict=True
            )
        ],
    }


def _information(
    prepared: Prepared, arms: Mapping[str, ArmRun], draws: Mapping[str, Array]
) -> dict[str, Any]:
    """What knowing more would be worth, for one decision on this area over these years, in pounds."""
    amount = _first(prepared)
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


def _thresholds(prepared: Prepared, target: str) -> list[dict[str, Any]]:
    """The figures of the target arm at which an answer turns."""
    amount = _first(prepared)
    price = prepared.parameters[f"arms.{target}.service_cost_per_year"].value or 0.0
    limit = max(10 * price, 1_000_000.0)
    wanted = (
        ("started", 0.0, 1.0, "costs as much as the other arm", net_cost),
        ("started", 0.0, 1.0, f"has a net benefit of zero at {amount:,.0f} per QALY", net_benefit_at(amount)),
        ("service_cost_per_year", 0.0, limit, "costs as much as the other arm", net_cost),
        (
            "service_cost_per_year",
            0.0,
            limit,
            f"has a net benefit of zero at {amount:,.0f} per QALY",
            net_benefit_at(amount),
        ),
    )
    return [
        {
            "figure": f"arms.{target}.{figure}",
            "question": f"at which “{prepared.scenario.arms[target].label or target}” {what}",
            "value": threshold(prepared, answer, f"arms.{target}.{figure}", low, high),
            "searched": [low, high],
        }
        for figure, low, high, what, answer in wanted
    ]
