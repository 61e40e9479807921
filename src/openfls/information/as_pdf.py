"""A letter as a tagged PDF (PDF/UA-1 and PDF/A-2a), typeset by Typst with the fonts that come with it.

Equal letters give equal bytes: the time in the file is the letter's own date, and no font of the machine is
used unless the caller names one.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst

from openfls.information.as_html import DRAFT_NOTICE
from openfls.information.as_json import letter_to_dict
from openfls.information.letter import TO_THE_PERSON, Letter, TextSize
from openfls.information.phrases import uk_date
from openfls.information.printable import has_ink, printable

STANDARDS = ["ua-1", "a-2a"]
"""Universal accessibility, and archiving with structure."""

POINTS_CLINICAL, POINTS_PERSON, POINTS_LARGE = 10.5, 12.0, 18.0

_LAYOUT = Path(__file__).parent / "data" / "letter.typ"
_BUILT_IN = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")


@dataclass(frozen=True, slots=True)
class Typefaces:
    """Fonts to use before the built-in ones: family names, and the folders that hold them.

    With ``installed`` the fonts of the machine are searched too; the bytes then depend on the machine.
    """

    families: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    installed: bool = False


BUILT_IN = Typefaces()
"""Only what comes with Typst: the same on every machine."""

SANS = Typefaces(families=("Arial", "Liberation Sans", "DejaVu Sans"), installed=True)
"""A sans-serif face of the machine, if it has one."""


def render_pdf(letter: Letter, typefaces: Typefaces = BUILT_IN) -> bytes:
    """``letter`` as the bytes of a tagged A4 PDF.

    A character that no font at hand can draw is printed as its code, for example ``[U+4E2D]``, so that
    whoever approves the letter sees it; `unprintable_characters` finds such characters beforehand.
    """
    content = _content(letter, typefaces)
    noon = datetime(letter.on.year, letter.on.month, letter.on.day, 12, tzinfo=UTC)
    try:
        return _compile(content, noon, typefaces)
    except typst.TypstError:
        # Rare, and slow: look at each unusual character by itself.
        missing = unprintable_characters(letter, typefaces)
        if not missing:
            raise
        table = {ord(character): f"[U+{ord(character):04X}]" for character in missing}
        return _compile(
            cast(dict[str, Any], _mapped(content, lambda text: text.translate(table))), noon, typefaces
        )


def unprintable_characters(letter: Letter, typefaces: Typefaces = BUILT_IN) -> str:
    """The characters of ``letter``, each once and sorted, that no font at hand can draw."""
    used = {character for text in _texts(_content(letter, typefaces)) for character in text}
    return "".join(sorted(character for character in used if not _drawable(character, typefaces)))


def _content(letter: Letter, typefaces: Typefaces) -> dict[str, Any]:
    """What the layout reads, every text made printable."""
    large = letter.text_size is TextSize.LARGE
    language, _, region = letter.language.partition("-")
    reference = f"Our reference: {letter.reference}" if letter.reference else ""
    plain = letter_to_dict(letter)
    content = {
        **plain,
        # PDF/UA has no blank headings.
        "blocks": [
            {**block, "inked": has_ink(block.get("text", block.get("title", "")))}
            for block in plain["blocks"]
        ],
        "date": [letter.on.year, letter.on.month, letter.on.day],
        "marks": [uk_date(letter.on), *([reference] if reference else [])],
        "footer": "  ·  ".join(part for part in (letter.sender.name, letter.reference) if part),
        "draft": DRAFT_NOTICE if letter.draft else "",
        "unsigned": letter.draft,
        "large": large,
        "posted": letter.kind in TO_THE_PERSON,
        "points": _points(letter),
        # A title is compulsory in PDF/UA, and a blank one is none.
        "subject": _one_line(letter.subject) if has_ink(letter.subject) else "Letter",
        "fonts": [*typefaces.families, *_BUILT_IN],
        "lang": language or "en",
        "region": region or None,
    }
    return cast(dict[str, Any], _mapped(content, printable))


def _points(letter: Letter) -> float:
    if letter.text_size is TextSize.LARGE:
        return POINTS_LARGE
    return POINTS_PERSON if letter.kind in TO_THE_PERSON else POINTS_CLINICAL


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


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


class _Compilers(threading.local):
    """One compiler per thread and choice of fonts: reading fonts and layout takes longer than a letter."""

    def __init__(self) -> None:
        self.kept: dict[Typefaces, Any] = {}

    def get(self, typefaces: Typefaces) -> Any:
        if typefaces not in self.kept:
            fonts = typst.Fonts(
                include_system_fonts=typefaces.installed,
                include_embedded_fonts=True,
                font_paths=[str(folder) for folder in typefaces.folders],
            )
            self.kept[typefaces] = typst.Compiler(root=str(_LAYOUT.parent), font_paths=fonts)
        return self.kept[typefaces]


_compilers = _Compilers()


def _compile(content: dict[str, Any], moment: datetime, typefaces: Typefaces) -> bytes:
    pdf = _compilers.get(typefaces).compile(
        str(_LAYOUT),  # named each time: a compiler remembers its last input, which may have been a probe
        format="pdf",
        sys_inputs={"letter": json.dumps(content)},
        pdf_standards=STANDARDS,
        timestamp=moment,
    )
    return cast(bytes, pdf)


_PLAIN = re.compile(r"[\x20-\x7e\xa0-\xff\n]")


@lru_cache(maxsize=4096)
def _drawable(character: str, typefaces: Typefaces) -> bool:
    """Whether a font at hand has ``character``, found by typesetting it alone."""
    if _PLAIN.match(character):
        return True
    if unicodedata.category(character) in {"Co", "Cn"}:
        return False
    probe = "#set document(title: [x])\n#set text(font: json(bytes(sys.inputs.fonts)))\n#sys.inputs.text"
    try:
        _compilers.get(typefaces).compile(
            probe.encode(),
            format="pdf",
            sys_inputs={"text": f"a{character}", "fonts": json.dumps([*typefaces.families, *_BUILT_IN])},
            pdf_standards=STANDARDS,
            timestamp=0,
        )
    except typst.TypstError:
        return False
    return True
