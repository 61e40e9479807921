"""A page as a test reads it: its words, its fields with what stands in them, its tables and its links."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
_VOID = {"input", "link", "meta", "br", "img", "hr"}


def without_token(body: bytes) -> str:
    """A page without the form token, which is another one in every answer."""
    return _TOKEN.sub("", body.decode())


class Page(HTMLParser):
    """Reads one page."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.fields: dict[str, str] = {}
        self.checked: dict[str, str] = {}
        self.summary: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.rows_of_tables: list[int] = []
        self.tabs: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self._area = self._select = ""
        self.feed(body.decode())

    @property
    def words(self) -> str:
        """All text with single spaces."""
        return " ".join(" ".join(self._words).split())

    @property
    def empty_tables(self) -> int:
        """How many tables have a heading and no cell."""
        return self.rows_of_tables.count(0)

    def handle_starttag(self, tag, attrs):
        """Note what the element tells."""
        given = {key: value or "" for key, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "table":
            self.rows_of_tables.append(0)
        elif tag == "td":
            self.rows_of_tables[-1] += 1
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self._area = given["name"]
            self.fields[self._area] = ""
        elif tag == "select":
            self._select = given["name"]
            self.fields.setdefault(self._select, "")
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given["value"]
        if tag not in _VOID:
            self._open.append((tag, given))

    def _input(self, given):
        if given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self.checked[given["name"]] = given.get("value", "")
        else:
            self.fields[given.get("name", "")] = given.get("value", "")

    def handle_endtag(self, tag):
        """Close the element, and whatever stood open inside it."""
        while self._open:
            name, _ = self._open.pop()
            if name == tag:
                break
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data):
        """Give the text to what stands open."""
        self._words.append(data)
        if self._area:
            self.fields[self._area] += data
        inside = [name for name, _ in self._open]
        if "td" in inside and not self._hidden():
            self.rows[-1][-1] += data
        if self._within("nhsuk-error-summary__list") and inside[-1] == "a" and data.strip():
            self.summary.append((self._open[-1][1]["href"].removeprefix("#"), data.strip()))

    def _within(self, name: str) -> bool:
        return any(name in given.get("class", "").split() for _, given in self._open)

    def _hidden(self) -> bool:
        return any(given.get("aria-hidden") == "true" for _, given in self._open)

    @property
    def cells(self) -> list[list[str]]:
        """The cells of every body row with single spaces."""
        return [[" ".join(cell.split()) for cell in row] for row in self.rows if any(row)]
