"""The reference of the measures, written from the packs and the spec tables."""

from __future__ import annotations

import csv
from pathlib import Path

from openfls.quality.fields import due_fields
from openfls.quality.packs import SET_IDS, Measure, MeasureSet, measure_set

_HEAD = """# Measures

This page is generated from the measure sets (`src/openfls/quality/data`) and the spec tables (`tests/quality/spec`).
Why the measures are as they are: [Measures explained](../explanation/measures.md).

Every measure leaves out a person under 50 at the index diagnosis and an index diagnosis after the day of the count.
*Confidence* says how the definition is known; everything but `checked` is to be confirmed in the original.
In the tables of cases, days count from the index diagnosis, and *as of day* is the day of the count; a person is 80
unless a row says otherwise; `-` is a date that is not there.
"""


def reference(spec_folder: Path) -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, *(_set(measure_set(set_id), spec_folder) for set_id in SET_IDS), _fields()]
    return "\n".join(parts)


def _set(pack: MeasureSet, spec_folder: Path) -> str:
    lines = [
        f"## {pack.title}",
        "",
        f"Set `{pack.id}`, version {pack.version}, {pack.published.isoformat()}. Source: {pack.source}.",
        "",
    ]
    if pack.switches:
        lines += ["| Switch | Options (default first) | Meaning | Confidence |", "|---|---|---|---|"]
        for switch in pack.switches:
            options = [switch.default, *(option for option in switch.options if option != switch.default)]
            listed = ", ".join(f"`{option}`" for option in options)
            lines.append(f"| `{switch.id}` | {listed} | {switch.meaning} | {switch.confidence} |")
        lines.append("")
    return "\n".join(lines + [_measure(pack, measure, spec_folder) for measure in pack.measures])


def _measure(pack: MeasureSet, measure: Measure, spec_folder: Path) -> str:
    rows = {
        "Numerator": measure.numerator,
        "Denominator": measure.denominator,
        "Exclusions": measure.exclusions or "None.",
        "Missing": measure.missing,
        "Rating": f"{', '.join(step.words for step in measure.thresholds)}. {measure.rating_note}",
        "Confidence": measure.confidence.value,
        "Note": measure.note,
    }
    lines = [f"### {measure.id}: {measure.title}", ""]
    lines += [f"- **{name}:** {words}" for name, words in rows.items() if words]
    table = spec_folder / f"{pack.id}-{measure.id}.csv"
    if table.is_file():
        lines += ["", *_cases(table)]
    return "\n".join([*lines, ""])


def _cases(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    cells = [
        [cell.replace("|", "\\|").replace("_", " ") if number == 0 else cell for cell in row]
        for number, row in enumerate(rows)
    ]
    head, body = cells[0], cells[1:]
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(row)} |" for row in body)]


def _fields() -> str:
    when = {
        "always": "always",
        "day_90": "after day 90, if alive",
        "day_112": "after day 112, if alive and a drug was recommended",
        "reviewed_16": "if followed up at 16 weeks",
        "day_392": "after day 392, if alive and a drug was recommended",
        "reviewed_52": "if followed up at 52 weeks",
    }
    lines = [
        "## Fields of the completeness measures",
        "",
        "The seventeen fields that the audit looks at are not known to us; this list is ours.",
        "",
        "| Field | Due |",
        "|---|---|",
        *(f"| {item.label} | {when[item.due]} |" for item in due_fields()),
    ]
    return "\n".join([*lines, ""])
