"""Our leaflets: plain, sourced, dated, and one for each medicine that the rules know."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf
import pytest

from information.test_pdf import elements, ink
from openfls.information.as_html import render_leaflet_html
from openfls.information.as_pdf import render_leaflet_pdf
from openfls.information.easy_read import sentences
from openfls.information.leaflet import leaflet_from, leaflets, leaflets_for, printed_blocks
from openfls.information.letter import Heading, Paragraph, TextSize
from openfls.information.pictures import is_picture
from openfls.information.readability import blocks_text, readability
from openfls.information.words import languages
from openfls.record.advice import Confidence
from openfls.record.errors import BadInput
from openfls.record.reasons import Drug

RULES = Path(__file__).parents[3] / "shared" / "data" / "drug_rules.json"
EVERY = list(leaflets().values())
by_key = pytest.mark.parametrize("leaflet", EVERY, ids=lambda leaflet: leaflet.key)


@by_key
def test_a_leaflet_is_read_by_a_child_of_eleven(leaflet):
    found = readability(blocks_text(printed_blocks(leaflet)))
    assert found.reading_age <= 11
    assert found.smog_grade <= 8
    assert found.words > 100


@by_key
def test_a_leaflet_says_where_it_comes_from_and_what_is_unsure(leaflet):
    blocks = printed_blocks(leaflet)
    text = render_leaflet_html(leaflet)
    assert leaflet.facts
    assert leaflet.written < leaflet.review
    assert f"Written on {leaflet.written.day} November 2026" in text
    for fact in leaflet.facts:
        assert fact.source in text.replace("&#x27;", "'")
        assert str(fact.confidence) in text
    unsure = any(fact.confidence is not Confidence.CHECKED for fact in leaflet.facts)
    first = blocks[0]
    assert isinstance(first, Paragraph)
    assert ("still to be checked" in first.text) is unsure


@by_key
def test_pictures_are_there(leaflet):
    names = [leaflet.picture, *(block.picture for block in leaflet.body if isinstance(block, Heading))]
    assert all(is_picture(name) for name in names if name)


@by_key
@pytest.mark.parametrize("size", TextSize)
def test_a_leaflet_is_a_tagged_pdf_in_every_size(leaflet, size):
    reader = pypdf.PdfReader(io.BytesIO(render_leaflet_pdf(leaflet, size)), strict=True)
    root = reader.trailer["/Root"]
    names = elements(reader)
    headings = sum(isinstance(block, Heading) for block in printed_blocks(leaflet, size))
    assert root["/Lang"] == leaflet.language
    assert root["/MarkInfo"]["/Marked"].value is True
    assert reader.metadata.title == leaflet.title
    assert (names.count("H1"), names.count("H2")) == (1, headings)
    assert names.count("Figure") == (1 if size is not TextSize.EASY_READ else names.count("Figure")) >= 1
    text = ink("".join(page.extract_text() for page in reader.pages))
    places = [
        text.find(ink(block.text)) for block in printed_blocks(leaflet, size) if isinstance(block, Heading)
    ]
    assert -1 not in places
    assert places == sorted(places), "the reading order is not that of the leaflet"


def test_every_medicine_of_the_rules_has_its_leaflet_and_no_other():
    if not RULES.exists():
        pytest.skip("../shared/data/drug_rules.json is not there")
    known = {row["drug"] for row in json.loads(RULES.read_text("utf-8"))["drugs"]}
    assert {leaflet.medicine for leaflet in EVERY if leaflet.medicine} == known


@pytest.mark.parametrize("drug", [drug for drug in Drug if drug is not Drug.ALFACALCIDOL])
def test_a_plan_s_drug_brings_its_leaflet_first(drug):
    offered = leaflets_for(drug)
    assert drug in offered[0].drugs
    assert [leaflet.key for leaflet in offered if not leaflet.medicine] == [
        "falls-at-home",
        "food",
        "movement",
        "bone-health",
    ]


def test_denosumab_is_not_to_be_stopped_without_a_plan():
    text = blocks_text(leaflets()["denosumab"].body)
    assert "Do not stop it or put it off without a plan." in text


def test_easy_read_has_a_sentence_a_line():
    blocks = printed_blocks(leaflets()["food"], TextSize.EASY_READ)
    assert all(len(sentences(block.text)) == 1 for block in blocks if isinstance(block, Paragraph))


def test_words_wording_and_leaflets_come_in_the_same_languages():
    data = Path(leaflet_from.__globals__["_FOLDER"]).parent
    for part in ("wording", "leaflets"):
        assert {folder.name for folder in (data / part).iterdir()} == set(languages())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "not TOML"),
        ('title = "A"', "is missing"),
        (
            'title="A"\nsummary="b"\npicture="bone"\nwritten=1\nreview=2026-01-01\nblocks=[]\nfacts=[]',
            "must be a date",
        ),
    ],
)
def test_a_faulty_leaflet_is_named(text, said):
    with pytest.raises(BadInput, match=said):
        leaflet_from("food", text)
