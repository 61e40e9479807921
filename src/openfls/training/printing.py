"""Lessons, statements and certificates as tagged PDF (PDF/UA-1), set by Typst: no clock, no network, no system font."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import typst

from openfls.training.as_html import SHORT
from openfls.training.courses import NO_CLAIM
from openfls.training.text import Block, Notes, Run, blocks_of
from openfls.training.values import Claim, Topic


@dataclass(frozen=True, slots=True)
class Printed:
    """What a certificate says."""

    title: str
    name: str
    service: str
    issued: date
    expires: date
    code: str
    address: str
    criteria: str


def lesson_pdf(topic: Topic) -> bytes:
    """The lesson with its case, to read away from a screen; the same topic gives the same bytes."""
    return _lesson(topic)


@lru_cache(maxsize=48)
def _lesson(topic: Topic) -> bytes:
    notes = Notes()
    blocks = [
        Block("heading", (Run("What you will be able to do"),), level=2),
        Block(
            "bullets",
            items=tuple((Block("paragraph", (Run(one.text),)),) for one in topic.objectives),
        ),
        *blocks_of(topic.lesson),
        Block("heading", (Run("A case"),), level=2),
        *blocks_of(topic.case),
    ]
    if topic.reading:
        blocks.append(Block("heading", (Run("Further reading"),), level=2))
        lines = [". ".join(part for part in (one.title, one.by, one.why) if part) for one in topic.reading]
        blocks.append(Block("bullets", items=tuple((Block("paragraph", (Run(line),)),) for line in lines)))
    content = [_block(block, topic, notes) for block in blocks]
    told = {
        "title": f"{topic.id}. {topic.title}",
        "under": f"{topic.summary} About {topic.minutes} minutes. Wording of {topic.version}.",
        "blocks": content,
        "notes": [_note(topic, key) for key in notes.keys],
        "foot": f"openfls practitioner training, {topic.id}, {topic.version}. No accreditation is claimed.",
    }
    return _set("document.typ", told, _day_of(topic.version))


def _day_of(version: str) -> date:
    """The first day of the month of a wording, for the time inside the file."""
    try:
        return date.fromisoformat(f"{version[:7]}-01")
    except ValueError:
        return date(2026, 1, 1)


def statement_pdf(
    title: str, under: str, rows: Sequence[Sequence[str]], words: Sequence[str], on: date
) -> bytes:
    """A statement: lines of words under a table whose first row are its headings."""
    cells = tuple(tuple((Run(cell),) for cell in row) for row in rows)
    blocks = [Block("table", rows=cells)] if len(rows) > 1 else []
    blocks += [Block("paragraph", (Run(line),)) for line in words]
    told = {
        "title": title,
        "under": under,
        "blocks": [_block(block, None, Notes()) for block in blocks],
        "notes": [],
        "foot": "openfls practitioner training. No accreditation is claimed.",
    }
    return _set("document.typ", told, on)


def certificate_pdf(printed: Printed) -> bytes:
    """A certificate."""
    told = {
        "title": printed.title,
        "under": f"{printed.title} of {printed.name}",
        "name": printed.name,
        "lines": [f"has completed the {printed.title.lower()} at {printed.service}.", printed.criteria],
        "facts": [
            ["Issued", _words(printed.issued)],
            ["Valid until", _words(printed.expires)],
            ["Code", printed.code],
        ],
        "address": printed.address,
        "small": [
            NO_CLAIM,
            "It shows what its holder knew when the paper was passed. Competence in practice is signed off by a "
            "supervisor and is not certified here.",
        ],
    }
    return _set("certificate.typ", told, printed.issued)


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _set(layout: str, told: dict[str, Any], on: date) -> bytes:
    template = resources.files("openfls.training").joinpath("data", layout).read_bytes()
    told = {**told, "on": [on.year, on.month, on.day]}
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={"document": json.dumps(told)})
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=noon)
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _note(topic: Topic, key: str) -> list[str]:
    claim = topic.claims.get(key)
    if claim is None:
        return [f"There is no claim {key}.", "", ""]
    return [
        claim.sentence,
        f"{claim.source}.",
        f"{claim.confidence}, still to be verified." if claim.unsure else "",
    ]


def _block(block: Block, topic: Topic | None, notes: Notes) -> dict[str, Any]:
    claims = topic.claims if topic else {}
    return {
        "kind": block.kind,
        "level": block.level,
        "runs": _runs(block.runs, claims, notes),
        "items": [[_block(inner, topic, notes) for inner in item] for item in block.items],
        "rows": [[_runs(cell, claims, notes) for cell in row] for row in block.rows],
        "inside": [_block(inner, topic, notes) for inner in block.inside],
        "label": block.label,
        "alt": block.alt or block.name,
        "svg": topic.figures.get(block.name, "") if topic else "",
    }


def _mark(key: str, claims: Mapping[str, Claim], notes: Notes) -> str:
    """The number of a note, with the short mark of what is not checked."""
    claim = claims.get(key)
    short = SHORT.get(claim.confidence, "") if claim else "no source"
    return f"{notes.number(key)} {short}".strip()


def _runs(runs: Sequence[Run], claims: Mapping[str, Claim], notes: Notes) -> list[dict[str, Any]]:
    return [
        {
            "text": run.text,
            "bold": run.bold,
            "italic": run.italic,
            "code": run.code,
            "link": run.link if run.link.startswith(("http", "mailto")) else "",
            "notes": [_mark(key, claims, notes) for key in run.cites],
        }
        for run in runs
    ]
