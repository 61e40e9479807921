"""The typesetter (Typst): its fonts, one compiler a thread, and which characters it can draw."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

import typst

STANDARDS = ["ua-1", "a-2a"]
"""Universal accessibility, and archiving with structure."""

DATA = Path(__file__).parent / "data"
TypesettingError = typst.TypstError
_BUILT_IN = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")


@dataclass(frozen=True, slots=True)
class Typefaces:
    """Fonts to use before the built-in ones: family names, and the folders that hold them.

    With ``installed`` the fonts of the machine are searched too; the bytes then depend on the machine.
    """

    families: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    installed: bool = False

    @property
    def in_order(self) -> list[str]:
        """Every family, the built-in ones last."""
        return [*self.families, *_BUILT_IN]


BUILT_IN = Typefaces()
"""Only what comes with Typst: the same on every machine."""

SANS = Typefaces(families=("Arial", "Liberation Sans", "DejaVu Sans"), installed=True)
"""A sans-serif face of the machine, if it has one."""


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
            self.kept[typefaces] = typst.Compiler(root=str(DATA), font_paths=fonts)
        return self.kept[typefaces]


_compilers = _Compilers()


def typeset(layout: str, inputs: dict[str, str], on: date, typefaces: Typefaces) -> bytes:
    """The PDF that the file ``layout`` of the data folder makes of ``inputs``; the time in it is noon of ``on``.

    Raises `TypesettingError` where a character cannot be drawn, or the layout is at fault.
    """
    pdf = _compilers.get(typefaces).compile(
        str(
            DATA / layout
        ),  # named each time: a compiler remembers its last input, which may have been a probe
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=STANDARDS,
        timestamp=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
    )
    return cast(bytes, pdf)


@cache
def picture_png(name: str) -> bytes:
    """The picture ``name`` of the data folder as PNG, for files that take no SVG: the same bytes each time."""
    source = '#set page(width: auto, height: auto, margin: 0pt)\n#image("/pictures/" + sys.inputs.name, width: 15mm)'
    drawn = _compilers.get(BUILT_IN).compile(
        source.encode(), format="png", ppi=192.0, sys_inputs={"name": f"{name}.svg"}
    )
    return cast(bytes, drawn)


_PLAIN = re.compile(r"[\x20-\x7e\xa0-\xff\n]")


@lru_cache(maxsize=4096)
def drawable(character: str, typefaces: Typefaces) -> bool:
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
            sys_inputs={"text": f"a{character}", "fonts": json.dumps(typefaces.in_order)},
            pdf_standards=STANDARDS,
            timestamp=0,
        )
    except TypesettingError:
        return False
    return True
