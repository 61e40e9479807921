"""The security file names tests and files that exist, and every requirement of the standard once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from openfls.commands.security import STATES, requirements_of, threats_of

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = {
    number: row
    for rows in requirements_of(ROOT).values()
    for number, row in rows.items()
    if number != "title"
}
OF_EACH_LEVEL = {1: 70, 2: 183}
"""How many requirements ASVS 5.0 has of each level."""


@cache
def functions(file: str) -> frozenset[str]:
    """The functions of a file of the repository."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(named: str) -> bool:
    """Whether a reference (file, or file::function) leads nowhere."""
    file, _, function = named.partition("::")
    return not (ROOT / file).exists() or bool(function and function not in functions(file))


def test_each_requirement_stands_there_once_with_a_state_and_what_is_met_says_where() -> None:
    levels = [row[0] for row in REQUIREMENTS.values()]
    assert {level: levels.count(level) for level in (1, 2)} == OF_EACH_LEVEL
    assert {row[1] for row in REQUIREMENTS.values()} == set(STATES)
    assert [number for number, row in REQUIREMENTS.items() if row[1] == "met" and not row[3:]] == []
    assert all(row[2] for row in REQUIREMENTS.values())


def test_what_the_map_names_exists() -> None:
    assert [(number, each) for number, row in REQUIREMENTS.items() for each in row[3:] if missing(each)] == []


def test_every_threat_has_tests_that_exist() -> None:
    threats = threats_of(ROOT)
    assert {threat["kind"][0] for threat in threats} == set("STRIDE")
    assert all(threat["tests"] and threat["controls"] for threat in threats)
    assert [
        (threat["id"], each) for threat in threats for each in threat["tests"] if missing(f"tests/{each}")
    ] == []
