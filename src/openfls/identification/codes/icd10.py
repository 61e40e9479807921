"""ICD-10 codes as they are written: with or without the dot, with marks behind them, with more characters.

An entry of the list stands for its subdivisions (S72.0 for S72.01), never for a code that merely contains it.
Source of the fifth and seventh characters: ICD-10 chapter XIII and ICD-10-CM (recalled, high).
"""

from __future__ import annotations

import re

from openfls.record.sites import Side

_CODE = re.compile(r"([A-Z][0-9][0-9AB])([0-9A-Z]{0,4})")
_MARKS = "†‡*+#! "
_RIGHT, _LEFT = frozenset("14"), frozenset("25")
# In these families the last character before the encounter says the side; in the spine it says the pattern.
_SIDED = ("S22.3", "S32.3", "S32.4", "S42", "S52", "S72", "S82", "M80", "M84.3", "M84.4", "M84.7")
_SPINE = re.compile(r"M80\..8")
FOLLOW_UP = frozenset("DEFGHJKMNPQR")
SEQUELA = "S"


def normal(code: str) -> str:
    """``code`` as ``S72.01``; empty where it is no ICD-10 code."""
    bare = code.strip().upper().rstrip(_MARKS).replace(".", "").replace(" ", "").rstrip("-")
    match = _CODE.fullmatch(bare)
    if match is None:
        return ""
    category, rest = match.groups()
    return f"{category}.{rest}" if rest and rest != "X" else category


def wider(code: str) -> tuple[str, ...]:
    """A normal code and every code above it, the narrowest first: ``S72.01``, ``S72.0``, ``S72``."""
    category, _, rest = code.partition(".")
    return (*(f"{category}.{rest[:length]}" for length in range(len(rest), 0, -1)), category)


def encounter(code: str) -> str:
    """The seventh character of a clinical-modification code: A, B, C first treatment; D to S later; empty:
    none."""
    rest = code.partition(".")[2]
    return rest[3] if len(rest) == 4 else ""


def side_of(code: str) -> Side:
    """The side that a clinical-modification code states."""
    rest = code.partition(".")[2]
    if len(rest) < 3 or not code.startswith(_SIDED) or _SPINE.match(code):
        return Side.NONE
    character = rest[1] if rest[2] == "X" else rest[2]
    if character in _RIGHT:
        return Side.RIGHT
    return Side.LEFT if character in _LEFT else Side.NONE
