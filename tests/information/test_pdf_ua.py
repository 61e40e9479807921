"""What PDF/UA asks beyond a title and a language, read by another library than the one that wrote it.

The conditions of the Matterhorn Protocol that a machine can check, and that concern such files, are asked one by one:
everything on a page is marked, what is marked stands in the structure tree at its page, lists, tables, figures and
headings are built as they must be, fonts are embedded and can be read as text.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pypdf
import pytest
from pypdf.generic import ContentStream

from information.examples import full_context
from openfls.information.as_pdf import Sheet, render_bundle, render_leaflet_pdf, render_pdf
from openfls.information.compose import compose
from openfls.information.leaflet import leaflets
from openfls.information.letter import LetterKind, TextSize

PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "INLINE IMAGE"}
INSIDE = {
    "LI": {"L"},
    "Lbl": {"LI", "Note", "Reference"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
}
"""Where an element may stand."""
STANDARD = {
    *("Document", "Part", "Sect", "Div", "Span", "P", "H1", "H2", "H3", "L", "LI", "Lbl", "LBody"),
    *("Table", "TR", "TH", "TD", "THead", "TBody", "Figure", "Link", "Strong", "Em", "NonStruct"),
}


@cache
def files() -> dict[str, bytes]:
    """One file of each shape: every kind of letter, large and easy read, a leaflet with pictures, a batch."""
    letters = {kind.value: compose(kind, full_context()) for kind in LetterKind}
    easy = compose(LetterKind.PERSON, full_context(), text_size=TextSize.EASY_READ)
    handed = next(iter(leaflets().values()))
    first = letters["gp"]
    return {
        **{name: render_pdf(letter) for name, letter in letters.items()},
        "easy read": render_pdf(easy),
        "leaflet": render_leaflet_pdf(handed, TextSize.EASY_READ),
        "batch": render_bundle([Sheet(first), Sheet(easy), Sheet(handed)], "Batch", "Service", first.on),
    }


NAMES = [*(kind.value for kind in LetterKind), "easy read", "leaflet", "batch"]
Node = dict[str, object]


@cache
def opened(name: str) -> pypdf.PdfReader:
    """The file, read strictly."""
    return pypdf.PdfReader(io.BytesIO(files()[name]), strict=True)


def tree(reader: pypdf.PdfReader) -> Iterator[tuple[str, str, Node]]:
    """Each structure element as (its parent's kind, its kind, itself), in reading order."""

    def walk(node: object, above: str) -> Iterator[tuple[str, str, Node]]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                yield from walk(each, above)
        elif isinstance(node, dict):
            kind = str(node.get("/S", "")).removeprefix("/")
            if kind:
                yield above, kind, node
            yield from walk(node.get("/K"), kind or above)

    yield from walk(reader.trailer["/Root"]["/StructTreeRoot"].get("/K"), "")


def marked(reader: pypdf.PdfReader, page: pypdf.PageObject) -> tuple[list[int], list[str]]:
    """The numbers of what is marked on a page, and every painting that is neither marked nor an artefact."""
    numbers: list[int] = []
    loose: list[str] = []
    open_: list[bool] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        name = operator.decode()
        if name in ("BDC", "BMC"):
            told = operands[1] if len(operands) > 1 else {}
            number = told.get("/MCID") if isinstance(told, dict) else None
            if number is not None:
                numbers.append(int(number))
            open_.append(number is not None or operands[0] == "/Artifact")
        elif name == "EMC":
            open_.pop()
        elif name in PAINTS and not any(open_):
            loose.append(name)
    assert open_ == [], "what is opened is closed"
    return numbers, loose


@pytest.mark.parametrize("name", NAMES)
def test_everything_painted_is_marked_and_stands_in_the_tree_once(name: str) -> None:
    reader = opened(name)
    told: Counter[tuple[int, int]] = Counter()
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}

    def collect(node: object, page: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, int):
            told[(pages[page.idnum], int(node))] += 1
        elif isinstance(node, list):
            for each in node:
                collect(each, page)
        elif isinstance(node, dict):
            page = node.raw_get("/Pg") if "/Pg" in node else page
            if node.get("/Type") == "/MCR":
                told[(pages[page.idnum], int(node["/MCID"]))] += 1
            else:
                collect(node.get("/K"), page)

    collect(reader.trailer["/Root"]["/StructTreeRoot"].get("/K"), None)
    found: Counter[tuple[int, int]] = Counter()
    for number, page in enumerate(reader.pages):
        numbers, loose = marked(reader, page)
        assert loose == []
        assert "/StructParents" in page
        found.update((number, each) for each in numbers)
    assert max(found.values()) == 1
    assert told == found


@pytest.mark.parametrize("name", NAMES)
def test_lists_tables_figures_and_headings_are_built_as_they_must_be(name: str) -> None:
    reader = opened(name)
    roles = reader.trailer["/Root"]["/StructTreeRoot"].get("/RoleMap", {})
    level = 0
    for above, kind, node in tree(reader):
        known = str(roles.get(f"/{kind}", f"/{kind}")).removeprefix("/")
        assert known in STANDARD, kind
        assert above in INSIDE.get(kind, {above}), (above, kind)
        if kind == "TH":
            attributes = node["/A"] if isinstance(node["/A"], list) else [node["/A"]]
            assert any(each.get_object().get("/Scope") in ("/Column", "/Row", "/Both") for each in attributes)
        if kind == "Figure":
            assert str(node.get("/Alt", "")).strip()
        if kind[0] == "H" and kind[1:].isdigit():
            assert int(kind[1:]) <= level + 1, "no level is left out"
            level = int(kind[1:])


@pytest.mark.parametrize("name", NAMES)
def test_the_file_itself_says_what_a_reader_needs(name: str) -> None:
    reader = opened(name)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert getattr(root["/MarkInfo"].get("/Suspects", False), "value", False) is False
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "/Encrypt" not in reader.trailer
    assert not any(key in root for key in ("/AcroForm", "/OpenAction", "/AA"))
    fonts = [
        font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font, "it can be read as text"
        for inner in font.get("/DescendantFonts", [font]):
            shape = inner.get_object()["/FontDescriptor"]
            assert any(key in shape for key in ("/FontFile", "/FontFile2", "/FontFile3")), "embedded"
    for page in reader.pages:
        assert page.get("/Tabs") == "/S" or "/Annots" not in page, (
            "fields and links are passed in reading order"
        )


def test_the_easy_leaflet_has_figures_at_all() -> None:
    kinds = Counter(kind for _, kind, _ in tree(opened("leaflet")))
    assert kinds["Figure"] > 1
    assert kinds["H1"] == 1
