"""The shell of a Word file: page, styles, language, properties, footer, and bytes that do not change.

The same shell serves letters and whatever else is given out as Word. `python-docx` is imported when a file is made,
not before: most of the time nobody asks for one.
"""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

FACE = "Arial"
_INK, _ACCENT = "1B2B3A", "1F4E5F"
_SIZES = {"Normal": 1.0, "Heading 1": 1.22, "Heading 2": 1.06, "List Bullet": 1.0, "List Number": 1.0}
_KEPT = {
    *("Normal", "Heading1", "Heading2", "ListBullet", "ListNumber", "TableNormal", "TableGrid"),
    *("DefaultParagraphFont", "NoList", "Footer", "Header"),
}


def new_document(*, title: str, author: str, language: str, on: date, points: float) -> Document:
    """An empty A4 file with its properties; ``points`` is the size of running text."""
    import docx

    document = docx.Document(io.BytesIO(_styled(points, language)))
    moment = datetime(on.year, on.month, on.day, 12, tzinfo=UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author, properties.language = title[:255], author[:255], language
    properties.last_modified_by, properties.comments, properties.revision = author[:255], "", 1
    properties.created = properties.modified = moment
    return document


def to_bytes(document: Document, on: date) -> bytes:
    """The file as bytes: the same for the same content, noon of ``on`` in the place of the clock."""
    raw = io.BytesIO()
    document.save(raw)
    content = bytearray(raw.getvalue())
    stamp = struct.pack("<HH", 12 << 11, (min(max(on.year, 1980), 2107) - 1980) << 9 | on.month << 5 | on.day)
    with zipfile.ZipFile(raw) as archive:
        at = archive.start_dir
        for entry in archive.infolist():
            local = entry.header_offset + 10
            content[local : local + 4] = stamp
            content[at + 12 : at + 16] = stamp
            at += 46 + sum(struct.unpack("<HHH", content[at + 28 : at + 34]))
    return bytes(content)


def add_field(paragraph: Any, instruction: str) -> None:
    """A field that Word fills in, such as ``PAGE`` or ``NUMPAGES``."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element.append(run)
    paragraph._p.append(element)


def restart_numbers(document: Document, paragraph: Any) -> None:
    """Let the numbered list that begins with ``paragraph`` begin at 1; the next items go on from it."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    numbering = document.part.numbering_part.element
    style_num = paragraph.style.element.pPr.numPr.numId.val
    used = next(num for num in numbering.num_lst if num.numId == style_num)
    num = numbering.add_num(used.abstractNumId.val)
    override = OxmlElement("w:lvlOverride")
    override.set(qn("w:ilvl"), "0")
    start = OxmlElement("w:startOverride")
    start.set(qn("w:val"), "1")
    override.append(start)
    num.append(override)
    use_numbers_of(paragraph, num.numId)


def use_numbers_of(paragraph: Any, number: int) -> None:
    """Make ``paragraph`` an item of the list with this number."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def number_of(paragraph: Any) -> int:
    """The list that ``paragraph`` is an item of."""
    return int(paragraph._p.pPr.numPr.numId.val)


def _speak(document: Document, language: str) -> None:
    """Set the language that the text is in, for those who listen to it and for the spelling."""
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(qn("w:docDefaults"))
    for lang in defaults.iter(qn("w:lang")):
        lang.set(qn("w:val"), language)
        lang.set(qn("w:eastAsia"), language)


@lru_cache(maxsize=16)
def _styled(points: float, language: str) -> bytes:
    """The library's empty file in our styles, without the styles of tables that nobody uses, which are most of it."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    document = docx.Document()
    styles = document.styles.element
    for style in list(styles.iterchildren(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _KEPT:
            styles.remove(style)
    styles.remove(styles.find(qn("w:latentStyles")))
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(14), Mm(17)
    for name, factor in _SIZES.items():
        named: Any = document.styles[name]
        named.font.name, named.font.size = FACE, Pt(points * factor)
        fonts = named.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [each for each in fonts.attrib if each.endswith("Theme")]:
            del fonts.attrib[attribute]  # a theme's face would stand before ours
        if name.startswith("Heading"):
            named.font.color.rgb, named.font.bold = RGBColor.from_string(_ACCENT), True
            named.paragraph_format.space_before = Pt(points)
        else:
            named.font.color.rgb = RGBColor.from_string(_INK)
        named.paragraph_format.space_after = Pt(points * 0.5)
        named.paragraph_format.line_spacing = 1.3 if points >= 16 else 1.1
    _speak(document, language)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
