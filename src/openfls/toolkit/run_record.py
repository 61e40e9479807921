"""The record of a run: enough for anyone to get the same digits again, and to see whether they did."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

import openfls
from openfls.toolkit.evaluate import Prepared


def digest(value: object) -> str:
    """SHA-256 of a value written as JSON with sorted keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def parameter_rows(prepared: Prepared) -> list[dict[str, Any]]:
    """Every parameter as it was used."""
    return [
        asdict(parameter) | {"distribution": str(parameter.distribution)}
        for parameter in prepared.parameters.values()
    ]


def run_record(prepared: Prepared, scenario_text: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """What went in, what it was computed with, and the hashes of both ends. It holds no date: two runs of the
    same inputs have the same record."""
    inputs = {
        "scenario": scenario_text,
        "parameters": parameter_rows(prepared),
        "caseload": {"method": prepared.method, "people": prepared.strata.people.tolist()},
    }
    return {
        "openfls": openfls.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "generator": "PCG64, one stream for each parameter",
        "seed": prepared.scenario.analysis.seed,
        "draws": prepared.scenario.analysis.draws,
        "lifetime_draws": prepared.scenario.analysis.lifetime_draws,
        "inputs_sha256": digest(inputs),
        "results_sha256": digest(found),
        **inputs,
    }
