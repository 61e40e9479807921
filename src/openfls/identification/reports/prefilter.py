"""The fast way out: most reports hold no word for a fracture, and a few substring searches show it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from openfls.identification.reports.levels import LEVEL_WORDS
from openfls.identification.reports.lexicon import expand, rows, word_set
from openfls.identification.reports.tokens import split_words

SURE: Final = ("frac", "#", "fx", "frx", "wedg", "concav", "frat", "farctu", "frct", "frca", "fravt", "frsct")
"""Substrings of fracture words that are rarely part of another word."""

_MISSPELT: Final = sorted(word_set("misspelt_heights"))

DOUBTFUL: Final = {
    "collaps": r"collaps",
    "compres": r"compres",
    "height": (
        r"(?<=height)\w{0,3} (?:of (?:[^.;]{0,30} )?)?(?:(?:is|are|ha(?:s|ve) been) )?(?:loss|lost|reduc|decreas|dimin)"
        r"|(?:loss|lost|lose|los|losing|reduc\w*|decreas\w*|dimin\w*)\b[^.;]{0,60}height"
    ),
    "stature": r"(?:loss of|lost) stature",
    "crush": r"crush",
    "union": r"(?:non|mal)[ -]*union",
    "burst": r"burst",
    "vcf": r"ovcfs?\b|\bvcfs?\b",
    "wcf": r"\ba?wcfs?\b",
    "ocf": r"\bocfs?\b",
    "ovf": r"\bovfs?\b",
    "nof": r"\bf?nofs?\b",
    "flail": r"flail (?:segment|chest)",
    "acture": r"\b(?!fract|contr|manuf)[a-z]{1,4}actured?s?\b",
    "broken": r"\bbroken\b",
    "crack": r"\bcrack(?:s|ed)? (?:in|of|through|across|at)\b",
    "colles": r"\bcolles\b",
    "plan": r"vertebra plan(?:a|um)\b",
    "genant": r"genant",
    "injur": (
        r"\b(?:chance|maisonneuve|jefferson|hangman|monteggia|galeazzi|nightstick|lopresti|segond"
        r"|toddler|tillaux|pilon|plafond|bosworth|pott|dupuytren|colle|smith|barton|chauffeur|duverney|malgaigne"
        r"|open book|vertical shear|burst|torus|buckle|greenstick)[\w']{0,3}(?: [abc]| type)? injur"
    ),
    "aff": r"\baffs?\b",
    **{word: word for word in _MISSPELT},
}
"""Substrings with the pattern that must match around them: within 24 characters, for heights within 70."""

ANCHORED: Final = frozenset({"collaps", "compres", "height", "stature", "crush", *_MISSPELT})
"""Of these the ones that lungs, stockings and people have too: a word of the spine must stand near."""

_SHAPES: Final = frozenset(
    [
        "pathological",
        "pathologic",
        "malignant",
        "metastatic",
        "deformity",
        "deformities",
        "deformation",
        "compression",
    ]
)
"""Words that make a fracture of an anchored word without naming the spine: "malignant collapse"."""

_RARE: Final = "#fjkvwgucp"
"""Letters of which nearly each of the words above has one, the most telling first."""

_PATTERNS: Final = {word: re.compile(pattern) for word, pattern in DOUBTFUL.items()}
_AROUND: Final = 24
_AROUND_HEIGHT: Final = 70
# The reader looks for the spine up to ten words away, in a sentence of at most 1,200 letters.
_WORDS_BEFORE: Final = 24
_WORDS_AFTER: Final = 20
_SENTENCE: Final = 1200


def trigger_places(folded: str) -> list[int]:
    """Where words stand that may name a fracture, in no particular order."""
    places: list[int] = []
    for may_hold, words in _GROUPS:
        if may_hold(folded):
            for word in words:
                if word in folded:
                    places.extend(_places_of(folded, word))
    return places


def _places_of(folded: str, word: str) -> Iterator[int]:
    pattern = _PATTERNS.get(word)
    around = _AROUND_HEIGHT if word == "height" else _AROUND
    at = folded.find(word)
    while at >= 0:
        if pattern is None or (
            pattern.search(folded, max(0, at - around), at + around)
            and (word not in ANCHORED or _is_anchored(folded, at))
        ):
            yield at
        at = folded.find(word, at + 1)


def _groups() -> list[tuple[Callable[[str], object], list[str]]]:
    """The words by the first rare letter that they have, else their own first; each group with a test for any of it.

    A search for some thirty words, one by one, is what most reports cost. A pattern that opens with a single letter
    steps from one place of this letter to the next, and a letter that is rare in English has few.
    """
    by_letter: dict[str, list[str]] = {}
    for word in (*SURE, *DOUBTFUL):
        by_letter.setdefault(next((letter for letter in _RARE if letter in word), word[0]), []).append(word)
    return [
        (re.compile(f"{letter}(?:{'|'.join(_from_letter(word, letter) for word in words)})").search, words)
        for letter, words in by_letter.items()
    ]


def _from_letter(word: str, letter: str) -> str:
    """What stands around the first such letter of a word, as a pattern for the place behind the letter."""
    before, _, after = word.partition(letter)
    return f"(?<={before}{letter}){after}" if before else after


_GROUPS: Final = _groups()


def _is_anchored(folded: str, at: int) -> bool:
    before = folded[max(0, at - _SENTENCE) : at].rsplit(None, _WORDS_BEFORE)[-_WORDS_BEFORE:]
    after = folded[at : at + _SENTENCE].split(None, _WORDS_AFTER)[:_WORDS_AFTER]
    anchors = _anchors()
    if not (anchors.isdisjoint(before) and anchors.isdisjoint(after[1:])):
        return True  # it stands free of signs, as most do: quicker than cutting all into tokens
    # The word itself, first of those after, is no anchor.
    return not (
        anchors.isdisjoint(split_words(" ".join(before)))
        and anchors.isdisjoint(split_words(" ".join(after))[1:])
    )


@cache
def _anchors() -> frozenset[str]:
    """Of each phrase for a part of the spine its longest word; the levels; and the words of shape."""
    spine = {
        max(split_words(phrase), key=len)
        for row in rows("sites.csv")
        if row["family"] == "spine"
        for phrase in expand(row["phrases"])
    }
    return frozenset(spine) | LEVEL_WORDS | _SHAPES
