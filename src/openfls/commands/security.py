"""The two made documents of the security file: the threat model, and how each requirement of ASVS 5.0 stands."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path("docs/safety/security")
STATES = {"met": "met", "open": "**open**", "none": "not applicable"}


def threats_of(root: Path) -> list[dict[str, Any]]:
    """Every threat of the model."""
    text = (root / FOLDER / "threat-model.toml").read_text(encoding="utf-8")
    threats: list[dict[str, Any]] = tomllib.loads(text)["threat"]
    return threats


def requirements_of(root: Path) -> dict[str, dict[str, Any]]:
    """Chapters by their number; in each ``title`` and, by its number, level, state, words and references."""
    return tomllib.loads((root / FOLDER / "asvs.toml").read_text(encoding="utf-8"))


def threat_model(root: Path) -> str:
    """The picture as it is written, and every threat with its controls and tests."""
    lines = [(root / FOLDER / "threat-model.head.txt").read_text(encoding="utf-8").rstrip(), ""]
    lines.append(
        "Made from `threat-model.toml`; a test fails where a test that is named here does not exist."
    )
    for threat in threats_of(root):
        lines += [
            "",
            f"### {threat['id']}: {threat['what']}",
            "",
            f"{threat['kind']}, at {threat['at']}.",
            "",
        ]
        lines += [
            f"- Against it: {threat['controls']}.",
            "- Tests: " + ", ".join(f"`{name}`" for name in threat["tests"]),
        ]
        lines += [f"- What is left: {threat['left']}."] if threat["left"] else []
    return "\n".join([*lines, ""])


def asvs(root: Path) -> str:
    """Every requirement of levels 1 and 2 with its state, and the counts."""
    chapters = requirements_of(root)
    every = [row for rows in chapters.values() for row in rows.values() if isinstance(row, list)]
    lines = [
        "# OWASP ASVS 5.0, levels 1 and 2 (draft)",
        "",
        "Made from `asvs.toml`: the number of each requirement, how it stands here in our words, and where to look.",
        "What a requirement asks stands in the standard itself (OWASP, CC BY-SA 4.0), which is not copied here. Judged",
        "by those who wrote the system, not by an assessor.",
        "",
        "| Level | met | open | not applicable |",
        "|---|---|---|---|",
    ]
    for level in (1, 2):
        counted = Counter(row[1] for row in every if row[0] == level)
        lines.append(f"| {level} | {counted['met']} | {counted['open']} | {counted['none']} |")
    whole = Counter(row[1] for row in every)
    lines += [f"| both | {whole['met']} | {whole['open']} | {whole['none']} |", "", "## What is open", ""]
    lines += [
        f"- {number}: {row[2]}"
        for rows in chapters.values()
        for number, row in rows.items()
        if isinstance(row, list) and row[1] == "open"
    ]
    for chapter, rows in chapters.items():
        lines += [
            "",
            f"## {chapter} {rows['title']}",
            "",
            "| | Level | | | Look at |",
            "|---|---|---|---|---|",
        ]
        for number, row in rows.items():
            if number != "title":
                level, state, words, *refs = row
                look = "<br>".join(f"`{each}`" for each in refs)
                lines.append(f"| {number} | {level} | {STATES[state]} | {words} | {look} |")
    return "\n".join([*lines, ""])
