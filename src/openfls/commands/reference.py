"""The reference documents, each made from the code or the data that it describes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from openfls.commands.app import app
from openfls.record.pathway import PLACES, diagram


def commands() -> str:
    """Every command that is registered, with its arguments and options."""
    root = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        "Tables are CSV, Parquet or JSON lines by the ending of their name. Bad input ends with one line on standard",
        "error and exit code 2.",
        "",
    ]
    for path, command in _leaves(root, "openfls"):
        lines += [f"## `{path}`", "", (command.help or "").strip(), ""]
        parameters = [parameter for parameter in command.params if parameter.name != "help"]
        lines += ["| | | |", "|---|---|---|"] if parameters else []
        for parameter in parameters:
            names = ", ".join(f"`{name}`" for name in parameter.opts)
            about = getattr(parameter, "help", None) or ""
            needed = "needed" if parameter.required else ""
            lines.append(f"| {names} | {about} | {needed} |")
        lines.append("")
    return "\n".join(lines)


def _leaves(group: Any, path: str) -> list[tuple[str, Any]]:
    # Typer carries its own copy of click, which is not for others to name: groups are known by their commands.
    found: list[tuple[str, Any]] = []
    for name in sorted(group.commands):
        command = group.commands[name]
        if hasattr(command, "commands"):
            found += _leaves(command, f"{path} {name}")
        else:
            found.append((f"{path} {name}", command))
    return found


def pathway() -> str:
    """The pathway as a table and a drawing."""
    lines = [
        "# The pathway",
        "",
        "Made from `record/pathway.py`. Days count from the diagnosis of the index fracture. Beside the arrows",
        "there is one way back: the last step that stands can be undone for a day, and corrected with a reason",
        "after that.",
        "",
        "| State | List | Next step | Not before day | By day |",
        "|---|---|---|---|---|",
    ]
    for place in PLACES.values():
        by = (str(place.not_before), str(place.within)) if place.is_open else ("", "")
        lines.append(f"| `{place.state}` | {place.list_title} | {place.next_step} | {by[0]} | {by[1]} |")
    return "\n".join([*lines, "", "```mermaid", diagram().rstrip(), "```", ""])


def roles() -> str:
    """What each role may do."""
    from openfls.service.roles import ALLOWED, May, Role

    lines = [
        "# Roles",
        "",
        "| | " + " | ".join(role.label for role in Role) + " |",
        "|---" * (len(Role) + 1) + "|",
    ]
    for what in May:
        lines.append(
            f"| {what.value} | " + " | ".join("yes" if what in ALLOWED[role] else "" for role in Role) + " |"
        )
    return "\n".join([*lines, ""])


DOCUMENTS: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "pathway.md": pathway,
    "roles.md": roles,
}


def write(folder: Path) -> list[str]:
    """Write every document into ``folder``; the names of those that changed."""
    changed = []
    for name, make in DOCUMENTS.items():
        path, text = folder / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
