"""From what is known and how it is worded to a `Letter`: pure. Here it is kept who is written to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from openfls.information.context import LetterContext, Plan
from openfls.information.easy_read import one_sentence_a_line
from openfls.information.fields import PAIR_FIELDS, field_values
from openfls.information.letter import (
    NEEDS_SIGNATURE,
    TO_THE_PERSON,
    ActionBox,
    Addition,
    Block,
    Heading,
    ItemList,
    KeyValueTable,
    Letter,
    LetterKind,
    LetterNotAllowed,
    Paragraph,
    Sender,
    TextSize,
)
from openfls.information.template import Value, expand, first_standing
from openfls.information.wording import BlockWording, Wording, default_wording

Values = Mapping[str, Value]


_NEEDS: dict[LetterKind, tuple[Callable[[LetterContext], object], str]] = {
    LetterKind.FALLS_REFERRAL: (lambda c: c.falls_referral, "no falls referral was agreed"),
    LetterKind.DXA_REQUEST: (lambda c: c.dxa_request, "no DXA scan was asked for"),
    LetterKind.SPECIALIST_REFERRAL: (
        lambda c: c.specialist_referral,
        "no specialist’s opinion was agreed",
    ),
    LetterKind.RESULTS: (lambda c: c.scan_result, "no result of a bone scan is known"),
}


def why_not_composed(kind: LetterKind, context: LetterContext) -> str:
    """The reason why this letter must not be written for this person; empty when it may."""
    person = context.person
    if person.deceased and kind is not LetterKind.GP:
        return f"{person.name} is recorded as having died"
    if person.do_not_contact and kind in TO_THE_PERSON:
        return f"{person.name} must not be written to ({person.do_not_contact})"
    present, missing = _NEEDS.get(kind, (lambda _: True, ""))
    return "" if present(context) else missing


def may_compose(kind: LetterKind, context: LetterContext) -> bool:
    """Whether this letter may be written for this person."""
    return not why_not_composed(kind, context)


def check_composable(kind: LetterKind, context: LetterContext) -> None:
    """Raise `LetterNotAllowed` if this letter must not be written for this person."""
    reason = why_not_composed(kind, context)
    if reason:
        raise LetterNotAllowed(reason, where=f"{kind} letter")


def compose(
    kind: LetterKind,
    context: LetterContext,
    *,
    wording: Wording | None = None,
    text_size: TextSize = TextSize.NORMAL,
    enclosures: tuple[str, ...] = (),
) -> Letter:
    """The letter of ``kind`` about what ``context`` knows, in ``wording`` (the default if None).

    ``enclosures`` are the titles of what goes with it.

    Raises `LetterNotAllowed` for a letter to, or a referral of, somebody recorded dead, and for a letter to
    somebody who must not be contacted. A clinical letter without `SignOff` comes out as a draft.
    """
    kind = LetterKind(kind)
    check_composable(kind, context)
    if context.person.deceased:
        context = _without_plans(context)
    texts = (wording if wording is not None else default_wording(context.language))[kind]
    values = field_values(context)
    blocks = _without_bare_headings(
        block for template in texts.blocks for block in _block(template, context, values)
    )
    text_size = TextSize(text_size)
    blocks = _with_disclaimers(blocks, context)
    return Letter(
        kind=kind,
        recipient=_lines(texts.recipient, values),
        sender=Sender(
            name=first_standing(texts.sender_name, values),
            letterhead=_lines(texts.letterhead, values),
            lines=_lines(texts.sender_lines, values),
        ),
        subject=first_standing(texts.subject, values),
        on=context.on,
        blocks=one_sentence_a_line(blocks) if text_size is TextSize.EASY_READ else blocks,
        about=_rows(texts.about, values),
        salutation=first_standing(texts.salutation, values),
        closing=first_standing(texts.closing, values),
        signature=_lines(texts.signature, values),
        copies=_lines(texts.copies, values),
        reference=context.reference,
        language=context.language,
        text_size=text_size,
        enclosures=enclosures,
        draft=kind in NEEDS_SIGNATURE and not (context.sign_off and context.sign_off.name.strip()),
    )


def _without_plans(context: LetterContext) -> LetterContext:
    """Nothing is asked for, offered or promised after a death, whatever the plan still says."""
    return replace(
        context,
        plan=Plan(),
        falls_referral=None,
        dxa_request=None,
        specialist_referral=None,
        scan_result="",
        follow_ups=(),
        appointment=None,
        advice=(),
    )


def _lines(texts: Iterable[str], values: Values) -> tuple[str, ...]:
    return tuple(line for text in texts for line in expand(text, values) if line)


def _rows(pairs: Iterable[tuple[str, str]], values: Values) -> tuple[tuple[str, str], ...]:
    """A row stands only if both its label and its value do."""
    return tuple(
        (label, value)
        for left, right in pairs
        for label in expand(left, values)[:1]
        for value in expand(right, values)[:1]
    )


def _block(template: BlockWording, context: LetterContext, values: Values) -> tuple[Block, ...]:
    """The block that ``template`` becomes, or none if nothing of it stands."""
    lines = _lines(template.texts, values)
    rows: tuple[tuple[str, str], ...] = ()
    if template.kind == "table_of":
        rows = tuple(row for name in template.rows_of for row in PAIR_FIELDS[name](context))
    elif template.kind == "table":
        rows = _rows(template.pairs, values)
    if rows:
        return (KeyValueTable(template.header, rows),)
    if template.kind == "box" and not lines:
        lines = _lines((template.empty,), values)
    if not lines:
        return ()
    if template.kind == "heading":
        return (Heading(lines[0], template.picture),)
    if template.kind == "paragraph":
        return (Paragraph(" ".join(lines)),)
    if template.kind == "box":
        title = first_standing((template.title,), values)
        return (ActionBox(title, lines),) if title else (ItemList(lines),)
    return (ItemList(lines, numbered=template.kind == "numbered"),)


def _without_bare_headings(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """A heading with nothing beneath it is left out."""
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, (Heading, ActionBox)) and kept and isinstance(kept[-1], Heading):
            kept.pop()
        kept.append(block)
    if kept and isinstance(kept[-1], Heading):
        kept.pop()
    return tuple(kept)


def _with_disclaimers(blocks: tuple[Block, ...], context: LetterContext) -> tuple[Block, ...]:
    """Each risk tool's disclaimer right after the block that first shows its result, whatever the wording."""
    waiting = {risk.result: risk.disclaimer for risk in context.risks if risk.disclaimer and risk.result}
    said = {text for block in blocks for text in block_texts(block)}
    out: list[Block] = []
    for block in blocks:
        out.append(block)
        shown = " ".join(block_texts(block))
        due = dict.fromkeys(
            disclaimer
            for result, disclaimer in waiting.items()
            if result in shown and not any(disclaimer in text for text in said)
        )
        if due:
            out.append(Paragraph(" ".join(due)))
            said.update(due)
    return tuple(out)


def block_texts(block: Block) -> tuple[str, ...]:
    """Every text of ``block`` in reading order."""
    if isinstance(block, (Heading, Paragraph)):
        return (block.text,)
    if isinstance(block, KeyValueTable):
        return (*block.header, *(text for row in block.rows for text in row))
    if isinstance(block, ActionBox):
        return (block.title, *block.items)
    if isinstance(block, Addition):
        return (block.title, *block.texts)
    return block.items
