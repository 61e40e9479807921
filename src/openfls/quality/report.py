"""A report of the quality pages as a tagged PDF (PDF/UA-1), set by Typst: no clock, no network, no system font."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib import resources

import typst


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the words that stand for it."""

    svg: str
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report: words, a drawing, a table whose first row are its headings, and a note under it."""

    title: str
    words: tuple[str, ...] = ()
    picture: Picture | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    wide: int = 0
    """The column that takes the room that is left; 0 is the first."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. ``under`` names service, period and day."""

    title: str
    under: str
    parts: tuple[Part, ...]
    foot: tuple[str, ...] = ()


def pdf(report: Report, on: date) -> bytes:
    """The report's PDF; the same report of the same day gives the same bytes."""
    template = resources.files("openfls.quality").joinpath("data/report.typ").read_bytes()
    compiler = typst.Compiler(
        template, ignore_system_fonts=True, sys_inputs={"report": json.dumps(asdict(report))}
    )
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=noon)
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def picture_of(svg: str, title: str) -> Picture:
    """A chart of `charts`, its own description as the words that stand for it."""
    alt = svg.split("<desc", 1)[1].split(">", 1)[1].split("</desc>", 1)[0]
    return Picture(svg, title, alt or title)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Rows for a part, the headings first; none where there is no row."""
    return (tuple(headings), *(tuple(row) for row in rows)) if rows else ()
