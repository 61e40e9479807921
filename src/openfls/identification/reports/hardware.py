"""Screws, wires, leads and teeth break too: whether a fracture word speaks of one of them."""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.sentences import Hit, Sentence

_BETWEEN: Final = word_set("after_hardware")
_STOPS: Final = word_set("hardware_stops")
_OPENERS: Final = frozenset({"of", "in", "through", "involving"})
_ONE_OF_THEM: Final = frozenset({"which", "one", "the"})
_BROKEN: Final = frozenset({"fractured", "broken"})
_VERBS: Final = frozenset({"is", "are", "has", "have", "was", "were", "been"})
_HAS_ONE: Final = (["has", "a"], ["have", "a"], ["shows", "a"], ["has", "fracture"])
_FAR: Final = 10
_BESIDE: Final = frozenset({"near", "beside", "adjacent", "behind", "below", "above", "beneath", "next"})
_JOINTS: Final = frozenset({"or", "/", "and"})


def broken_hardware(sentence: Sentence, fracture: Hit, end: int) -> Hit | None:
    """The implant, tooth or tube that broke instead of a bone, if the sentence names one."""
    groups = sentence.groups
    if "hw" not in groups and "prosthesis" not in groups:
        return None
    bones = [hit for hit in sentence.bones if hit.entry.rank >= 2]
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
    if not gap and sentence.words[hit.start] == "fixation":
        return False  # "hip fracture fixation" is an operation
    of = bool(gap) and gap[0] in _OPENERS and len(gap) <= 8
    joined = not gap or (len(gap) <= 3 and sentence.words[fracture.start] in _BROKEN)
    bone = any(fracture.end <= other.start and other.end < hit.start for other in bones)
    return (joined or (of and not bone)) and _STOPS.isdisjoint(gap)


def _precedes(sentence: Sentence, fracture: Hit, hit: Hit, bones: list[Hit]) -> bool:
    """ "the screw has fractured", "lead fracture"; not where a bone follows: "plate, fractured distal radius"."""
    gap = sentence.words[hit.end : fracture.start]
    if gap[-2:] in _HAS_ONE:
        return "," not in gap  # "the catheter has a fracture near the clavicle"
    subject = bool(gap) and gap[-1] in _VERBS  # "the rod is broken at T10"
    if subject and not _ONE_OF_THEM.isdisjoint(gap) and len(gap) <= _FAR:
        # "wires noted, the third from the bottom is fractured"
        return not any(hit.end <= other.start and other.end <= fracture.start for other in bones)
    if "," in gap and _ONE_OF_THEM.isdisjoint(gap):
        return False
    says_so = sentence.words[fracture.start] in _BROKEN or not gap or gap[-1] in _JOINTS
    aside = sentence.words[fracture.end : fracture.end + 1]  # "lead fractured near the clavicle"
    bone = not subject and not (not gap and _BESIDE.issuperset(aside) and aside)
    bone = bone and any(0 <= other.start - fracture.end <= 3 for other in bones)
    return says_so and _BETWEEN.issuperset(gap) and not bone
