"""Which side belongs to which bone of a sentence."""

from __future__ import annotations

from itertools import pairwise

from openfls.identification.reports.sentences import Hit, Sentence

_JOINTS = frozenset({"and", "&", ",", "+", "/", "of"})
_TOWARDS = frozenset({"to", "towards"})


def same_bone_sides(sentence: Sentence, hit: Hit, sides: dict[int, list[Hit]]) -> list[Hit]:
    """The sides of another word for the same bone in the sentence."""
    for other in sentence.groups.get("site", ()):
        if other.entry.family == hit.entry.family and sides.get(other.start):
            return sides[other.start]
    return []


def side_values(words: list[str]) -> list[str]:
    named: list[str] = [word for word in ("left", "right") if word in words]
    if len(named) == 2:
        return named
    if "both" in words:
        return ["both"]
    return named or (["both"] if "pair" in words else [""])


def sides_of(sentence: Sentence) -> dict[int, list[Hit]]:
    """Each side word beside the site it belongs to: the next one within six tokens, else the one before."""
    belongs: dict[int, list[Hit]] = {}
    named = sentence.groups.get("side")
    if not named:
        return belongs
    sites = sentence.groups.get("site", [])
    for side in named:
        if _is_of_no_bone(sentence, side):
            continue
        following = [hit for hit in sites if hit.end > side.start]
        earlier = [hit for hit in sites if hit.end <= side.start]
        near = following and following[0].start - side.end <= 6
        gap = sentence.words[side.end : following[0].start] if following else []
        if (
            near
            and earlier
            and ("," in gap or ")" in gap or "and" in gap)
            and side.start - earlier[-1].end <= 2
        ):
            near = "," not in gap and ")" not in gap and side.end < len(sentence.words)
        if side.entry.value == "pair" and not near:
            continue  # "two fractures, both undisplaced"
        after = sentence.words[side.end] if side.end < len(sentence.words) else ""
        if near and earlier and (after in {",", ")", ";"} or (after == "and" and side.entry.value == "both")):
            near = False
        if following and not earlier and (not near or "," in gap):
            between = [other for other in named if side.end <= other.start < following[0].start]
            if between:
                continue  # "bilateral densities, healed right rib fracture": the nearer side is the bone's
        target = following[0] if near else (earlier[-1] if earlier else following[0] if following else None)
        if target and not near and _is_taken(sentence, side, belongs.get(target.start, [])):
            continue
        belongs.setdefault(target.start if target else -1, []).append(side)
        if target and near:
            _share(sentence, side, following, belongs)
    return belongs


def each_is_named(sentence: Sentence, sides: list[str]) -> bool:
    """ "both distal radii, the left intra-articular and the right extra-articular": each side by itself."""
    if "pair" not in sides and "both" not in sides:
        return False
    said = {hit.entry.value for hit in sentence.groups["side"] if not _is_of_no_bone(sentence, hit)}
    return {"left", "right"} <= said and len({hit.entry.family for hit in sentence.groups["site"]}) == 1


def _is_of_no_bone(sentence: Sentence, side: Hit) -> bool:
    """ "both sides of the SI joints", "displaced to the right", "right more than left"."""
    words = sentence.words
    before = words[max(0, side.start - 2) : side.start]
    if "than" in words and (_is_compared(words[side.end : side.end + 2]) or _is_compared(before)):
        return True
    looks = sentence.groups.get("look", ()) if side.entry.value in {"both", "pair"} else ()
    return any([0 <= look.start - side.end <= 2 for look in looks]) or not _TOWARDS.isdisjoint(before)


def _is_compared(words: list[str]) -> bool:
    return words[-1:] == ["than"] and words[0] in {"more", "greater", "worse", "larger", "less"}


def _share(sentence: Sentence, side: Hit, following: list[Hit], belongs: dict[int, list[Hit]]) -> None:
    """ "fractures of left medial and lateral malleolus": a list shares the side named first."""
    for one, other in pairwise(following):
        joint = sentence.words[one.end : other.start]
        if joint and (len(joint) > 2 or _JOINTS.isdisjoint(joint)):
            break
        if any(one.end <= hit.start < other.start for hit in sentence.groups["side"]):
            break
        belongs.setdefault(other.start, []).append(side)


def _is_taken(sentence: Sentence, side: Hit, others: list[Hit]) -> bool:
    """Whether a bone has its side already and the later is no addition: "R hip #, separate LT fragment"."""
    joined = side.start > 0 and sentence.words[side.start - 1] in {"and", "&", "(", ",", "/", "+", ";"}
    return not joined and any(other.entry.value in {"left", "right"} for other in others)
