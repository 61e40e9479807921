"""Everything that a scenario's report says, as plain numbers: the content of ``summary.json`` and of its tables.

It is made in stages, so that a page can show the base case at once and how far the rest has come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from openfls.toolkit import calibration
from openfls.toolkit.chances import chances, information
from openfls.toolkit.evaluate import Prepared, base_case, probabilistic
from openfls.toolkit.outcomes import RETURN_DEFINITION, funnel_of, horizon, tables
from openfls.toolkit.sensitivity import net_benefit_at, net_cost, one_way, threshold
from openfls.toolkit.what_if import alternatives, grid

__all__ = ["RETURN_DEFINITION", "STAGES", "analyse", "base", "held_fixed", "tables"]


def base(prepared: Prepared) -> dict[str, Any]:
    """The base case over the scenario's years: the quick first answer, without any simulation."""
    scenario = prepared.scenario
    current, target = scenario.compared
    arms = base_case(prepared)
    return {
        "title": scenario.title,
        "compared": {"current": current, "target": target},
        "labels": {name: scenario.arms[name].label or name for name in scenario.compared},
        "caseload": {
            "used": prepared.method,
            "methods": {name: {"total": s.total, **s.by_site()} for name, s in prepared.caseloads.items()},
        },
        "funnel": {name: funnel_of(arms[name]) for name in scenario.compared},
        "years": scenario.analysis.years,
        "discount_costs": scenario.analysis.discount_costs,
        "discount_effects": scenario.analysis.discount_effects,
        "perspective": scenario.analysis.perspective,
        "budget": horizon(prepared, arms),
        "return_definition": RETURN_DEFINITION,
        "not_known": list(prepared.missing),
        "held_fixed": held_fixed(prepared),
        "assumed": [p.id for p in prepared.parameters.values() if p.confidence == "assumption"],
    }


def _simulations(prepared: Prepared) -> dict[str, Any]:
    drawn, draws = probabilistic(prepared)
    return {
        "probabilistic": chances(prepared, drawn),
        "value_of_information": information(prepared, drawn, draws),
    }


def _lifetime(prepared: Prepared) -> dict[str, Any]:
    found: dict[str, Any] = {"lifetime": horizon(prepared, base_case(prepared, lifetime=True))}
    if prepared.scenario.analysis.lifetime_draws:
        long, _ = probabilistic(prepared, lifetime=True)
        found["probabilistic_lifetime"] = chances(prepared, long)
    return found


def _one_figure(prepared: Prepared) -> dict[str, Any]:
    target = prepared.scenario.compared[1]
    return {
        "one_way": [asdict(swing) for swing in one_way(prepared, net_benefit_at(_first(prepared)))[:15]],
        "thresholds": _thresholds(prepared, target),
        "two_way": grid(prepared),
        "calibration": [
            {**asdict(each), "inside": each.inside}
            for each in calibration.report(prepared.parameters, prepared.strata)
        ],
    }


def _what_if(prepared: Prepared) -> dict[str, Any]:
    return {"scenarios": alternatives(prepared)}


STAGES: Mapping[str, Callable[[Prepared], dict[str, Any]]] = {
    "Simulations over the years": _simulations,
    "A lifetime": _lifetime,
    "One figure at a time": _one_figure,
    "Other scenarios": _what_if,
}
"""What follows the base case, in order, by what to call it while one waits."""


def analyse(prepared: Prepared) -> dict[str, Any]:
    """The whole analysis of a scenario. All values are numbers, text, lists or mappings; nothing depends on
    the day."""
    found = base(prepared)
    for stage in STAGES.values():
        found |= stage(prepared)
    return found


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
