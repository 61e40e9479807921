"""One file of many letters, and every letter in large print and easy read: tags, language, order, marks."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from information.examples import full_context
from information.test_pdf import elements, ink, printed, read
from openfls.information.as_pdf import Sheet, render_bundle, render_pdf
from openfls.information.compose import block_texts, compose
from openfls.information.easy_read import sentences
from openfls.information.leaflet import leaflets
from openfls.information.letter import TO_THE_PERSON, Addition, Heading, Letter, TextSize

SIZES = [TextSize.LARGE, TextSize.EASY_READ]


@pytest.mark.parametrize("kind", sorted(TO_THE_PERSON))
@pytest.mark.parametrize("size", SIZES)
def test_large_print_and_easy_read_are_tagged_and_in_order(kind, size):
    letter = compose(kind, full_context(), text_size=size, enclosures=("Your bone health",))
    reader = read(letter)
    names = elements(reader)
    headings = [block for block in letter.blocks if isinstance(block, Heading)]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.metadata.title == letter.subject
    assert (names.count("H1"), names.count("H2")) == (1, len(headings))
    assert names.count("Figure") == (len(headings) if size is TextSize.EASY_READ else 0)
    text, position = printed(reader), 0
    for part in (entry for block in letter.blocks for entry in block_texts(block)):
        # A page may end within a part: its footer then stands between two of its words.
        found = text.find(ink(part.split()[0]), position)
        assert found >= position, part
        position = found


def test_pictures_have_their_words():
    reader = read(compose("person", full_context(), text_size=TextSize.EASY_READ))
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node["/Alt"]))
            walk(node.get("/K"))

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert found == ["A bone", "A box of medicine and two tablets", "A calendar", "A telephone"]


def test_a_bundle_counts_the_pages_of_each_and_marks_them():
    letters = [compose("person", full_context(), text_size=size) for size in TextSize]
    sheets = [
        Sheet(letter, mark=f"Batch 7, letter {number} of 3") for number, letter in enumerate(letters, start=1)
    ]
    sheets.insert(1, Sheet(leaflets()["food"], mark="Batch 7, letter 1 of 3"))
    content = render_bundle(sheets, "Batch 7", "North FLS", date(2026, 3, 3))
    reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    alone = [len(read(letter).pages) for letter in letters]
    assert sum("Page 1 of" in text for text in texts) == len(sheets)
    for number, pages in enumerate(alone, start=1):
        marked = [text for text in texts if f"letter {number} of 3" in text]
        own = [text for text in marked if "Fracture Liaison Service · FLS-2026-0042" in text]
        assert len(own) == pages, "a letter breaks alike alone and among others"
        assert f"Page {pages} of {pages}" in own[-1]
    assert elements(reader).count("H1") == len(sheets)
    assert content == render_bundle(sheets, "Batch 7", "North FLS", date(2026, 3, 3))


def test_a_notice_stands_on_the_face():
    content = render_pdf(compose("gp", full_context()), notice="Replaced by a newer letter.")
    assert "Replaced by a newer letter." in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_what_was_added_by_hand_has_a_heading_of_its_own():
    plain = compose("person", full_context())
    letter = Letter(
        **{**_parts(plain), "blocks": (*plain.blocks, Addition("A note from Robin", ("Ring twice.",)))}
    )
    assert elements(read(letter)).count("H2") == elements(read(plain)).count("H2") + 1
    assert ink("A note from RobinRing twice.") in printed(read(letter))


def _parts(letter: Letter) -> dict[str, object]:
    return {name: getattr(letter, name) for name in Letter.__slots__}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ("One.", "Two!", "Three?")),
        ("See Dr P. Sandpiper at St. Bride. Then rest.", ("See Dr P. Sandpiper at St. Bride.", "Then rest.")),
        ("Take 1.5 mg. then wait.", ("Take 1.5 mg. then wait.",)),
        ("", ("",)),
    ],
)
def test_sentences_are_parted_where_they_end(text, parts):
    assert sentences(text) == parts
