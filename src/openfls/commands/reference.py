"""The reference documents, each made from the code or the data that it describes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from openfls import options
from openfls.commands import packages, security
from openfls.commands.app import app
from openfls.quality.packs import SET_IDS
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


def _investigation(name: str) -> Callable[[Path], str]:
    def make(root: Path) -> str:
        from openfls.investigation.reference import page

        return page(name, root / "tests/investigation/spec")

    return make


def _measures(root: Path) -> str:
    from openfls.quality.reference import reference

    return reference(root / "tests/quality/spec")


def _benefits(_: Path) -> str:
    from openfls.toolkit.reference import page

    return page()


def _drugs(root: Path) -> str:
    from openfls.intervention.reference import drugs_page

    return drugs_page(root / "tests/intervention/spec")


def _alerts(root: Path) -> str:
    from openfls.intervention.reference import alerts_page

    return alerts_page(root / "tests/intervention/spec")


def _tables(_: Path) -> str:
    from openfls.service.dictionary import page

    return page()


def _api(_: Path) -> str:
    from openfls.web.api.reference import page

    return page()


def _limits(_: Path) -> str:
    from openfls.service.limits import page

    return page()


def hazards(root: Path) -> str:
    """The hazard log, each control with the tests that watch it."""
    lines = [
        "# Hazard log (draft)",
        "",
        "Made from `hazards.toml`. Not adopted by a clinical safety officer; severity and likelihood are not judged.",
        "",
    ]
    for hazard in tomllib.loads((root / "docs/safety/hazards.toml").read_text(encoding="utf-8"))["hazard"]:
        lines += [f"## {hazard['id']}: {hazard['what']}", "", hazard["effect"], ""]
        lines += ["| Control | Tests |", "|---|---|"]
        for control in hazard["control"]:
            lines.append(f"| {control['what']} | {'<br>'.join(f'`{test}`' for test in control['tests'])} |")
        lines.append("")
    return "\n".join(lines)


def _measures_sql(set_id: str) -> Callable[[Path], str]:
    """The compiled SQL of a measure set, which `openfls measure` reads instead of compiling it."""

    def make(_: Path) -> str:
        from openfls.quality.kept import shipped_text

        return shipped_text(set_id)

    return make


DOCUMENTS: dict[str, Callable[[Path], str]] = {
    "reference/commands.md": lambda _: commands(),
    "reference/pathway.md": lambda _: pathway(),
    "reference/settings.md": lambda _: options.reference(),
    "reference/roles.md": lambda _: roles(),
    "reference/measures.md": _measures,
    "reference/benefits-parameters.md": _benefits,
    **{f"reference/{name}.md": _investigation(name) for name in ("ng259", "nogg", "falls", "bloods")},
    "reference/drugs.md": _drugs,
    "reference/alerts.md": _alerts,
    "reference/tables.md": _tables,
    "reference/api.md": _api,
    "reference/packages.md": packages.page,
    "safety/hazards.md": hazards,
    "safety/security/threat-model.md": security.threat_model,
    "safety/security/asvs.md": security.asvs,
    "safety/known-limits.md": _limits,
    **{f"../src/openfls/quality/data/sql/{name}.json": _measures_sql(name) for name in SET_IDS},
}
"""Each document under ``docs`` and how it is made, given the root of the repository (for its spec tables)."""


def write(root: Path) -> list[str]:
    """Write every document that has changed; their names."""
    changed = []
    for name, make in DOCUMENTS.items():
        path, text = root / "docs" / name, make(root)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
