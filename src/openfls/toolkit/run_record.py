"""The record of a run: enough for anyone to get the same digits again, and to see whether they did."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import openfls
from openfls.record.errors import BadInput
from openfls.toolkit.analysis import analyse
from openfls.toolkit.evaluate import Prepared, prepare
from openfls.toolkit.scenario import parse
from openfls.toolkit.scenario_text import text_of

VERSIONS = ("openfls", "python", "numpy", "machine")
LARGEST = 2_000_000
"""Characters of a record; a real one has some forty thousand."""


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


def run_record(prepared: Prepared, found: Mapping[str, Any]) -> dict[str, Any]:
    """What went in, what it was computed with, and the hashes of both ends. It holds no date: two runs of the
    same inputs have the same record. Its scenario needs no other file."""
    inputs = {
        "scenario": text_of(prepared.scenario),
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


@dataclass(frozen=True, slots=True)
class Rerun:
    """A record run again, beside what it said.

    Attributes:
        prepared, found, record: of the new run.
        same: whether every digit of the results came out as recorded.
        why_not: what differs, a line each; empty where all is the same.
    """

    prepared: Prepared
    found: Mapping[str, Any]
    record: Mapping[str, Any]
    same: bool
    why_not: tuple[str, ...]


def read_record(text: str, where: str) -> dict[str, Any]:
    """A run record from its text.

    Raises:
        BadInput: it is no run record, and why.
    """
    if len(text) > LARGEST:
        raise BadInput("is larger than any run record", where=where)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not readable as JSON ({error})", where=where) from error
    needed = ("scenario", "parameters", "inputs_sha256", "results_sha256", *VERSIONS)
    for key in needed:
        if not isinstance(record, dict) or key not in record:
            raise BadInput(f"is no run record: it has no '{key}'", where=where)
    if not isinstance(record["scenario"], str) or not isinstance(record["parameters"], list):
        raise BadInput("is no run record: scenario is text, parameters is a list", where=where)
    return dict(record)


def rerun(record: Mapping[str, Any], where: str) -> Rerun:
    """Run a record's scenario again and compare.

    Raises:
        BadInput: the scenario in it cannot be run.
    """
    prepared = prepare(parse(record["scenario"], where), Path())
    found = analyse(prepared)
    new = run_record(prepared, found)
    same = new["results_sha256"] == record["results_sha256"]
    return Rerun(prepared, found, new, same, () if same else tuple(_differences(record, new)))


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    lines = [f"{name}: {old[name]} then, {new[name]} now" for name in VERSIONS if old[name] != new[name]]
    then = {row["id"]: row["value"] for row in old["parameters"] if isinstance(row, dict) and "id" in row}
    now = {row["id"]: row["value"] for row in new["parameters"]}
    lines += [
        f"{name}: {then.get(name)} then, {now.get(name)} now"
        for name in {**then, **now}
        if then.get(name) != now.get(name)
    ]
    if not lines and old["inputs_sha256"] == new["inputs_sha256"]:
        lines.append(
            "the inputs are the same, so the record's own results were changed or another program ran it"
        )
    elif not lines:
        lines.append("the inputs in the record are not those that its hash was taken of")
    return lines
