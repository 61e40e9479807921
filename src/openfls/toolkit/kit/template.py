"""The user's own Word template, filled: places marked ``{{ name }}`` are replaced by the figures of the case.

Nothing in a template is run: it may name our figures, and repeat a row for each entry of one of our lists. Anything
else is sent back with the place and the reason.
"""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage  # type: ignore[import-untyped]
from jinja2 import nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from openfls.record.errors import BadInput
from openfls.toolkit.kit.paper import Chart
from openfls.toolkit.kit.word import png

LARGEST = 5 * 1024 * 1024
"""Bytes of a template."""
UNPACKED = 40 * 1024 * 1024
"""Bytes of all its parts together, unpacked."""
TEXT = 3 * 1024 * 1024
"""Bytes of any one part that is read as text: some thousand pages, and no more than can be searched in a moment."""
_PARTS = 2_000
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.Const,
)
_MARKED = re.compile(r"\{\{|\{%|\{#")
_CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
_MARKS, _LONGEST = 500, 200
"""Marked places of one part of the file, and characters of one."""
_GROWN = 5 * 1024 * 1024
"""Bytes that a repeated row may grow to."""


class _Template(DocxTemplate):  # type: ignore[misc]
    """Only the text, the headers and the footers are filled; nothing else of the file is read as a template."""

    def render_properties(self, *_: object) -> None:
        """Leave the file's properties as they are."""

    def render_footnotes(self, *_: object) -> None:
        """Leave the footnotes as they are."""


def fill(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The template as a .docx file with its places filled.

    Args:
        values: text by name; lists of mappings for rows; `Chart` for a picture.

    Raises:
        BadInput: it is no Word file, is too large, or holds a place that we cannot fill; the message names it.
    """
    _check_archive(template)
    _check_marks(template)
    try:
        document = _Template(io.BytesIO(template))
        source = document.get_docx() and document.patch_xml(document.get_xml())
    except Exception as error:  # a damaged file fails in many ways inside the library
        raise BadInput("It cannot be opened as a Word file (.docx)") from error
    environment = SandboxedEnvironment(autoescape=True)
    environment.globals.clear()
    sources = [source, *_headers_and_footers(document)]
    for each in sources:
        _check_places(each, environment, values)
    if not any(_MARKED.search(each) for each in sources):
        raise BadInput("It holds no place to fill: write, for example, {{ area }} where the area is to stand")
    ready = {
        name: InlineImage(document, io.BytesIO(png(value.svg)), width=Cm(15))
        if isinstance(value, Chart)
        else value
        for name, value in values.items()
    }
    try:
        document.render(ready, environment, autoescape=True)
        out = io.BytesIO()
        document.save(out)
    except TemplateError as error:
        raise BadInput(f"It cannot be filled: {error}") from error
    return out.getvalue()


def _check_archive(template: bytes) -> None:
    if len(template) > LARGEST:
        raise BadInput(f"It is larger than {LARGEST // (1024 * 1024)} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise BadInput("It is no Word file (.docx). A .doc file must be saved as .docx first") from error
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise BadInput("It is too large when unpacked")
    if any(part.file_size > TEXT for part in parts if part.filename.endswith((".xml", ".rels"))):
        raise BadInput("Its text is too large when unpacked")
    names = {part.filename for part in parts}
    if "word/document.xml" not in names:
        raise BadInput("It is no Word file (.docx)")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise BadInput("It holds macros. Save it as a .docx without them")


def _check_marks(template: bytes) -> None:
    """Every mark is closed soon after it opens: what fills templates searches far and long for one that is not."""
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.endswith(".xml")]
    for part in parts:
        text = re.sub(r"<[^<>]*>", "", part.decode("utf-8", errors="replace"))
        place, marks = 0, 0
        while (found := _MARKED.search(text, place)) is not None:
            marks += 1
            begins = found.end()
            ends = text.find(_CLOSES[found[0]], begins, begins + _LONGEST)
            if marks > _MARKS:
                raise BadInput(f"It marks more than {_MARKS} places")
            if ends < 0 or "{" in text[begins:ends]:
                near = text[begins : begins + 40]
                raise BadInput(
                    f"A marked place is not written rightly: “{found[0]}” is not closed near “{near}”"
                )
            place = ends + 2
        if text.count("{") > 4 * _MARKS:
            raise BadInput("It holds too many braces")


def _headers_and_footers(document: Any) -> list[str]:
    found = []
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            found.append(document.patch_xml(document.get_part_xml(part)))
    return found


def _check_places(source: str, environment: SandboxedEnvironment, values: Mapping[str, Any]) -> None:
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        line = source.splitlines()[error.lineno - 1] if error.lineno else ""
        raise BadInput(
            f"A marked place is not written rightly: {error.message}. Near: {_words(line)}"
        ) from error
    _check_nodes(tree, values, {})


def _check_nodes(node: nodes.Node, values: Mapping[str, Any], rows: Mapping[str, str]) -> None:
    if not isinstance(node, _ALLOWED):
        raise BadInput(
            f"Only {{{{ name }}}} and rows for a list can be filled; it holds something else ({type(node).__name__})"
        )
    if isinstance(node, nodes.For):
        over, row = node.iter, node.target
        if (
            rows
            or not isinstance(over, nodes.Name)
            or not isinstance(row, nodes.Name)
            or node.test
            or node.else_
        ):
            raise BadInput("A row is repeated by {%tr for row in list %} alone, and not inside another")
        if not isinstance(values.get(over.name), list):
            raise BadInput(f"“{over.name}” is no list of ours. {_instead(over.name, values)}")
        size = sum(len(part.data) for inner in node.body for part in inner.find_all(nodes.TemplateData))
        if size * len(values[over.name]) > _GROWN:
            raise BadInput(f"What is repeated for “{over.name}” is too long")
        for inner in node.body:
            _check_nodes(inner, values, {row.name: over.name})
        return
    if isinstance(node, nodes.Getattr):
        _check_row(node, values, rows)
        return
    if isinstance(node, nodes.Name):
        if node.name in rows:
            raise BadInput(f"Say which part of “{node.name}”: {_columns(values, rows[node.name])}")
        if node.name not in values:
            raise BadInput(f"“{{{{ {node.name} }}}}” is no place of ours. {_instead(node.name, values)}")
        if isinstance(values[node.name], list):
            raise BadInput(f"“{node.name}” is a list: repeat a row with {{%tr for row in {node.name} %}}")
    for child in node.iter_child_nodes():
        _check_nodes(child, values, rows)


def _check_row(node: nodes.Getattr, values: Mapping[str, Any], rows: Mapping[str, str]) -> None:
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    if name not in rows:
        raise BadInput(f"“{{{{ {name}.{node.attr} }}}}” is no place of ours. {_instead(name, values)}")
    entries = values[rows[name]]
    if entries and node.attr not in entries[0]:
        raise BadInput(f"“{name}” has no “{node.attr}”; it has {_columns(values, rows[name])}")


def _columns(values: Mapping[str, Any], name: str) -> str:
    entries = values[name]
    return ", ".join(entries[0]) if entries else "nothing"


def _instead(name: str, values: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, values, n=1)
    return f"Did you mean “{near[0]}”?" if near else "The list of places is on the page"


def _words(source: str) -> str:
    text = " ".join(re.sub(r"<[^>]*>", " ", source).split())
    return f"“{text[:120]}”"
