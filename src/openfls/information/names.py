"""Names as a letter writes them: a feed may shout them, a letter does not."""

from __future__ import annotations

import re

_PART = re.compile(r"[^\s’'\-]+")
_LONG = 3


def unshouted(name: str) -> str:
    """``SMITH`` becomes ``Smith``; what is not written in capitals stays as it is.

    A part is shouted where it has three capitals or more and nothing else (``O'BRIEN``, ``SMITH-JONES``), or where the
    whole name is in capitals (``LI NG``). After *Mc* the next letter stays large; of *Mac* nobody can tell.
    """
    letters = [character for character in name if character.isalpha()]
    all_of_it = len(letters) >= _LONG and name.isupper() and " " in name.strip()

    def word(match: re.Match[str]) -> str:
        return _lower(match[0]) if all_of_it or (len(match[0]) >= _LONG and match[0].isupper()) else match[0]

    def part(token: str) -> str:
        shouted = token.isupper() and sum(character.isalpha() for character in token) >= _LONG
        return _PART.sub(lambda match: _lower(match[0]) if shouted else word(match), token)

    return " ".join(part(token) for token in name.split(" "))


def _lower(part: str) -> str:
    if len(part) > _LONG and part.startswith("MC") and part.isupper():
        return "Mc" + part[2] + part[3:].lower()
    return part[:1] + part[1:].lower()
