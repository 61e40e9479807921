"""A paper as a tagged PDF, set by Typst: no clock, no network, no system font."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import typst

from openfls.toolkit.kit.paper import Bullets, Chart, Gap, Heading, Paper, Part, Text


def pdf(paper: Paper) -> bytes:
    """The paper's PDF; the same paper gives the same bytes."""
    content = {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "slides": paper.slides,
        "parts": [_part(part) for part in paper.parts],
    }
    template = resources.files("openfls.toolkit").joinpath("data/paper.typ").read_bytes()
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={"paper": json.dumps(content)})
    # PDF/UA-1 is the standard of accessible PDF; the fixed date keeps equal papers equal bytes.
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=datetime(2000, 1, 1, tzinfo=UTC))
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Heading():
            return {"kind": "heading", "text": part.text, "level": part.level}
        case Text():
            return {"kind": "text", "text": part.text, "quiet": part.quiet}
        case Gap():
            return {"kind": "gap", "text": part.text}
        case Bullets():
            return {"kind": "bullets", "items": list(part.items)}
        case Chart():
            return {"kind": "chart", "svg": part.svg, "title": part.title, "alt": part.says}
    return {
        "kind": "table",
        "title": part.title,
        "rows": [list(row) for row in part.rows],
        "numeric": part.numeric,
        "note": part.note,
    }
