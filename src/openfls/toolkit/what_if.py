"""The same case under other choices: what a reader would ask next, each run as a scenario of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from openfls.record.errors import BadInput
from openfls.toolkit.evaluate import Prepared, base_case, prepare
from openfls.toolkit.outcomes import horizon
from openfls.toolkit.parameters import value_of
from openfls.toolkit.scenario import Figure, Scenario
from openfls.toolkit.sensitivity import net_benefit_at, two_way

_NO_FOLDER = Path()
"""A prepared scenario holds its population itself."""
_HAWLEY = Figure(value=0.84, low=0.77, high=0.93, source="Hawley 2016, first year after hip fracture")


def alternatives(prepared: Prepared) -> list[dict[str, Any]]:
    """Each other choice with what it makes of the answer; first the case as it is. One that lacks a figure says
    which."""
    found = []
    for label, why, scenario in _choices(prepared):
        entry: dict[str, Any] = {"label": label, "why": why, "problem": ""}
        try:
            entry |= _answer(prepare(scenario, _NO_FOLDER))
        except BadInput as error:
            entry["problem"] = str(error)
        found.append(entry)
    return found


def _answer(prepared: Prepared) -> dict[str, Any]:
    numbers = horizon(prepared, base_case(prepared))
    return {
        "fractures": numbers["difference"]["fractures"],
        "hip": numbers["difference"]["fractures.hip"],
        "cost": numbers["cost_difference"],
        "qalys": numbers["qaly_difference_discounted"],
        "net_benefit": next(iter(numbers["net_benefit"].values())),
        "break_even_year": numbers["break_even_year"],
    }


def _choices(prepared: Prepared) -> list[tuple[str, str, Scenario]]:
    base, target = prepared.scenario, prepared.scenario.compared[1]
    analysis = base.analysis
    found = [("As given", "", base)]

    def add(label: str, why: str, **changes: Any) -> None:
        found.append((label, why, base.model_copy(update=changes)))

    def setting(label: str, why: str, **changes: Any) -> None:
        add(label, why, analysis=analysis.model_copy(update=changes))

    def arm(label: str, why: str, **changes: Any) -> None:
        changed = base.arms[target].model_copy(update=changes)
        add(label, why, arms={**base.arms, target: changed})

    other = "nhs" if analysis.perspective != "nhs" else "nhs and social care"
    setting(
        f"Seen by: {other.replace('nhs', 'NHS')}",
        "who counts as paying changes the sum, not what happens",
        perspective=other,
    )
    if analysis.calibrate:
        setting(
            "Population fracture rates",
            "the level is not brought to published English risks: a general practice's view",
            calibrate=False,
        )
    setting(
        "Second fractures cause deaths" if not analysis.attributable_mortality else "They cause none",
        "a quarter of the excess deaths after a fracture is taken to be its doing; what is causal is not known",
        attributable_mortality=not analysis.attributable_mortality,
    )
    stays = value_of(prepared.parameters, "persistence.12m")
    arm(
        "Persistence as in general practice",
        f"{100 * stays:.1f} % still on treatment at 52 weeks, as published for the UK",
        on_treatment_52wk=stays,
    )
    if base.arms[target].mortality_ratio_year1 is None:
        arm(
            "The service itself lowers deaths",
            "0.84 in the first year, seen after hip fracture in England, likely not through bone drugs",
            mortality_ratio_year1=_HAWLEY,
        )
    for method in prepared.caseloads:
        if method != prepared.method:
            add(
                f"Caseload counted by: {method}",
                "no way of counting is known to be right; the service's own count is the best",
                caseload=base.caseload.model_copy(update={"use": method}),
            )
    if analysis.years != 10:
        setting(
            "Ten years",
            "ten yearly caseloads, and ten years for what is prevented to show; the service is paid in each",
            years=10,
        )
    return found


GRID = 5


def grid(prepared: Prepared) -> Mapping[str, Any]:
    """Net benefit over the share that starts (rows) and the service's price (columns), five values each."""
    target = prepared.scenario.compared[1]
    amount = prepared.scenario.analysis.willingness_to_pay[0]
    price = prepared.parameters[f"arms.{target}.service_cost_per_year"].value or 0.0
    starts = [float(share) for share in np.linspace(0.2, 1.0, GRID)]
    prices = [float(each) for each in np.linspace(0.0, 2 * price or 200_000.0, GRID)]
    values = two_way(
        prepared,
        net_benefit_at(amount),
        (f"arms.{target}.started", starts),
        (f"arms.{target}.service_cost_per_year", prices),
    )
    return {"started": starts, "service_cost_per_year": prices, "net_benefit": values.tolist()}
