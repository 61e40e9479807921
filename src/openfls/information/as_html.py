"""A letter as an HTML fragment: for the preview, and for people who read letters on a screen."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from openfls.information.leaflet import Leaflet, dated, printed_blocks
from openfls.information.letter import (
    ActionBox,
    Addition,
    Block,
    Heading,
    ItemList,
    KeyValueTable,
    Letter,
    LetterKind,
    Paragraph,
    TextSize,
)
from openfls.information.phrases import uk_date
from openfls.information.pictures import alt_text, is_picture, picture_address
from openfls.information.printable import printable
from openfls.information.words import say


def render_html(letter: Letter, *, heading_level: int = 1) -> str:
    """``letter`` as one ``<article>``, everything in it escaped. No style and no script: classes only.

    ``heading_level`` (1 to 5) is the level of the subject, so that the letter fits into the page around it.
    """
    if not 1 <= heading_level <= 5:
        raise ValueError("heading_level must be from 1 to 5")
    classes = f"letter letter--{LetterKind(letter.kind)} letter--{letter.text_size}"
    language, easy = letter.language, letter.text_size is TextSize.EASY_READ
    parts = [
        f'<article class="{classes}" lang="{_text(letter.language)}">',
        f'<p class="letter__draft"><strong>{_text(say("letter.draft", language))}</strong></p>'
        if letter.draft
        else "",
        '<header class="letter__sender">',
        _lines("letter__letterhead", letter.sender.letterhead),
        f'<p class="letter__service"><strong>{_text(letter.sender.name)}</strong></p>',
        _lines("letter__address", letter.sender.lines),
        "</header>",
        f'<address class="letter__recipient">{_broken(letter.recipient)}</address>'
        if letter.recipient
        else "",
        f'<p class="letter__date"><time datetime="{letter.on.isoformat()}">{uk_date(letter.on, language)}</time></p>',
        f'<p class="letter__reference">{_text(say("letter.reference", language, value=letter.reference))}</p>'
        if letter.reference
        else "",
        _lines("letter__salutation", (letter.salutation,)),
        f'<h{heading_level} class="letter__subject">{_text(letter.subject)}</h{heading_level}>',
        _about(letter),
        *(_block(block, heading_level + 1, language, easy) for block in letter.blocks),
        _lines("letter__closing", (letter.closing,)),
        _lines("letter__signature", letter.signature),
        _listed("letter__copies", "letter.copies", letter.copies, language),
        _listed("letter__enclosures", "letter.enclosed", letter.enclosures, language),
        "</article>",
    ]
    return "\n".join(part for part in parts if part)


def render_leaflet_html(
    leaflet: Leaflet, text_size: TextSize = TextSize.NORMAL, *, heading_level: int = 1
) -> str:
    """``leaflet`` as one ``<article>`` in its language; ``heading_level`` is that of its title."""
    language, level = leaflet.language, heading_level
    parts = [
        f'<article class="leaflet letter--{text_size}" lang="{_text(language)}">',
        _picture(leaflet.picture, language),
        f'<h{level} class="leaflet__title">{_text(leaflet.title)}</h{level}>',
        *(
            _block(block, level + 1, language, text_size is TextSize.EASY_READ)
            for block in printed_blocks(leaflet, text_size)
        ),
        _lines("leaflet__dated", (dated(leaflet),)),
        "</article>",
    ]
    return "\n".join(part for part in parts if part)


def _text(text: str) -> str:
    return escape(printable(text)).replace("\n", "<br>")


def _broken(lines: Iterable[str]) -> str:
    return "<br>".join(_text(line) for line in lines)


def _lines(css: str, lines: tuple[str, ...]) -> str:
    return f'<p class="{css}">{_broken(lines)}</p>' if any(lines) else ""


def _about(letter: Letter) -> str:
    rows = "".join(
        f"<div><dt>{_text(label)}</dt><dd>{_text(value)}</dd></div>" for label, value in letter.about
    )
    return f'<dl class="letter__about">{rows}</dl>' if rows else ""


def _listed(css: str, key: str, values: tuple[str, ...], language: str) -> str:
    return _lines(
        css, (say(key, language, value=say("lists.again", language).join(values)),) if values else ()
    )


def _items(items: tuple[str, ...], tag: str = "ul") -> str:
    return f"<{tag}>" + "".join(f"<li>{_text(item)}</li>" for item in items) + f"</{tag}>"


def _block(block: Block, level: int, language: str, easy: bool) -> str:
    if isinstance(block, Heading):
        shown = _picture(block.picture, language) if easy else ""
        return f"{shown}<h{level}>{_text(block.text)}</h{level}>"
    if isinstance(block, Paragraph):
        return f"<p>{_text(block.text)}</p>"
    if isinstance(block, ItemList):
        return _items(block.items, "ol" if block.numbered else "ul")
    if isinstance(block, ActionBox):
        heading = f"<h{level}>{_text(block.title)}</h{level}>"
        return f'<section class="letter__actions">{heading}{_items(block.items)}</section>'
    if isinstance(block, Addition):
        texts = "".join(f"<p>{_text(text)}</p>" for text in block.texts)
        return f'<section class="letter__addition"><h{level}>{_text(block.title)}</h{level}>{texts}</section>'
    return _table(block)


def _picture(name: str, language: str) -> str:
    if not is_picture(name):
        return ""
    source, words = picture_address(name), escape(alt_text(name, language))
    return f'<p class="letter__picture"><img src="{source}" alt="{words}" width="64" height="64"></p>'


def _table(block: KeyValueTable) -> str:
    header = "".join(f'<th scope="col">{_text(name)}</th>' for name in block.header)
    rows = "".join(
        f'<tr><th scope="row">{_text(label)}</th><td>{_text(value)}</td></tr>' for label, value in block.rows
    )
    return f'<table class="letter__table"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>'
