"""A user's text that can be printed: what Word and PDF refuse is left out; where a font lacks it, a question mark."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import typst

_HAVE_NO_INK = {"Cc", "Cs", "Cn"}
_LAST_LATIN, _GREEK, _SIGNS = 0x24F, range(0x300, 0x400), range(0x2000, 0x2300)


def printable(text: str) -> str:
    """Without control characters, halves of pairs and what is no character: a Word file must not hold them."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in _HAVE_NO_INK)


def _in_every_font(text: str) -> str:
    kept = "".join(
        each if ord(each) <= _LAST_LATIN or ord(each) in _GREEK or ord(each) in _SIGNS else "?"
        for each in printable(text)
    )
    return kept or (text and "?")


def typeset(template: bytes, name: str, content: Any) -> bytes:
    """The PDF that the template makes of ``content``; equal content gives equal bytes.

    A character that the font lacks (an emoji in the name of an area) must not cost the paper: it is set as "?".
    """
    try:
        return _set(template, name, content)
    except typst.TypstError:
        return _set(template, name, _each(content, _in_every_font))


def _set(template: bytes, name: str, content: Any) -> bytes:
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={name: json.dumps(content)})
    # PDF/UA-1 is the standard of accessible PDF; the fixed date keeps equal papers equal bytes.
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=datetime(2000, 1, 1, tzinfo=UTC))
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _each(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _each(held, change) for key, held in value.items()}
        case list() | tuple():
            return [_each(held, change) for held in value]
    return value
