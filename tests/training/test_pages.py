"""Lessons as HTML, as a preview and on paper: nothing of a file runs, and what is unsure is marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdf
import pytest

from openfls.training.as_html import lesson_html, notes_html
from openfls.training.checking import Fault
from openfls.training.courses import NO_CLAIM
from openfls.training.preview import preview
from openfls.training.printing import Printed, certificate_pdf, lesson_pdf, statement_pdf
from openfls.training.text import Notes


def test_a_lesson_with_its_notes(bank):
    topic, notes = bank.topics["F1"], Notes()
    html = lesson_html(topic, notes)
    assert '<div class="fls-callout fls-callout--red"><p class="fls-callout__label">Red flag</p>' in html
    assert 'alt="Two bars, the second twice as high as the first"' in html
    assert html.count("recalled, unsure") == 1, "the checked claim has no mark, the other one has"
    assert notes.keys == ["alive", "shaky"]
    assert "recalled, medium, still to be verified" in notes_html(topic, notes)


@pytest.mark.parametrize(
    ("markdown", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("[press](javascript:alert(1))", "<a "),
        ("![x](https://example.org/x.png)", 'example.org/x.png"'),
        ('[a](https://example.org/"onmouseover="x)', '"onmouseover'),
        ("`<b>`", "<b>"),
    ],
)
def test_nothing_in_a_file_becomes_live(bank, markdown, never):
    html = lesson_html(replace(bank.topics["F1"], lesson=markdown), Notes())
    assert never not in html
    assert html


def test_a_drawing_is_an_image_in_which_nothing_runs(bank):
    topic = replace(bank.topics["F1"], figures={"bars.svg": "<svg><script>alert(1)</script></svg>"})
    html = lesson_html(topic, Notes())
    assert "<svg" not in html
    assert 'src="data:image/svg+xml;base64,' in html


def _read(made):
    reader = pypdf.PdfReader(BytesIO(made))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(text.split())


def test_the_lesson_on_paper(bank):
    text = _read(lesson_pdf(bank.topics["F1"]))
    for words in (
        "A small topic F1",
        "Explain part 1",
        "Bone is alive",
        "Red flag",
        "Mrs Finch",
        "A book, 2020",
    ):
        assert words in text
    assert "recalled, medium, still to be verified" in text
    assert "needs a doctor. 2 recalled, unsure" in text, "the mark stands beside the sentence too"


def test_a_certificate_and_a_statement_on_paper():
    day = date(2026, 6, 1)
    text = _read(
        certificate_pdf(
            Printed(
                "Foundation certificate",
                "Ada Example",
                "North",
                day,
                date(2029, 6, 1),
                "CODE",
                "http://x/",
                "All.",
            )
        )
    )
    assert "Ada Example" in text
    assert "Valid until 1 June 2029" in text
    assert NO_CLAIM in text
    told = _read(
        statement_pdf("Points", "Ada", [("Day", "Points"), ("1 June", "0.25")], ["0.25 in all"], day)
    )
    assert "0.25 in all" in told


def test_a_preview_holds_everything_and_needs_nothing(bank):
    html = preview(bank, [Fault("f1/lesson.md", "@x", "cites <nothing>")])
    assert "cites &lt;nothing&gt;" in html
    assert "F2-10" in html
    assert 'src="http' not in html
    assert 'href="http' not in html
