"""A locked letter for others: its PDF, and the whole of it as a FHIR document."""

from __future__ import annotations

from dataclasses import replace

from openfls.information.as_pdf import render_pdf
from openfls.information.letter import (
    ActionBox,
    Addition,
    Block,
    Heading,
    ItemList,
    KeyValueTable,
    Paragraph,
)
from openfls.information.words import say
from openfls.integration.fhir.document import document
from openfls.integration.fhir.parts import Json
from openfls.integration.fhir.values import Section
from openfls.record.pathway import NotPossible
from openfls.service.letters import is_as_locked, value_of
from openfls.service.models import Letter
from openfls.service.posting import is_replaced
from openfls.service.sharing.gathering import approved, records_of

_Block = tuple[str, tuple[object, ...]]


def check_may_leave(letter: Letter) -> None:
    """Raise `NotPossible` where a letter is no document: not approved, or not what was locked."""
    if letter.approved_at is None:
        raise NotPossible("The letter is a draft. It leaves once it is approved.")
    if not is_as_locked(letter):
        raise NotPossible("The letter is not what was locked.")


def pdf_of(letter: Letter) -> bytes:
    """The letter as it is printed; a replaced one says so."""
    value = value_of(letter)
    return render_pdf(value, notice=say("letter.replaced", value.language) if is_replaced(letter) else "")


def document_of(letter: Letter) -> Json:
    """The letter as a FHIR document.

    Raises:
        NotPossible: it is a draft, or not what was locked.
    """
    check_may_leave(letter)
    (record,) = records_of([letter.person], "Patient")
    return document(replace(approved(letter), sections=sections_of(letter)), record, pdf_of(letter))


def sections_of(letter: Letter) -> tuple[Section, ...]:
    """The letter's words, a section a heading; what stands before the first heading has the letter's subject."""
    value = value_of(letter)
    sections = [Section(value.subject)]
    for block in value.blocks:
        match block:
            case Heading(text=text):
                sections.append(Section(text))
            case ActionBox(title=title) | Addition(title=title):
                sections.append(Section(title, (_block(block),)))
                # What follows a box does not belong to it.
                sections.append(Section(value.subject))
            case _:
                last = sections[-1]
                sections[-1] = Section(last.title, (*last.blocks, _block(block)))
    return tuple(section for section in sections if section.blocks)


def _block(block: Block) -> _Block:
    match block:
        case Paragraph(text=text):
            return "text", (text,)
        case ItemList(items=items) | ActionBox(items=items):
            return "list", tuple(items)
        case Addition(texts=texts):
            return "text", tuple(texts)
        case KeyValueTable(header=header, rows=rows):
            return "table", (tuple(header), *(tuple(row) for row in rows))
    raise TypeError(type(block).__name__)
