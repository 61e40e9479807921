"""The PDF, read back by another library than the one that wrote it."""

from __future__ import annotations

import io
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from information.examples import bare_context, full_context
from information.strategies import letters
from openfls.information.as_json import letter_from_json, letter_to_json
from openfls.information.as_pdf import SANS, Typefaces, render_pdf, unprintable_characters
from openfls.information.compose import block_texts, compose
from openfls.information.letter import ActionBox, Letter, LetterKind, Paragraph, Sender, TextSize

LONGER = (LetterKind.PERSON,)
"""What was talked about, in 12 point, may take a second page; the letter to the GP never does where it is ordinary."""


def read(letter: Letter) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_pdf(letter)), strict=True)


def ink(text: str) -> str:
    """``text`` without spaces, ligatures and line ends, which a typesetter may change."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def printed(reader: pypdf.PdfReader) -> str:
    return ink("".join(page.extract_text() for page in reader.pages))


def elements(reader: pypdf.PdfReader) -> list[str]:
    """The names of the structure elements, in reading order."""
    names: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                names.append(str(node["/S"]).removeprefix("/"))
            walk(node.get("/K"))

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return names


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_kind_is_a_tagged_a4_pdf_with_title_and_language(kind):
    letter = compose(kind, full_context())
    reader = read(letter)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata.title == letter.subject
    metadata = reader.xmp_metadata
    assert metadata.dc_title["x-default"] == letter.subject
    stream = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part\W+1\b", stream)
    assert re.search(r"pdfaid:part\W+2\b", stream)
    for page in reader.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert len(reader.pages) <= (2 if kind in LONGER else 1)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_headings_lists_and_tables_are_in_the_structure_tree(kind):
    letter = compose(kind, full_context())
    names = elements(read(letter))
    sections = sum(type(block).__name__ in {"Heading", "ActionBox"} for block in letter.blocks)
    assert names.count("H1") == 1
    assert names.count("H2") == sections
    assert names.count("Table") == sum(hasattr(block, "rows") for block in letter.blocks)
    assert names.count("TH") == 2 * names.count("Table")
    assert names.count("LI") == sum(len(block.items) for block in letter.blocks if hasattr(block, "items"))


@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_reading_order_is_the_order_on_paper(kind):
    letter = compose(kind, full_context())
    reader = read(letter)
    foot = ink(reader.pages[0].extract_text().splitlines()[-1]).replace("Page1of2", "")
    text = re.sub(re.escape(foot) + r"Page\dof\d", "", printed(reader)) if foot else printed(reader)
    parts = [letter.sender.name, letter.recipient[0], "3 March 2026", letter.salutation, letter.subject]
    parts += [entry for block in letter.blocks for entry in block_texts(block)] + [
        letter.closing,
        letter.signature[0],
    ]
    position = 0
    for part in parts:
        found = text.find(ink(part), position)
        assert found >= position, part
        position = found + len(ink(part))


def test_equal_letters_give_equal_bytes_and_other_letters_others():
    letter = compose("person", full_context())
    again = letter_from_json(letter_to_json(letter))
    assert render_pdf(letter) == render_pdf(again)
    assert render_pdf(letter) != render_pdf(replace(letter, on=date(2026, 3, 4)))


@pytest.mark.parametrize("typefaces", [SANS, Typefaces(families=("No Such Face",))])
def test_other_faces_may_be_asked_for_and_need_not_be_there(typefaces):
    letter = compose("person", full_context())
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(letter, typefaces)))
    assert ink(letter.subject) in printed(reader)


def test_a_draft_says_so():
    assert ink("Draft: not signed by a clinician") in printed(read(compose("gp", bare_context())))
    assert "Draft" not in printed(read(compose("gp", full_context())))


def sizes(letter: Letter) -> float:
    """The font size of the first paragraph's first letters, in points."""
    found: list[float] = []

    def visit(text, _cm, matrix, _font, size):
        if text.strip().startswith("ZZZ"):
            found.append(abs(matrix[0]) * size)

    read(replace(letter, blocks=(Paragraph("ZZZ"),))).pages[0].extract_text(visitor_text=visit)
    return round(found[0], 1)


def test_large_print_is_at_least_16_points_and_letters_to_people_at_least_12():
    letter = compose("person", full_context())
    assert sizes(letter) >= 12
    assert sizes(replace(letter, text_size=TextSize.LARGE)) >= 16


# Letters, digits and marks of the scripts that the built-in fonts draw from left to right.
_DRAWN = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.sampled_from("äéîøüßçñšžłőğÞðæœŵŷáíóúÁÉ–—‘’“”…€£°²½×µαβΩЖщњ≥≤"),
    ),
    max_size=60,
)


@given(_DRAWN, _DRAWN)
@settings(deadline=None, max_examples=60)
def test_any_text_can_be_read_back(name, note):
    box = ActionBox("Please", (note,))
    letter = Letter(
        LetterKind.GP, (name,), Sender("Service"), "Subject", date(2026, 3, 3), (Paragraph(note), box)
    )
    text = printed(read(letter))
    assert ink(name) in text
    assert text.count(ink(note)) >= 2 or not ink(note)
    assert unprintable_characters(letter) == ""


@given(letters())
@settings(deadline=None, max_examples=40)
def test_any_letter_at_all_can_be_rendered(letter):
    reader = read(letter)
    assert "H1" in elements(reader)
    assert reader.metadata.title


def test_a_character_without_a_glyph_is_shown_by_its_code():
    letter = replace(compose("invitation", full_context()), recipient=("Mei 梅 \ue000",))
    assert unprintable_characters(letter) == "梅\ue000"
    assert "Mei[U+6885][U+E000]" in printed(read(letter))


def test_a_very_long_letter_runs_over_pages():
    letter = compose("person", full_context())
    reader = read(replace(letter, blocks=tuple(Paragraph("Word " * 400) for _ in range(5))))
    assert len(reader.pages) > 2
    assert ink(f"Page 1 of {len(reader.pages)}") in ink(reader.pages[0].extract_text())


def test_several_threads_may_render_at_once():
    letter = compose("person", full_context())
    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(lambda _: render_pdf(letter), range(6)))) == 1
