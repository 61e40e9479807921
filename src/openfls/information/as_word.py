"""A letter as a Word file (.docx): real headings and lists, language, title, alternative text, and the same bytes each
time. For those who must put it into another system's letter; the PDF is what is posted.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from openfls.information.letter import (
    TO_THE_PERSON,
    ActionBox,
    Addition,
    Block,
    Heading,
    ItemList,
    KeyValueTable,
    Letter,
    Paragraph,
    TextSize,
)
from openfls.information.phrases import uk_date
from openfls.information.pictures import alt_text, is_picture
from openfls.information.printable import has_ink, printable
from openfls.information.typesetter import picture_png
from openfls.information.word_file import (
    add_field,
    new_document,
    number_of,
    restart_numbers,
    to_bytes,
    use_numbers_of,
)
from openfls.information.words import say

if TYPE_CHECKING:
    from docx.document import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_POINTS_CLINICAL, _POINTS_PERSON = 10.5, 12.0
_POINTS = {TextSize.LARGE: 18.0, TextSize.EASY_READ: 16.0}
_PICTURE_MM = 12


def render_word(letter: Letter, *, notice: str = "") -> bytes:
    """``letter`` as the bytes of a Word file; ``notice`` stands on its face."""
    language = letter.language
    subject = _clean(letter.subject) if has_ink(letter.subject) else say("letter.untitled", language)
    document = new_document(
        title=" ".join(subject.split()),
        author=_clean(letter.sender.name),
        language=language,
        on=letter.on,
        points=_POINTS.get(
            letter.text_size, _POINTS_PERSON if letter.kind in TO_THE_PERSON else _POINTS_CLINICAL
        ),
    )
    for words in (notice, say("letter.draft", language) if letter.draft else ""):
        if words:
            document.add_paragraph().add_run(words).bold = True
    _lines(document, letter.sender.letterhead)
    document.add_paragraph().add_run(_clean(letter.sender.name)).bold = True
    _lines(document, letter.sender.lines)
    _lines(document, letter.recipient)
    reference = say("letter.reference", language, value=letter.reference) if letter.reference else ""
    _lines(document, (uk_date(letter.on, language), *((reference,) if reference else ())))
    _lines(document, (letter.salutation,))
    _paragraph_of(document, subject, "Heading1")
    if letter.about:
        about = document.add_paragraph()
        for number, (label, value) in enumerate(letter.about):
            about.add_run(f"{'   ' if number else ''}{_clean(label)}: ")
            about.add_run(_clean(value)).bold = True
    for block in letter.blocks:
        _WRITERS[type(block)](document, block, letter)
    _lines(document, (letter.closing,))
    _lines(document, letter.signature)
    for key, values in (("letter.copies", letter.copies), ("letter.enclosed", letter.enclosures)):
        if values:
            _lines(document, (say(key, language, value=say("lists.again", language).join(values)),))
    _footer(document, letter)
    return to_bytes(document, letter.on)


def _clean(text: str) -> str:
    """Text that XML can hold: no controls, no halves of pairs, no non-characters."""
    return "".join(character for character in printable(text) if character not in "\ufffe\uffff")


def _paragraph_of(document: Document, text: str = "", style: str = "") -> Any:
    """A paragraph by the id of its style: looking a style up by its name each time takes longer than the writing."""
    paragraph = document.add_paragraph()
    if style:
        paragraph._p.style = style
    if text:
        paragraph.add_run(text)
    return paragraph


def _lines(document: Document, lines: tuple[str, ...]) -> None:
    if any(lines):
        document.add_paragraph("\n".join(_clean(line) for line in lines))


def _heading(document: Document, block: Heading, letter: Letter) -> None:
    if letter.text_size is TextSize.EASY_READ and is_picture(block.picture):
        _picture(document, block.picture, letter.language)
    if has_ink(block.text):
        _paragraph_of(document, _clean(block.text), "Heading2")


def _picture(document: Document, name: str, language: str) -> None:
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(picture_png(name)), height=Mm(_PICTURE_MM))
    properties = drawn._inline.docPr
    properties.set("descr", alt_text(name, language))
    properties.set("name", name)


def _paragraph(document: Document, block: Paragraph, letter: Letter) -> None:
    document.add_paragraph(_clean(block.text))


def _items(document: Document, block: ItemList, letter: Letter) -> None:
    number = None
    for item in block.items:
        paragraph = _paragraph_of(document, _clean(item), "ListNumber" if block.numbered else "ListBullet")
        if block.numbered and number is None:
            restart_numbers(document, paragraph)
            number = number_of(paragraph)
        elif number is not None:
            use_numbers_of(paragraph, number)


def _box(document: Document, block: ActionBox, letter: Letter) -> None:
    _heading(document, Heading(block.title), letter)
    _items(document, ItemList(block.items), letter)


def _addition(document: Document, block: Addition, letter: Letter) -> None:
    _heading(document, Heading(block.title), letter)
    for text in block.texts:
        document.add_paragraph(_clean(text))


def _table(document: Document, block: KeyValueTable, letter: Letter) -> None:
    from docx.oxml.parser import OxmlElement
    from docx.text.run import Run

    table = document.add_table(rows=1 + len(block.rows), cols=2)
    table._tbl.tblPr.style = "TableGrid"
    for number, (line, row) in enumerate(zip(table._tbl.tr_lst, (block.header, *block.rows), strict=True)):
        for cell, text in zip(line.tc_lst, row, strict=True):
            run = Run(cell.p_lst[0].add_r(), table)
            run.text, run.bold = _clean(text), True if number == 0 else None
    # The first row is said again with every cell by those who listen, and stands on every page.
    table._tbl.tr_lst[0].get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


_WRITERS: dict[type[Block], Callable[[Document, Any, Letter], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    ItemList: _items,
    ActionBox: _box,
    Addition: _addition,
    KeyValueTable: _table,
}


def _footer(document: Document, letter: Letter) -> None:
    language = letter.language
    paragraph = document.sections[0].footer.paragraphs[0]
    between = say("lists.part", language)
    who = "".join(f"{_clean(part)}{between}" for part in (letter.sender.name, letter.reference) if part)
    before, _, rest = say("letter.page", language, page="\0", pages="\1").partition("\0")
    between, _, behind = rest.partition("\1")
    paragraph.add_run(f"{who}{before}")
    add_field(paragraph, "PAGE")
    paragraph.add_run(between)
    add_field(paragraph, "NUMPAGES")
    paragraph.add_run(behind)
