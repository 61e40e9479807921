"""Small scenarios for the tests."""

from __future__ import annotations

from pathlib import Path

from openfls.toolkit.evaluate import Prepared, prepare
from openfls.toolkit.scenario import Scenario

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "benefits.toml"


def scenario_data(**changes):
    """A small scenario as plain data; ``current__started=0.1`` reaches into an arm."""
    arm = {
        "identified": 1.0,
        "recommended": 1.0,
        "started": 0.2,
        "on_treatment_52wk": 0.44,
        "drugs": {"alendronate": 1.0},
        "service_cost_per_year": 0.0,
    }
    data = {
        "title": "test",
        "caseload": {
            "own": [
                {"site": "hip", "sex": "female", "age": 83, "per_year": 200},
                {"site": "vertebral", "sex": "male", "age": 74, "per_year": 90},
                {"site": "other", "sex": "female", "age": 66, "per_year": 700},
            ]
        },
        "arms": {
            "current": dict(arm),
            "target": {**arm, "started": 0.6, "on_treatment_52wk": 0.8, "service_cost_per_year": 100_000.0},
        },
        "analysis": {"draws": 400, "lifetime_draws": 100},
        "parameters": {"cost.drug.alendronate": 20.0, "cost.drug.zoledronate": 300.0},
    }
    for key, value in changes.items():
        where, _, name = key.partition("__")
        if where in data["arms"]:
            data["arms"][where][name] = value
        elif name:
            data[where] = {**data[where], name: value}
        elif isinstance(value, dict) and isinstance(data.get(where), dict):
            data[where] = {**data[where], **value}
        else:
            data[where] = value
    return data


def prepared(**changes) -> Prepared:
    """The small scenario, made ready."""
    return prepare(Scenario.model_validate(scenario_data(**changes)), Path())
