"""What is printed stands in data, by language; the code around it has no prose of its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from openfls.information import words
from openfls.information.pictures import alt_text, picture_names
from openfls.information.words import languages, months, say

ROOM = Path(words.__file__).parent
# Modules that make what is printed. Refusals and errors, which no letter prints, are elsewhere.
PRINTING = (
    "as_html",
    "as_pdf",
    "as_word",
    "easy_read",
    "fields",
    "leaflet",
    "phrases",
    "pictures",
    "plain",
    "sample",
)
_PROSE = re.compile(r"[A-Za-z’']{2,} [a-z’']{2,}")


def _strings(tree: ast.AST) -> list[str]:
    """String constants that are neither documentation nor the words of an error."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.Raise):
            silent |= {id(inner) for inner in ast.walk(node)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    ]


@pytest.mark.parametrize("module", PRINTING)
def test_no_prose_is_in_code(module):
    found = [
        text
        for text in _strings(ast.parse((ROOM / f"{module}.py").read_text("utf-8")))
        if _PROSE.search(text)
    ]
    assert [text for text in found if "<" not in text and "--" not in text] == []


def test_no_prose_is_in_the_layout():
    for layout in (ROOM / "data").glob("*.typ"):
        code = re.sub(r"//.*", "", layout.read_text("utf-8"))
        assert [text for text in re.findall(r'"([^"]*)"', code) if _PROSE.search(text)] == []


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything(language):
    assert set(words._texts(language)) == set(words._texts("en-GB"))
    assert len(months(language)) == 12
    assert all(alt_text(name, language) for name in picture_names())


def test_values_are_never_read_as_wording():
    assert say("letter.note_from", name="{date}") == "A note from {date}"


def test_a_language_without_words_is_surrounded_by_english_ones():
    assert say("letter.copies", "cy", value="x") == "Copy to: x"
