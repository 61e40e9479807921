"""The documents that are made say what the code and the data say."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import openfls.commands.all
from openfls.commands.reference import DOCUMENTS

ROOT = Path(__file__).resolve().parents[2]
HAZARDS = tomllib.loads((ROOT / "docs/safety/hazards.toml").read_text(encoding="utf-8"))["hazard"]
NAMED = [
    (hazard["id"], test) for hazard in HAZARDS for control in hazard["control"] for test in control["tests"]
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_has_fallen_behind(name: str) -> None:
    assert openfls.commands.all.app.registered_commands
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert kept == DOCUMENTS[name](ROOT), "run `make docs`"


def test_the_least_that_a_setting_takes_is_said() -> None:
    assert "| `OPENFLS_IDLE_MINUTES` | whole number, at least 5 |" in DOCUMENTS["reference/settings.md"](
        Path()
    )


def test_every_reference_document_is_made() -> None:
    assert {f"reference/{path.name}" for path in (ROOT / "docs/reference").glob("*.md")} <= set(DOCUMENTS)


@pytest.mark.parametrize(("hazard", "named"), NAMED)
def test_a_control_names_tests_that_exist(hazard: str, named: str) -> None:
    file, _, function = named.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, hazard


def test_every_control_has_a_test() -> None:
    assert all(control["tests"] for hazard in HAZARDS for control in hazard["control"])
