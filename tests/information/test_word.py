"""The Word file, read back by the library for Word files and as the archive that it is."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import docx
import pytest
from hypothesis import given, settings

from information.examples import full_context
from information.strategies import letters
from openfls.information.as_json import letter_from_json, letter_to_json
from openfls.information.as_word import render_word
from openfls.information.compose import block_texts, compose
from openfls.information.letter import Heading, ItemList, Letter, LetterKind, TextSize
from openfls.information.pictures import alt_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURE = ".//{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def read(letter: Letter):
    return docx.Document(io.BytesIO(render_word(letter)))


def texts(document) -> list[str]:
    """Every text in reading order, tables among the paragraphs."""
    found: list[str] = []
    for child in document.element.body:
        for paragraph in child.iter(f"{W}p"):
            found.append("".join(node.text or "" for node in paragraph.iter(f"{W}t", f"{W}br")))
    return found


@pytest.mark.parametrize("kind", list(LetterKind))
def test_headings_lists_tables_title_and_language(kind):
    letter = compose(kind, full_context())
    document = read(letter)
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    sections = [block for block in letter.blocks if hasattr(block, "title") or isinstance(block, Heading)]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") == len(sections)
    assert styles.count("List Bullet") == sum(
        len(block.items) for block in letter.blocks if hasattr(block, "items")
    )
    for table in document.tables:
        assert table.rows[0]._tr.find(f".//{W}tblHeader") is not None
    assert document.core_properties.title == letter.subject
    assert document.core_properties.language == "en-GB"
    assert {lang.get(f"{W}val") for lang in document.styles.element.iter(f"{W}lang")} == {"en-GB"}


def test_everything_is_there_in_reading_order():
    letter = compose("gp", full_context(), enclosures=("Your bone health",))
    text = "\n".join(texts(read(letter)))
    parts = [letter.sender.name, letter.recipient[0], "3 March 2026", letter.salutation, letter.subject]
    parts += [entry for block in letter.blocks for entry in block_texts(block)]
    parts += [letter.closing, letter.signature[0], "Enclosed: Your bone health"]
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= position, part
        position = found + len(part)


def test_pictures_of_easy_read_say_what_they_show():
    letter = compose("person", full_context(), text_size=TextSize.EASY_READ)
    shown = [block.picture for block in letter.blocks if isinstance(block, Heading)]
    found = [node.get("descr") for node in read(letter).element.body.iter(PICTURE.removeprefix(".//"))]
    assert found == [alt_text(name) for name in shown]
    assert read(letter).styles["Normal"].font.size.pt >= 16


def test_a_second_numbered_list_begins_at_one():
    letter = replace(
        compose("person", full_context()),
        blocks=(ItemList(("a", "b"), True), Heading("Then"), ItemList(("c",), True)),
    )
    numbers = [p._p.pPr.numPr.numId.val for p in read(letter).paragraphs if p.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]


def test_equal_letters_give_equal_bytes_and_no_clock_is_in_them():
    letter = compose("person", full_context())
    content = render_word(letter)
    assert content == render_word(letter_from_json(letter_to_json(letter)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time[:4] for entry in archive.infolist()} == {(2026, 3, 3, 12)}
        core = ElementTree.fromstring(archive.read("docProps/core.xml"))
    assert {node.text for node in core if node.tag.endswith(("created", "modified"))} == {
        "2026-03-03T12:00:00Z"
    }


def test_a_draft_and_a_replaced_letter_say_so():
    draft = replace(compose("gp", full_context()), draft=True)
    document = docx.Document(
        io.BytesIO(render_word(draft, notice="Replaced by a newer letter. Not to be sent."))
    )
    assert [paragraph.text for paragraph in document.paragraphs[:2]] == [
        "Replaced by a newer letter. Not to be sent.",
        "Draft: not signed by a clinician. Not to be sent.",
    ]


@given(letters())
@settings(deadline=None, max_examples=15)
def test_any_letter_at_all_can_be_written_and_read(letter):
    styles = [paragraph.style.name for paragraph in read(letter).paragraphs]
    assert styles.count("Heading 1") == 1
