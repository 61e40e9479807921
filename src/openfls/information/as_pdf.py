"""Letters and leaflets as tagged PDF (PDF/UA-1 and PDF/A-2a), typeset by Typst with the fonts that come with it.

Equal letters give equal bytes: the time in the file is the letter's own date, and no font of the machine is
used unless the caller names one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from openfls.information.as_json import block_to_dict, letter_to_dict
from openfls.information.leaflet import Leaflet, dated, printed_blocks
from openfls.information.letter import TO_THE_PERSON, Block, Heading, Letter, TextSize
from openfls.information.phrases import uk_date
from openfls.information.pictures import alt_text, is_picture
from openfls.information.printable import has_ink, printable
from openfls.information.typesetter import BUILT_IN, SANS, Typefaces, TypesettingError, drawable, typeset
from openfls.information.words import say

__all__ = [
    "BUILT_IN",
    "SANS",
    "Sheet",
    "Typefaces",
    "render_bundle",
    "render_leaflet_pdf",
    "render_pdf",
    "unprintable_characters",
]

POINTS_CLINICAL, POINTS_PERSON, POINTS_LARGE, POINTS_EASY = 10.5, 12.0, 18.0, 16.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One thing of a file: a letter, or a leaflet in some size. ``mark`` is printed at the foot of its pages,
    ``notice`` on its face.
    """

    value: Letter | Leaflet
    mark: str = ""
    notice: str = ""
    text_size: TextSize = TextSize.NORMAL


def render_pdf(letter: Letter, typefaces: Typefaces = BUILT_IN, *, notice: str = "") -> bytes:
    """``letter`` as the bytes of a tagged A4 PDF; ``notice`` stands on its face.

    A character that no font at hand can draw is printed as its code, for example ``[U+4E2D]``, so that
    whoever approves the letter sees it; `unprintable_characters` finds such characters beforehand.
    """
    # A title is compulsory in PDF/UA, and a blank one is none.
    return _rendered(
        [_letter(Sheet(letter, notice=notice), typefaces)],
        _title(letter.subject, letter.language),
        letter.sender.name,
        letter.on,
        letter.language,
        typefaces,
    )


def render_leaflet_pdf(
    leaflet: Leaflet, text_size: TextSize = TextSize.NORMAL, typefaces: Typefaces = BUILT_IN
) -> bytes:
    """``leaflet`` as the bytes of a tagged A4 PDF."""
    content = _leaflet(Sheet(leaflet, text_size=text_size), typefaces)
    author = say("leaflet.author", leaflet.language)
    return _rendered([content], leaflet.title, author, leaflet.written, leaflet.language, typefaces)


def render_bundle(
    sheets: Sequence[Sheet], title: str, author: str, on: date, typefaces: Typefaces = BUILT_IN
) -> bytes:
    """One file of many: each of ``sheets`` begins on a page of its own and counts its own pages."""
    contents = [
        _letter(sheet, typefaces) if isinstance(sheet.value, Letter) else _leaflet(sheet, typefaces)
        for sheet in sheets
    ]
    language = sheets[0].value.language if sheets else "en"
    return _rendered(contents, _title(title, language), author, on, language, typefaces)


def unprintable_characters(letter: Letter, typefaces: Typefaces = BUILT_IN) -> str:
    """The characters of ``letter``, each once and sorted, that no font at hand can draw."""
    return _unprintable(_letter(Sheet(letter), typefaces), typefaces)


def _unprintable(content: Any, typefaces: Typefaces) -> str:
    used = {character for text in _texts(content) for character in text}
    return "".join(sorted(character for character in used if not drawable(character, typefaces)))


def _rendered(
    contents: list[dict[str, Any]], title: str, author: str, on: date, language: str, typefaces: Typefaces
) -> bytes:
    lang, _, region = language.partition("-")
    job: dict[str, Any] = {
        "title": title,
        "author": printable(author),
        "date": [on.year, on.month, on.day],
        "lang": lang or "en",
        "region": region or None,
        "items": contents,
    }
    try:
        return typeset("print.typ", {"job": json.dumps(job)}, on, typefaces)
    except TypesettingError:
        # Rare, and slow: look at each unusual character by itself.
        missing = _unprintable(job, typefaces)
        if not missing:
            raise
        table = {ord(character): f"[U+{ord(character):04X}]" for character in missing}
        job = cast(dict[str, Any], _mapped(job, lambda text: text.translate(table)))
        return typeset("print.typ", {"job": json.dumps(job)}, on, typefaces)


def _letter(sheet: Sheet, typefaces: Typefaces) -> dict[str, Any]:
    """What the layout reads of a letter, every text made printable."""
    letter = cast(Letter, sheet.value)
    language = letter.language
    after = []
    if letter.copies:
        after.append(say("letter.copies", language, value=say("lists.again", language).join(letter.copies)))
    if letter.enclosures:
        listed = say("lists.again", language).join(letter.enclosures)
        after.append(say("letter.enclosed", language, value=listed))
    notices = [sheet.notice, say("letter.draft", language) if letter.draft else ""]
    reference = say("letter.reference", language, value=letter.reference) if letter.reference else ""
    content = {
        **letter_to_dict(letter),
        **_setting(letter.text_size, POINTS_PERSON if letter.kind in TO_THE_PERSON else POINTS_CLINICAL),
        **_around(sheet, language, typefaces),
        "is_leaflet": False,
        "blocks": [_block(block, letter.text_size, language) for block in letter.blocks],
        "marks": [uk_date(letter.on, language), *([reference] if reference else [])],
        "footer": say("lists.part", language).join(
            part for part in (letter.sender.name, letter.reference) if part
        ),
        "notices": [words for words in notices if words],
        "unsigned": letter.draft,
        "posted": letter.kind in TO_THE_PERSON,
        "subject": _title(letter.subject, language),
        "after": after,
    }
    return cast(dict[str, Any], _mapped(content, printable))


def _leaflet(sheet: Sheet, typefaces: Typefaces) -> dict[str, Any]:
    """What the layout reads of a leaflet."""
    leaflet = cast(Leaflet, sheet.value)
    language = leaflet.language
    blocks = printed_blocks(leaflet, sheet.text_size)
    content = {
        **_setting(sheet.text_size, POINTS_PERSON),
        **_around(sheet, language, typefaces),
        **_picture(leaflet.picture, language),
        "is_leaflet": True,
        "sender": "",
        "subject": leaflet.title,
        "blocks": [_block(block, sheet.text_size, language) for block in blocks],
        "after": [dated(leaflet)],
        "footer": say("lists.part", language).join((leaflet.title, uk_date(leaflet.written, language))),
    }
    return cast(dict[str, Any], _mapped(content, printable))


def _setting(text_size: TextSize, normal: float) -> dict[str, Any]:
    points = {TextSize.LARGE: POINTS_LARGE, TextSize.EASY_READ: POINTS_EASY}.get(text_size, normal)
    return {"points": points, "large": text_size is not TextSize.NORMAL}


def _around(sheet: Sheet, language: str, typefaces: Typefaces) -> dict[str, Any]:
    lang, _, region = language.partition("-")
    before, _, rest = say("letter.page", language, page="\0", pages="\1").partition("\0")
    between, _, behind = rest.partition("\1")
    return {
        "fonts": typefaces.in_order,
        "lang": lang or "en",
        "region": region or None,
        "mark": sheet.mark,
        "page": [before, between, behind],
    }


def _block(block: Block, text_size: TextSize, language: str) -> dict[str, Any]:
    plain = block_to_dict(block)
    # PDF/UA has no blank headings.
    plain["inked"] = has_ink(plain.get("text", plain.get("title", "")))
    if isinstance(block, Heading) and text_size is TextSize.EASY_READ:
        plain |= _picture(block.picture, language)
    return plain


def _picture(name: str, language: str) -> dict[str, str]:
    if not is_picture(name):
        return {"image": "", "alt": ""}
    return {"image": f"pictures/{name}.svg", "alt": alt_text(name, language)}


def _title(text: str, language: str) -> str:
    return " ".join(printable(text).split()) if has_ink(text) else say("letter.untitled", language)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(inner, change) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mapped(inner, change) for inner in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
