"""The map of the house, as its packages say it themselves."""

from __future__ import annotations

import ast
from pathlib import Path


def page(root: Path) -> str:
    """Every package with the first sentence of its own description, room by room."""
    source = root / "src"
    lines = [
        "# Packages",
        "",
        "What each folder is for, in its own words. Why it is laid out so: [the house](../explanation/house.md).",
        "",
    ]
    for room in sorted(path.parent for path in (source / "openfls").glob("*/__init__.py")):
        found = [(each, said) for each in _inside(room) if (said := _first_sentence(each / "__init__.py"))]
        lines += [f"## `{room.relative_to(source / 'openfls').as_posix()}/`", "", "| | |", "|---|---|"]
        for each, said in found:
            lines.append(f"| `{each.relative_to(source / 'openfls').as_posix()}/` | {said} |")
        lines.append("")
    return "\n".join(lines)


def _inside(room: Path) -> list[Path]:
    return sorted(path.parent for path in room.rglob("__init__.py"))


def _first_sentence(module: Path) -> str:
    """Up to the first full stop that ends a line or stands before a space; empty where nothing is said."""
    said = " ".join((ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").split())
    first, stop, _ = said.partition(". ")
    return (first + "." if stop else first).replace("|", "\\|")
