"""The fast way out: most reports hold no word for a fracture, and a few substring searches show it."""

from __future__ import annotations

import re
from typing import Final

SURE: Final = ("frac", "#", "fx", "frx", "wedg", "concav", "frat", "farctu")
"""Substrings of fracture words that are rarely part of another word."""

DOUBTFUL: Final = {
    "collaps": r"collaps",
    "compress": r"compress",
    "height": (
        r"(?<=height)\w{0,3} (?:loss|reduc|decreas|dimin)"
        r"|(?:loss|lost|lose|los|losing|reduc\w*|decreas\w*|dimin\w*)\b[^.;]{0,60}height"
    ),
    "crush": r"crush",
    "union": r"(?:non|mal)[ -]*union",
    "burst": r"burst",
    "vcf": r"ovcfs?\b|\bvcfs?\b",
    "ovf": r"\bovfs?\b",
    "nof": r"\bf?nofs?\b",
    "flail": r"flail (?:segment|chest)",
    "plan": r"vertebra plan(?:a|um)\b",
    "genant": r"genant",
    "injur": (
        r"\b(?:chance|maisonneuve|jefferson|hangman|monteggia|galeazzi|nightstick|lopresti|segond"
        r"|toddler|tillaux|pilon|plafond|bosworth|pott|dupuytren|colle|smith|barton|chauffeur|duverney|malgaigne"
        r"|open book|vertical shear|burst|torus|buckle|greenstick)[\w']{0,3}(?: [abc]| type)? injur"
    ),
    " aff": r"\baffs?\b",
}
"""Substrings with the pattern that must match around them, from 70 characters before to 40 after."""

_PATTERNS: Final = {word: re.compile(pattern) for word, pattern in DOUBTFUL.items()}
_BEFORE: Final = 70
_AFTER: Final = 40


def trigger_places(folded: str) -> list[int]:
    """Where words stand that may name a fracture, in no particular order."""
    places: list[int] = []
    find = folded.find
    for word in SURE:
        at = find(word)
        while at >= 0:
            places.append(at)
            at = find(word, at + 1)
    for word, pattern in _PATTERNS.items():
        at = find(word)
        while at >= 0:
            end = at + _AFTER
            if pattern.search(folded, max(0, at - _BEFORE), end):
                places.append(at)
            at = find(word, at + 1)
    return places
