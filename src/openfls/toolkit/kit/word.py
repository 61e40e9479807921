"""A paper as a Word file: headings, lists and tables by Word's own styles, so that it can be edited and navigated."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
import vl_convert
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_COLOR_INDEX, WD_PARAGRAPH_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable

from openfls.toolkit.kit.paper import Bullets, Chart, Gap, Heading, Paper, Part, Text
from openfls.toolkit.tables import Table

_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
"""In the file's properties: the same paper gives the same bytes, whenever it is made."""
_BLUE = RGBColor(0x00, 0x3D, 0x78)
MARKS = "Square brackets mark what is still to be filled in."


def word(paper: Paper) -> bytes:
    """The paper's .docx file."""
    document = docx.Document()
    _set_up(document, paper)
    document.add_paragraph(paper.title, style="Title")
    if paper.subtitle:
        document.add_paragraph(paper.subtitle, style="Subtitle")
    for part in paper.parts:
        _add(document, part, paper)
    out = io.BytesIO()
    document.save(out)
    return undated(out.getvalue())


def undated(archive: bytes) -> bytes:
    """A Word file without the time at which its parts were packed: equal content is then equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            plain = zipfile.ZipInfo(part.filename, date_time=(1980, 1, 1, 0, 0, 0))
            plain.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(plain, old.read(part))
    return out.getvalue()


def png(svg: str, scale: float = 2.0) -> bytes:
    """A drawing as PNG."""
    made: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return made


def _set_up(document: Document, paper: Paper) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = paper.title, "openfls", ""
    properties.language = "en-GB"
    properties.created = properties.modified = _WRITTEN
    styles = document.styles
    size = 20 if paper.slides else 11
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "List Bullet"):
        font = styles[name].font
        font.name = "Arial"
        styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Arial")
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts = styles[name].element.rPr.rFonts
            if fonts.get(qn(theme)) is not None:
                del fonts.attrib[qn(theme)]
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    styles["Normal"].element.get_or_add_rPr().append(language)
    styles["Normal"].font.size = Pt(size)
    styles["Title"].font.size = Pt(size + 13)
    styles["Heading 1"].font.size = Pt(size + 6)
    styles["Heading 2"].font.size = Pt(size + 2)
    for name in ("Title", "Heading 1", "Heading 2"):
        styles[name].font.color.rgb = _BLUE
    styles["Heading 1"].paragraph_format.page_break_before = paper.slides
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if paper.slides:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2.2))


def _add(document: Document, part: Part, paper: Paper) -> None:
    match part:
        case Heading():
            document.add_heading(part.text, level=part.level)
        case Text():
            run = document.add_paragraph().add_run(part.text)
            if part.quiet:
                run.font.size = Pt(12 if paper.slides else 9)
                run.font.color.rgb = RGBColor(0x4C, 0x62, 0x72)
        case Gap():
            run = document.add_paragraph().add_run(f"[{part.text}]")
            run.bold = True
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        case Bullets():
            for item in part.items:
                document.add_paragraph(item, style="List Bullet")
        case Chart():
            wide = Cm(18) if paper.slides else Cm(16)
            document.add_picture(io.BytesIO(png(part.svg)), width=wide)
            about = document.inline_shapes[-1]._inline.docPr
            about.set("descr", part.says)
            about.set("title", part.title)
        case Table():
            _table(document, part, paper)


def _table(document: Document, given: Table, paper: Paper) -> None:
    if given.title:
        document.add_heading(given.title, level=2)
    if len(given.rows) < 2:
        document.add_paragraph("Nothing to show.")
        return
    made: WordTable = document.add_table(rows=len(given.rows), cols=len(given.rows[0]), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    many, right = len(given.rows[0]) > 5, given.numeric
    _widths(made, given, paper)
    # The library counts all cells of the table anew for each row that is asked for: they are asked for once.
    cells = iter(made._cells)
    for number, row in enumerate(given.rows):
        for column, text in enumerate(row):
            paragraph = next(cells).paragraphs[0]
            run = paragraph.add_run(text)
            run.bold = number == 0 or column == 0
            run.font.size = Pt((15 if paper.slides else 9) - (1 if many else 0))
            if column in right:
                paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.RIGHT
    heading = made.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    heading.append(repeated)
    if given.note:
        run = document.add_paragraph().add_run(given.note)
        run.font.size = Pt(12 if paper.slides else 9)


def _widths(made: WordTable, given: Table, paper: Paper) -> None:
    """Columns of figures as wide as their longest, so that no figure breaks; the others share what is left."""
    room = (29.7 if paper.slides else 21.0) - 4.4
    letter = 0.26 if paper.slides else 0.17
    longest = [max(len(row[column]) for row in given.rows) for column in range(len(given.rows[0]))]
    wanted = [
        max(letter * each + 0.45, 1.4) if column in given.numeric else 0.0
        for column, each in enumerate(longest)
    ]
    words = [min(each, 45) if not width else 0 for each, width in zip(longest, wanted, strict=True)]
    left = max(room - sum(wanted), 0.25 * room)
    wanted = [width or max(left * each / sum(words), 1.6) for width, each in zip(wanted, words, strict=True)]
    wanted = [width * room / sum(wanted) for width in wanted]
    made.autofit = False
    for column, width in zip(made.columns, wanted, strict=True):
        column.width = Cm(width)
    cells = iter(made._cells)
    for _ in given.rows:
        for width in wanted:
            next(cells).width = Cm(width)
