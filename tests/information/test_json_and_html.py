"""Letters survive the record, and a browser reads nothing in them but text."""

from __future__ import annotations

import html
import json
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from information.examples import full_context
from information.strategies import letters
from openfls.information.as_html import render_html
from openfls.information.as_json import letter_from_json, letter_to_json
from openfls.information.compose import compose
from openfls.information.letter import LetterKind
from openfls.record.errors import BadInput


@given(letters())
@settings(deadline=None, max_examples=100)
def test_a_letter_comes_back_from_json_as_it_was(letter):
    text = letter_to_json(letter)
    assert letter_from_json(text) == letter
    assert letter_to_json(letter_from_json(text)) == text


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_composed_letter_comes_back_and_renders_alike(kind):
    letter = compose(kind, full_context())
    assert render_html(letter_from_json(letter_to_json(letter))) == render_html(letter)


@pytest.mark.parametrize(
    "change", [{"format": 2}, {"kind": "x"}, {"blocks": [{"block": "x"}]}, {"more": 1}, {"on": "x"}]
)
def test_json_that_is_no_letter_is_refused(change):
    data = {**json.loads(letter_to_json(compose("gp", full_context()))), **change}
    with pytest.raises(BadInput):
        letter_from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", "null"])
def test_json_of_something_else_is_refused(text):
    with pytest.raises(BadInput):
        letter_from_json(text)


class _Reader(HTMLParser):
    """Tags and attributes as a browser would see them; refuses what is left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


_ALLOWED = {
    *(
        "article",
        "header",
        "address",
        "section",
        "div",
        "p",
        "strong",
        "time",
        "br",
        "h1",
        "h2",
        "dl",
        "dt",
        "dd",
    ),
    "img",
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
}


@given(letters())
@settings(deadline=None, max_examples=100)
def test_no_text_becomes_markup(letter):
    reader = _Reader()
    reader.feed(render_html(letter))
    assert reader.open == []
    assert {tag for tag, _ in reader.seen} <= _ALLOWED
    assert {name for _, attributes in reader.seen for name in attributes} <= {
        "class",
        "lang",
        "scope",
        "datetime",
        *("src", "alt", "width", "height"),
    }


def test_pictures_of_easy_read_say_what_they_show():
    page = render_html(compose("person", full_context(), text_size="easy_read"))
    assert page.count('alt="A telephone"') == 1
    assert "<img" not in render_html(compose("person", full_context()))


def test_a_letter_of_before_there_were_enclosures_is_read():
    data = json.loads(letter_to_json(compose("gp", full_context())))
    del data["enclosures"]
    for block in data["blocks"]:
        block.pop("picture", None)
    assert letter_from_json(json.dumps(data)) == compose("gp", full_context())


def test_html_has_headings_language_and_header_cells():
    page = render_html(compose("gp", full_context()), heading_level=2)
    assert page.startswith('<article class="letter letter--gp letter--normal" lang="en-GB">')
    assert '<h2 class="letter__subject">Bone health assessment after fracture: left wrist</h2>' in page
    assert "<h3>Findings</h3>" in page
    assert '<th scope="row">Vitamin D (25OHD)</th>' in page
    assert html.escape("Mrs Edith O’Marsh") in page
    assert "Draft" not in page


def test_heading_level_is_checked():
    with pytest.raises(ValueError, match="heading_level"):
        render_html(compose("gp", full_context()), heading_level=6)
