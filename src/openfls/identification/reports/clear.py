"""Bones that a sentence names and calls whole, or says were not seen: they are not the broken ones."""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.levels import LEVEL_WORDS
from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.sentences import Hit, Sentence

_CLEAR: Final = word_set("clear")
_OF_HEIGHT: Final = frozenset({"in", "height", "heights"})
_CONTRAST: Final = 3
_NOT_SEEN: Final = frozenset({"not", "is", "are", "was", "were"})
_SEEN: Final = frozenset(
    {
        "seen",
        "visualised",
        "visualized",
        "included",
        "imaged",
        "assessed",
        "assessable",
        "shown",
        "visible",
        "covered",
    }
)


def _is_not_meant(sentence: Sentence, hit: Hit, following: list[str]) -> bool:
    """ "L3 not L2", "T4-T6 not seen"."""
    if hit.group == "level" and hit.start and sentence.words[hit.start - 1] == "not":
        return not LEVEL_WORDS.isdisjoint(sentence.words[max(0, hit.start - _CONTRAST) : hit.start])
    not_seen = "not" in following[:2] and not _SEEN.isdisjoint(following[1:3])
    return not_seen and following[0] in _NOT_SEEN


def is_clear(sentence: Sentence, hit: Hit) -> bool:
    """Whether what follows the bone says that it is whole, or not the one meant."""
    following = sentence.words[hit.end : hit.end + 4]
    if _is_not_meant(sentence, hit, following):
        return True
    if _CLEAR.isdisjoint(following):
        return False
    for word in following:
        if word == "reduced":
            return _OF_HEIGHT.isdisjoint(sentence.words[hit.end : hit.end + 7])
        if word in _CLEAR:
            return True
        if word in {",", "and", "fracture", "fractures", "fractured", "#", "with"}:
            return False
    return False
