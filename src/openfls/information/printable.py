"""Text that can be printed: what a feed or a form may hold, made safe for paper and screen."""

from __future__ import annotations

import unicodedata

# Marks that turn the reading direction of what follows: a name with one in it would print backwards.
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Line and paragraph separators, and the control characters that old systems use as such.
_LINE_ENDS = {
    "\r\n": "\n",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x85": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
}


def printable(text: str) -> str:
    """``text`` composed (NFC), with lines ended by ``\\n`` and without control characters.

    Left out is only what carries no ink: control characters, direction overrides, halves of surrogate pairs.
    Characters that no font has are not touched here; see `as_pdf`.
    """
    for end, newline in _LINE_ENDS.items():
        text = text.replace(end, newline)
    text = "".join(
        " " if character == "\t" else character
        for character in text
        if character in "\n\t"
        or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in _DIRECTION_OVERRIDES)
    )
    return unicodedata.normalize("NFC", text)


def has_ink(text: str) -> bool:
    """Whether anything of ``text`` can be seen: neither only blanks nor only marks of format."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)
