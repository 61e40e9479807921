"""A paper as a tagged PDF, set by Typst: no clock, no network, no system font."""

from __future__ import annotations

from importlib import resources
from typing import Any

from openfls.toolkit.kit.paper import Bullets, Chart, Gap, Heading, Paper, Part, Text
from openfls.toolkit.printable import typeset


def pdf(paper: Paper) -> bytes:
    """The paper's PDF; the same paper gives the same bytes."""
    content = {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "slides": paper.slides,
        "parts": [_part(part) for part in paper.parts],
    }
    template = resources.files("openfls.toolkit").joinpath("data/paper.typ").read_bytes()
    return typeset(template, "paper", content)


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
