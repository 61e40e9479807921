"""Screws, wires, leads and teeth break too: whether a fracture word speaks of one of them."""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.sentences import Hit, Sentence

_BETWEEN: Final = word_set("after_hardware")
_STOPS: Final = word_set("hardware_stops")
_OPENERS: Final = frozenset({"of", "in", "through", "involving"})
_JOINTS: Final = frozenset({"or", "/", "and"})


def broken_hardware(sentence: Sentence, fracture: Hit, end: int) -> Hit | None:
    """The implant, tooth or tube that broke instead of a bone, if the sentence names one."""
    bones = [hit for hit in sentence.hits if hit.group in {"site", "level"} and hit.entry.rank >= 2]
    for hit in sentence.hits:
        if hit.group not in {"hw", "prosthesis"}:
            continue
        if fracture.end <= hit.start < end and _follows(sentence, fracture, hit, bones):
            return hit
        if hit.end <= fracture.start and _precedes(sentence, fracture, hit, bones):
            return hit
    return None


def _follows(sentence: Sentence, fracture: Hit, hit: Hit, bones: list[Hit]) -> bool:
    """ "fracture of one of the screws", "fractured wires"."""
    gap = sentence.words[fracture.end : hit.start]
    of = bool(gap) and gap[0] in _OPENERS and len(gap) <= 8
    joined = not gap or (len(gap) <= 3 and sentence.words[fracture.start] == "fractured")
    bone = any(fracture.end <= other.start and other.end < hit.start for other in bones)
    return (of or joined) and not bone and _STOPS.isdisjoint(gap)


def _precedes(sentence: Sentence, fracture: Hit, hit: Hit, bones: list[Hit]) -> bool:
    """ "the screw has fractured", "lead fracture"; not where a bone follows: "plate, fractured distal radius"."""
    gap = sentence.words[hit.end : fracture.start]
    if "," in gap and "which" not in gap and "one" not in gap:
        return False
    says_so = sentence.words[fracture.start] == "fractured" or not gap or gap[-1] in _JOINTS
    bone = any(0 <= other.start - fracture.end <= 3 for other in bones)
    return says_so and _BETWEEN.issuperset(gap) and not bone
