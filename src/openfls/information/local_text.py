"""The wording of a letter as text that a person edits in one box, and back: a line is a sentence, a blank line ends a
block.

======================  ===========================================================================
``Subject: …``          the subject; given more than once, the first that stands is taken
``Greeting: …``         the same for the greeting; ``Closing: …``, ``Copies: …`` likewise
``# Heading``           a heading; ``# Heading (picture: bone)`` has a picture in easy read
``- item``, ``1. item``  a list, a numbered list
``| a | b |``           a table: the first row is its header; ``| rows of: findings |`` fills it in
``> Title``             a box: its title, then ``> - item``, and ``> otherwise: …`` where no item stands
anything else           a paragraph, one sentence a line
======================  ===========================================================================

What stands in braces is explained in `template`. Every fault is told with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openfls.information.fields import FIELD_NAMES, PAIR_FIELDS
from openfls.information.pictures import is_picture, picture_names
from openfls.information.template import check_template
from openfls.information.wording import BlockWording, LetterWording
from openfls.record.errors import BadInput

_KEYS = {"Subject": "subject", "Greeting": "salutation", "Closing": "closing", "Copies": "copies"}
_KEY = re.compile(rf"({'|'.join(_KEYS)}):\s*(.*)")
_PICTURE = re.compile(r"(.*?)\s*\(picture:\s*(\w+)\)$")
_NUMBERED = re.compile(r"\d+\.\s+(.*)")
_ROWS_OF = "rows of:"
_OTHERWISE = "otherwise:"


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong, and in which line (from 1; 0 where something is missing and so has no line)."""

    line: int
    reason: str


@dataclass(slots=True)
class Parsed:
    """The parts of a `LetterWording` that a text gives, its sentences with their lines, and its faults."""

    parts: dict[str, Any] = field(default_factory=dict)
    sentences: list[tuple[int, str]] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)


def parse_text(text: str) -> Parsed:
    """Read ``text``; nothing is raised, all that is wrong is in ``faults``."""
    parsed = Parsed()
    blocks: list[BlockWording] = []
    for group in _groups(text):
        body = []
        for number, line in group:
            found = _KEY.match(line)
            if found:
                key = _KEYS[found[1]]
                parsed.parts[key] = (*parsed.parts.get(key, ()), _checked(found[2], number, parsed))
            else:
                body.append((number, line))
        if body:
            blocks.extend(_blocks(body, parsed))
    parsed.parts["blocks"] = tuple(blocks)
    if not blocks:
        parsed.faults.append(LineFault(0, "the letter says nothing"))
    if not any(parsed.parts.get("subject", ())):
        parsed.faults.append(LineFault(0, "there is no line “Subject: …”"))
    return parsed


def text_of(wording: LetterWording) -> str:
    """``wording`` as text to edit; `parse_text` reads it back."""
    groups = [
        "\n".join(f"{name}: {text}" for name, key in _KEYS.items() for text in getattr(wording, key)),
        *("\n".join(_lines_of(block)) for block in wording.blocks),
    ]
    return "\n\n".join(group for group in groups if group) + "\n"


def _lines_of(block: BlockWording) -> list[str]:  # noqa: PLR0911 - one a kind of block
    match block.kind:
        case "heading":
            return [f"# {block.texts[0]}" + (f" (picture: {block.picture})" if block.picture else "")]
        case "list":
            return [f"- {text}" for text in block.texts]
        case "numbered":
            return [f"{number}. {text}" for number, text in enumerate(block.texts, start=1)]
        case "table":
            return [f"| {left} | {right} |" for left, right in (block.header, *block.pairs)]
        case "table_of":
            return [
                f"| {block.header[0]} | {block.header[1]} |",
                f"| {_ROWS_OF} {', '.join(block.rows_of)} |",
            ]
        case "box":
            otherwise = [f"> {_OTHERWISE} {block.empty}"] if block.empty else []
            return [f"> {block.title}", *(f"> - {text}" for text in block.texts), *otherwise]
    return list(block.texts)


Line = tuple[int, str]


def _groups(text: str) -> Iterator[list[Line]]:
    """The lines between blank ones, each with its number."""
    group: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            group.append((number, line.strip()))
        elif group:
            yield group
            group = []
    if group:
        yield group


def _kind(line: str) -> str:
    if line.startswith("#"):
        return "heading"
    if line.startswith("- "):
        return "list"
    if _NUMBERED.match(line):
        return "numbered"
    if line.startswith("|"):
        return "table"
    return "box" if line.startswith(">") else "paragraph"


def _blocks(group: list[Line], parsed: Parsed) -> Iterator[BlockWording]:
    """The blocks of a group: neighbours of one kind belong together, a heading stands by itself."""
    run: list[Line] = []
    for entry in group:
        kind = _kind(entry[1])
        if run and (kind != _kind(run[0][1]) or kind == "heading"):
            yield _READERS[_kind(run[0][1])](run, parsed)
            run = []
        run.append(entry)
    yield _READERS[_kind(run[0][1])](run, parsed)


def _checked(text: str, number: int, parsed: Parsed) -> str:
    parsed.sentences.append((number, text))
    try:
        check_template(text, FIELD_NAMES, where="")
    except BadInput as error:
        parsed.faults.append(LineFault(number, error.reason))
    if not text:
        parsed.faults.append(LineFault(number, "nothing stands here"))
    return text


def _heading(run: list[Line], parsed: Parsed) -> BlockWording:
    number, line = run[0]
    text, picture = line.lstrip("#").strip(), ""
    found = _PICTURE.match(text)
    if found:
        text, picture = found[1], found[2]
        if not is_picture(picture):
            known = ", ".join(sorted(picture_names()))
            parsed.faults.append(LineFault(number, f"there is no picture “{picture}”; there are {known}"))
    return BlockWording("heading", (_checked(text, number, parsed),), picture=picture)


def _list(run: list[Line], parsed: Parsed) -> BlockWording:
    return BlockWording("list", tuple(_checked(line[2:].strip(), number, parsed) for number, line in run))


def _numbered(run: list[Line], parsed: Parsed) -> BlockWording:
    texts = [(number, found[1]) for number, line in run if (found := _NUMBERED.match(line))]
    return BlockWording("numbered", tuple(_checked(text, number, parsed) for number, text in texts))


def _paragraph(run: list[Line], parsed: Parsed) -> BlockWording:
    return BlockWording("paragraph", tuple(_checked(line, number, parsed) for number, line in run))


def _table(run: list[Line], parsed: Parsed) -> BlockWording:
    rows: list[tuple[str, str]] = []
    rows_of: tuple[str, ...] = ()
    for number, line in run:
        inner = line.strip("|").strip()
        if inner.startswith(_ROWS_OF):
            rows_of = tuple(name.strip() for name in inner.removeprefix(_ROWS_OF).split(","))
            for name in rows_of:
                if name not in PAIR_FIELDS:
                    known = ", ".join(PAIR_FIELDS)
                    parsed.faults.append(LineFault(number, f"no rows of “{name}”; there are {known}"))
                parsed.sentences.append((number, f"{{{name}}}"))
            continue
        # The bar within braces belongs to a field: {birth_date|not known yet}.
        cells = [cell.strip() for cell in re.split(r"\|(?![^{}]*\})", inner)]
        if len(cells) != 2:
            parsed.faults.append(LineFault(number, f"a row of a table has two cells, not {len(cells)}"))
            continue
        rows.append((_checked(cells[0], number, parsed), _checked(cells[1], number, parsed)))
    if not rows:
        parsed.faults.append(LineFault(run[0][0], "a table begins with a row for its header"))
        rows = [("", "")]
    if rows_of and len(rows) > 1:
        parsed.faults.append(LineFault(run[0][0], "a table has rows of its own, or “rows of:”, not both"))
    if rows_of:
        return BlockWording("table_of", rows_of=rows_of, header=rows[0])
    return BlockWording("table", pairs=tuple(rows[1:]), header=rows[0])


def _box(run: list[Line], parsed: Parsed) -> BlockWording:
    title, empty, items = "", "", []
    for number, line in run:
        inner = line[1:].strip()
        if inner.startswith("- "):
            items.append(_checked(inner[2:].strip(), number, parsed))
        elif inner.startswith(_OTHERWISE):
            empty = _checked(inner.removeprefix(_OTHERWISE).strip(), number, parsed)
        elif title:
            parsed.faults.append(LineFault(number, "a box has one title; an item begins with “> - ”"))
        else:
            title = _checked(inner, number, parsed)
    if not title:
        parsed.faults.append(LineFault(run[0][0], "a box begins with its title: “> Please”"))
    return BlockWording("box", tuple(items), title=title, empty=empty)


_READERS = {
    "heading": _heading,
    "list": _list,
    "numbered": _numbered,
    "paragraph": _paragraph,
    "table": _table,
    "box": _box,
}
