"""Which bone, side and levels a fracture word speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from openfls.identification.reports.clear import is_clear
from openfls.identification.reports.lexicon import Entry, word_set
from openfls.identification.reports.sentences import Hit, Sentence
from openfls.identification.reports.sides import each_is_named, same_bone_sides, side_values, sides_of

# After one of these the sentence no longer lists the broken bones.
_BREAKS: Final = word_set("breaks")
_OPENERS: Final = word_set("openers")
_JOINTS: Final = word_set("joints")
_MEASURES: Final = word_set("measures")
_EXIST: Final = word_set("exist")
_CLEAN_NEXT: Final = word_set("clean_next")
_CLEAN_GROUPS: Final = frozenset(
    {"site", "level", "side", "age", "kind", "hedge", "hedgepost", "negpost", "verb", "term", "treat"}
)
_ACROSS: Final = 6
_PARTING: Final = frozenset({"benign", "hw", "neg", "look", "prosthesis"})
_VERBS: Final = frozenset({"is", "are", "was", "were", "has", "have", "been", "also", "both"})
_NONE: Final[frozenset[str]] = frozenset()
UNSIDED: Final = frozenset({"vertebra", "sternum", "other"})
"""Sites that have no side."""


@dataclass
class Place:
    """A site with its side and levels; ``choices`` where the rest of the report must decide between sites.

    ``sentence`` is that of the hits, where it is not the fracture word's own; ``age`` is set where the places of
    one fracture word differ in age.
    """

    choices: tuple[str, ...]
    side: str = ""
    levels: frozenset[str] = frozenset()
    rank: int = 2
    family: str = ""
    hits: list[Hit] = field(default_factory=list)
    sentence: Sentence | None = None
    age: str = ""

    @property
    def site(self) -> str:
        """The site, or the likeliest of its choices."""
        return self.choices[0]

    def again(self) -> Place:
        """The same for another report, which may change it but for its hits."""
        return Place(self.choices, self.side, self.levels, self.rank, self.family, self.hits, None, self.age)


def places_of(sentence: Sentence, fracture: Hit, start: int, end: int) -> list[Place]:
    """The places of one fracture word, from its own sentence; empty where the sentence names none."""
    sites = [hit for hit in sentence.bones if not is_clear(sentence, hit)]
    inside = [hit for hit in sites if hit.end > start and hit.start < end]
    before = [hit for hit in inside if hit.end <= fracture.start]
    after = [hit for hit in inside if hit.start >= fracture.end]
    before = _chain_before(sentence, fracture, before) if before else []
    after = _chain_after(sentence, fracture, after) if after else []
    chosen = _choose(sentence, fracture, before, after)
    own = fracture.entry
    if not chosen:
        chosen = _discs(sentence, fracture)
    if not chosen and (not own.sites or own.rank < 3):
        chosen = _nearest(sentence, fracture, sites, inside, spinal=_is_spinal(own))
    if _is_spinal(own):
        spinal = [hit for hit in chosen if hit.entry.family == "spine"]
        if own.rank >= 2 or own.group == "vertebral":
            if not spinal:
                spinal = _nearest(sentence, fracture, sites, inside, spinal=True)
            if own.group == "vertebral" or spinal or not any(hit.entry.rank == 3 for hit in chosen):
                chosen = spinal
    places = _places(sentence, chosen, own)
    if any([place.site == "vertebra" for place in places]) and not any([place.levels for place in places]):
        _lend_levels(sentence, fracture, sites, inside, places)
    return places


def _lend_levels(
    sentence: Sentence, fracture: Hit, sites: list[Hit], inside: list[Hit], places: list[Place]
) -> None:
    """A vertebral place without a level takes the nearest named before it in the sentence, else after it."""
    levelled = [hit for hit in sites if hit.levels or hit.entry.levels]
    chain = _nearest(sentence, fracture, levelled, [hit for hit in inside if hit in levelled], spinal=True)
    if not chain:
        chain = _discs(sentence, fracture)
    for place in places:
        if place.site == "vertebra":
            for hit in chain:
                place.levels |= frozenset(hit.levels) | frozenset(hit.entry.levels)
                place.hits.append(hit)


def _discs(sentence: Sentence, fracture: Hit) -> list[Hit]:
    """ "T11/12 fractures": two levels written like a disc, right beside the fracture word."""
    words = sentence.words
    for hit in sentence.groups.get("disc", ()):
        before = hit.end <= fracture.start
        gap = words[hit.end : fracture.start] if before else words[fracture.end : hit.start]
        following = words[hit.end] if hit.end < len(words) else ""
        beside = _BREAKS.isdisjoint(gap) and following not in {"disc", "disk", "level", "endplate"}
        across = not before and gap[:1] in (["through"], ["across"])
        if (len(gap) <= 3 and beside) or (len(gap) <= _ACROSS and across):
            return [hit]
    return []


def _is_spinal(entry: Entry) -> bool:
    return entry.group == "vertebral" or "vertebra" in entry.sites


def _broken(gap: list[str]) -> bool:
    return not _BREAKS.isdisjoint(gap)


def _outside(gap: list[str]) -> list[str]:
    """The words but for those in brackets: "L1 (old, seen on CT) and T11"."""
    if "(" not in gap or ")" not in gap:
        return gap
    start, end = gap.index("("), len(gap) - gap[::-1].index(")")
    return gap[:start] + gap[end:] if start < end else gap


def _chain_before(sentence: Sentence, fracture: Hit, sites: list[Hit]) -> list[Hit]:
    chain: list[Hit] = []
    edge = fracture.start
    for hit in reversed(sites):
        gap = sentence.words[hit.end : edge]
        if hit.end < edge and not _BREAKS.isdisjoint(gap) and (chain or not _VERBS.issuperset(gap)):
            break
        if len(gap) > 6:
            break
        if chain and not _is_clean(sentence, hit):
            break
        chain.append(hit)
        edge = hit.start
    return chain[::-1]


def _chain_after(sentence: Sentence, fracture: Hit, sites: list[Hit]) -> list[Hit]:
    chain: list[Hit] = []
    edge = fracture.end
    for hit in sites:
        if _broken(_outside(sentence.words[edge : hit.start])) and not _opens(
            sentence, edge, hit.start, first=not chain
        ):
            if chain and hit.group == "level" and _resumes(sentence.words[edge : hit.start]):
                chain.append(hit)
                edge = hit.end
                continue
            break
        if chain and not _goes_on(sentence, edge, hit):
            break
        chain.append(hit)
        edge = hit.end
    return chain


def _goes_on(sentence: Sentence, edge: int, hit: Hit) -> bool:
    """Whether a list of bones goes on with this one: "T11 of 22% (mild) and T12 of 30%"."""
    gap = _outside(sentence.words[edge : hit.start])
    if hit.group == "level" and all(word in _MEASURES or word.isdigit() for word in gap):
        return True
    return len(gap) <= 7 and _is_clean(sentence, hit) and not _is_parted(sentence, edge, hit.start)


def _resumes(gap: list[str]) -> bool:
    """Whether a list of levels goes on behind a clause: "at T6 and T8, which are unchanged, and at T11"."""
    return (
        len(gap) <= 9
        and len(gap) >= 3
        and gap[0] == ","
        and gap[-2:] in (["and", "at"], ["and", "of"], ["and", "in"])
    )


def _is_parted(sentence: Sentence, start: int, end: int) -> bool:
    """Whether something else is named between two bones: "fracture of L2 as well as a Schmorl's node at L3"."""
    return any(hit.group in _PARTING and start <= hit.start < end for hit in sentence.hits)


def _opens(sentence: Sentence, edge: int, start: int, *, first: bool) -> bool:
    """ "avulsion fracture from the rim", "fractures are present within the sacral ala"."""
    gap = sentence.words[edge:start]
    if not first or not gap or len(gap) > 9:
        return False
    breaks = [word for word in gap if word in _BREAKS]
    if breaks == ["from"] and gap[0] == "from":
        return True
    return _EXIST.issuperset(breaks) and not _OPENERS.isdisjoint(gap)


def _is_clean(sentence: Sentence, hit: Hit) -> bool:
    if hit.group == "level" or hit.end >= len(sentence.words):
        return True
    word = sentence.words[hit.end]
    if word in _CLEAN_NEXT or word[0].isdigit():
        return True
    return any(other.start == hit.end and other.group in _CLEAN_GROUPS for other in sentence.hits)


def _choose(sentence: Sentence, fracture: Hit, before: list[Hit], after: list[Hit]) -> list[Hit]:
    if not before or not after:
        return before or after
    if any(hit.entry.rank >= 2 for hit in before):
        after = [hit for hit in after if hit.entry.rank >= 2]
        if not after:
            return before
    families = {hit.entry.family for hit in before}
    related = [hit for hit in after if hit.entry.family in families]
    following = sentence.words[fracture.end : fracture.end + 3]
    opened = (
        any(word in _OPENERS for word in following)
        or following[:1] == [":"]
        or after[0].start - fracture.end <= 2
    )
    if related and len(related) == len(after):
        return before + after
    if not opened:
        return before
    strong = [hit for hit in before if hit.entry.rank >= 2]
    return (
        strong if all(hit.entry.family in {h.entry.family for h in after} for hit in strong) else []
    ) + after


def _nearest(
    sentence: Sentence, fracture: Hit, sites: list[Hit], inside: list[Hit], *, spinal: bool
) -> list[Hit]:
    """The nearest site before the word anywhere in the sentence, else the first after it."""
    if spinal:
        sites = [hit for hit in sites if hit.entry.family == "spine"]
        inside = [hit for hit in inside if hit.entry.family == "spine"]
    earlier = [hit for hit in sites if hit.end <= fracture.start]
    if earlier:
        strong = [hit for hit in earlier if hit.entry.rank >= 2]
        last = (strong or earlier)[-1]
        chain = [last]
        for hit in reversed(earlier[: earlier.index(last)]):
            gap = sentence.words[hit.end : chain[0].start]
            if len(gap) > 4 or (gap and not _JOINTS.intersection(gap)):
                break
            chain.insert(0, hit)
        return chain
    later = [hit for hit in inside if hit.start >= fracture.end]
    strong = [hit for hit in later if hit.entry.rank >= 2]
    if not strong:
        return later[:1]
    chain = strong[:1]
    for hit in strong[1:]:
        joint = sentence.words[chain[-1].end : hit.start]
        if len(joint) > 4 or not _JOINTS.intersection(joint) or not _is_clean(sentence, hit):
            break
        chain.append(hit)
    return chain


def _places(sentence: Sentence, chosen: list[Hit], own: Entry) -> list[Place]:
    sides = sides_of(sentence)
    places: list[Place] = []
    for hit in chosen:
        entry = hit.entry
        levels = frozenset(hit.levels) | frozenset(entry.levels) if hit.levels or entry.levels else _NONE
        named = (sides.get(hit.start) or same_bone_sides(sentence, hit, sides)) if sides else []
        words = [side.entry.value for side in named]
        if words and each_is_named(sentence, words):
            words = ["left", "right"]
        values = side_values(words) if words and entry.sites[0] not in UNSIDED else [""]
        for value in values:
            places.append(Place(entry.sites, value, levels, entry.rank, entry.family, [hit, *named]))
    if own.sites and not _covered(own, places):
        loose = [hit for hits in sides.values() for hit in hits] or sides.get(-1, [])
        values = side_values([hit.entry.value for hit in loose]) if own.sites[0] not in UNSIDED else [""]
        kept = (
            [place for place in places if place.rank >= 2 and place.site not in own.sites]
            if own.rank < 3
            else []
        )
        if not (own.rank <= 1 and places):
            if own.rank >= 3 or not kept:
                places = [Place(own.sites, value, frozenset(), own.rank, "", list(loose)) for value in values]
            else:
                places = kept
    return prune(places)


def _covered(own: Entry, places: list[Place]) -> bool:
    return any(place.site in own.sites for place in places)


def prune(places: list[Place]) -> list[Place]:
    """Drop regions where a bone is named, and bones where a part of the same limb is."""
    if len(places) < 2:
        return places
    ranks = {place.rank for place in places}
    if len(ranks) < 2:
        return places
    top = max(ranks)
    kept: list[Place] = []
    for place in places:
        finer = [
            other
            for other in places
            if other.rank > place.rank
            and (place.rank <= 1 or other.family == place.family or not place.family)
        ]
        if finer and top >= 2:
            for other in finer:
                if not other.side and other.site not in UNSIDED:
                    other.side = place.side
                    other.hits.extend(place.hits)
                if other.family == place.family == "spine":
                    other.levels |= place.levels
            continue
        kept.append(place)
    return kept
