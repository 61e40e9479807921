"""The text of a report with the words marked that made the finding."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.service.models import SourceRecord


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of text; ``rules`` names what marked it, empty for the text between."""

    text: str
    rules: str = ""


def marked_text(record: SourceRecord) -> list[Marked]:
    """The report of ``record`` in stretches; empty where it is a code without text."""
    if not record.text:
        return []
    spans = sorted(
        (span["start"], span["end"], span["rule"]) for finding in record.findings for span in finding["spans"]
    )
    parts: list[Marked] = []
    reached = 0
    for start, end, rule in spans:
        if end <= reached:
            continue
        begin = max(start, reached)
        parts += [Marked(record.text[reached:begin]), Marked(record.text[begin:end], rule)]
        reached = end
    parts.append(Marked(record.text[reached:]))
    return [part for part in parts if part.text]
