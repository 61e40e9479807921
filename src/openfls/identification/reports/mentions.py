"""What a sentence says about a fracture: where it is, whether it is affirmed, how sure, how old and of what kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from openfls.identification.reports.attributes import MEANS, age_of, kind_of
from openfls.identification.reports.case import AFFIRMED, Status, Verdict
from openfls.identification.reports.context import judge
from openfls.identification.reports.history import is_of_earlier
from openfls.identification.reports.lazy import lazy
from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.places import Place, places_of
from openfls.identification.reports.sections import Section
from openfls.identification.reports.sentences import Hit, Sentence
from openfls.record.findings import Kind

_GRADES: Final = word_set("grades")
_HEIGHT: Final = frozenset(
    {"vx.height", "vx.height_loss", "vx.stature", "vx.collapse", "vx.loss", "vx.further"}
)
_NAMING: Final = frozenset({"fracture", "vertebral"})
_COUNTED: Final = word_set("counted")
_TO_VERTEBRA: Final = word_set("to_vertebra")
_PRESSED: Final = frozenset({"compressed", "crushed"})
_LUNG: Final = word_set("lung")
_DISC_WORDS: Final = frozenset({"disc", "disk", "discs", "disks", "intervertebral", "interspace"})
_NERVES: Final = frozenset({"root", "roots", "nerve", "nerves", "disc", "radiculopathy", "cord"})
_REACH: Final = 10
_NEAR: Final = 3
_REMEMBERED: Final = 4096
"""Sentences with a word for a fracture: some 20 MB."""
Said = tuple[Sentence, Hit]
"""A known phrase with its sentence: evidence, until a finding is made of it."""
_ADDED: Final = word_set("added")
_OPEN: Final = frozenset({Status.POSSIBLE, Status.ASKED})
_DEFINITE: Final = frozenset({"the", "this", "these", "it", "they", "both", "its"})


@dataclass
class Mention:
    """A fracture word in its sentence, and what the sentence says about it.

    ``age`` is ``old``, ``soft`` (known or unchanged: old unless under treatment), ``new``, or empty where the
    sentence gives none; ``kind`` is None likewise. Both are read of affirmed mentions only. ``own_place`` is False
    where the site came from elsewhere in the report. Tokens ``start`` to ``end`` speak about this fracture word.
    ``first`` is the mention that this one repeats in an equal sentence, read before.
    """

    sentence: Sentence
    fracture: Hit
    verdict: Verdict
    start: int
    end: int
    age: str = ""
    kind: Kind | None = None
    own_place: bool = True
    definite: bool = False
    added: bool = False
    evidence: list[Hit] = field(default_factory=list)
    first: Mention | None = None

    @lazy
    def places(self) -> list[Place]:
        """Where the sentence says the fracture is; most denials are never asked, so it is found when first needed."""
        if self.first is not None:
            return [place.again() for place in self.first.places]
        places = places_of(self.sentence, self.fracture, self.start, self.end)
        _age_each_place(self.sentence, places, self.start, self.end)
        return places

    @property
    def said(self) -> list[Said]:
        """The words that made the mention."""
        return [(self.sentence, hit) for hit in (self.fracture, *self.evidence, *self.verdict.hits)]

    @property
    def rule(self) -> str:
        """The id of the rule that found the fracture word."""
        return self.fracture.entry.rule

    def again(self, sentence: Sentence) -> Mention:
        """The same in an equal sentence, for a report that may change it; nothing ever changes a hit."""
        return Mention(
            sentence,
            self.fracture,
            self.verdict,
            self.start,
            self.end,
            self.age,
            self.kind,
            self.own_place,
            self.definite,
            self.added,
            self.evidence,
            self,
        )


def fracture_words(sentence: Sentence) -> list[Hit]:
    """The hits that name a fracture; vertebral words only where a vertebra anchors them."""
    if _NAMING.isdisjoint(sentence.groups):
        return []
    found: list[Hit] = []
    for hit in sentence.hits:
        if hit.group == "fracture":
            if not _is_number_sign(sentence, hit):
                found.append(hit)
        elif hit.group == "vertebral" and _is_vertebral(sentence, hit):
            found.append(hit)
    if len(found) > 1:
        found = [found[0], *(hit for one, hit in pairwise(found) if not _is_its_fracture(sentence, one, hit))]
        # A grade beside the fracture it grades is no mention of its own.
        found = [hit for hit in found if hit.entry.rule != "vx.genant"] or found[:1]
    return found


def _is_its_fracture(sentence: Sentence, one: Hit, hit: Hit) -> bool:
    """ "non-union of the midshaft fracture": one fracture told by two words."""
    gap = sentence.words[one.end : hit.start]
    return one.entry.rule == "fx.nonunion" and gap[:1] == ["of"] and len(gap) <= _NEAR + 2


def _is_number_sign(sentence: Sentence, hit: Hit) -> bool:
    words = sentence.words
    if words[hit.start] != "#":
        return False
    if hit.start and words[hit.start - 1] in _COUNTED:
        return True
    after = words[hit.end : hit.end + 3]
    bone = any(0 <= hit.start - other.end <= 1 for other in sentence.bones)
    if (after[:1] == [":"] and not bone) or after[:2] in (["of", "views"], ["of", "images"], ["of", "films"]):
        return True
    if not after or not after[0].isdigit():
        return False
    return sentence.places[0][hit.end] == sentence.places[1][hit.end - 1]


def _is_vertebral(sentence: Sentence, hit: Hit) -> bool:
    words = sentence.words
    spine = [other for other in sentence.bones if other.entry.family == "spine"]
    needs = hit.entry.value
    of_patient = "patient" in words[max(0, hit.start - 3) : hit.end + 3]
    if hit.entry.rule in _HEIGHT and (of_patient or _disc_is_nearer(words, hit, spine)):
        return False
    if needs == "vertebral":
        elsewhere = any(other.entry.rank >= 3 for other in sentence.groups.get("site", ()))
        return bool(spine) or not elsewhere or bool(hit.entry.sites)
    if needs == "anchored":
        if hit.entry.rule == "vx.genant" and hit.end < len(words) and words[hit.end] == "0":
            return False
        if not _LUNG.isdisjoint(words[max(0, hit.start - 5) : hit.end + 6]):
            return any(other.entry.rank >= 2 and _gap(other, hit) <= _NEAR for other in spine)
        return any(_gap(other, hit) <= _REACH for other in spine)
    return _is_adjacent(words, hit, spine)


def _gap(one: Hit, other: Hit) -> int:
    return max(other.start - one.end, one.start - other.end)


def _disc_is_nearer(words: list[str], hit: Hit, spine: list[Hit]) -> bool:
    near = words[max(0, hit.start - 4) : hit.end + 5]
    if not any(word in _DISC_WORDS for word in near):
        return False
    return not any(other.entry.rank >= 2 and _gap(other, hit) <= 3 for other in spine)


def _is_adjacent(words: list[str], hit: Hit, spine: list[Hit]) -> bool:
    for other in spine:
        if other.entry.rank < 2:
            continue
        leads = words[hit.start] in _PRESSED and hit.end <= other.start
        if leads and _TO_VERTEBRA.issuperset(words[hit.end : other.start]):
            return True  # "compressed T12 vertebral body"
        following = words[other.end] if other.end < len(words) else ""
        graded = _GRADES.issuperset(words[other.end : hit.start])
        before = hit.start - other.end >= 0 and (hit.start - other.end <= 1 or graded)
        gap = words[hit.end : other.start]
        after = bool(gap) and gap[0] in {"of", "at", "involving"} and _TO_VERTEBRA.issuperset(gap)
        if (before or after) and following not in _NERVES:
            return True
    return False


def read_mentions(sentence: Sentence) -> list[Mention]:
    """All mentions of fractures in a sentence, denied ones too.

    They depend on nothing but its text, and radiologists repeat themselves, so they are remembered for a while.
    """
    return [mention.again(sentence) for mention in mentions_in(sentence.text)]


@lru_cache(maxsize=_REMEMBERED)
def mentions_in(folded: str) -> list[Mention]:
    """The mentions of a sentence by itself, out of any report."""
    sentence = Sentence(folded, Section.FINDINGS, 0, len(folded))
    found = fracture_words(sentence)
    mentions: list[Mention] = []
    if not found:
        return mentions
    borders = _territories(sentence, found) if len(found) > 1 else [(0, len(sentence.words))]
    for hit, (start, end) in zip(found, borders, strict=True):
        mention = Mention(sentence, hit, judge(sentence, hit, end), start, end)
        mentions.append(mention)
        if mention.verdict.status in AFFIRMED:
            age, age_hit = age_of(sentence, hit, start, end)
            if (
                mention.verdict.since
                and age_hit
                and is_of_earlier(sentence.words, mention.verdict.hits[0], age_hit, hit)
            ):
                age, age_hit = "new", None
            mention.age = age or hit.entry.age
            mention.kind, kind_hit = kind_of(sentence, hit, start, end)
            mention.own_place = bool(mention.places)
            mention.definite = _is_definite(sentence, hit)
            mention.added = not _ADDED.isdisjoint(sentence.words[start : hit.start])
            mention.evidence = [other for other in (age_hit, kind_hit) if other]
    _share_age(sentence, mentions)
    _share_doubt(sentence, mentions)
    return mentions


def _share_age(sentence: Sentence, mentions: list[Mention]) -> None:
    """ "Wedging of T11 and L1 with 40% height loss at L1, unchanged since 2018": all of it is unchanged."""
    last = mentions[-1]
    if last.age != "soft" or not all(mention.fracture.group == "vertebral" for mention in mentions):
        return
    at = last.evidence[0].start if last.evidence else 0
    if at and sentence.words[at - 1] == ",":
        for mention in mentions[:-1]:
            mention.age = mention.age or "soft"


def _share_doubt(sentence: Sentence, mentions: list[Mention]) -> None:
    """ "Height loss of T6, which may be positional or a fracture": all of it is open."""
    for shape, following in pairwise(mentions):
        plain = (
            shape.fracture.group == "vertebral" and shape.verdict.status is Status.PRESENT and not shape.age
        )
        if not plain or following.fracture.group != "fracture" or following.added:
            continue
        for hit in following.verdict.hits:
            or_else = "or" in sentence.words[hit.end : following.fracture.start]
            if hit.start >= shape.fracture.end and or_else and following.verdict.status in _OPEN:
                shape.verdict = Verdict(Status.POSSIBLE, hits=(hit,))
                break


def _age_each_place(sentence: Sentence, places: list[Place], start: int, end: int) -> None:
    """ "chronic T6 and acute T10 fractures", "fractures at T12 (old) and L3 (acute)": each place its own age.

    Where the first age comes before the first place, ages precede what they describe, else they follow it.
    """
    if len(places) < 2:
        return
    ages = [hit for hit in sentence.groups.get("age", ()) if start <= hit.start < end]
    if len({hit.entry.value in {"old", "soft"} for hit in ages}) < 2:
        return
    leads = ages[0].start < min(place.hits[0].start for place in places)
    for place in places:
        at = place.hits[0].start
        own = (
            [hit for hit in ages if hit.start < at][-1:]
            if leads
            else [hit for hit in ages if hit.start > at][:1]
        )
        if own:
            place.age = MEANS[own[0].entry.value]
            place.hits.append(own[0])


def _is_definite(sentence: Sentence, hit: Hit) -> bool:
    return not _DEFINITE.isdisjoint(sentence.words[max(0, hit.start - 3) : hit.start])


def _territories(sentence: Sentence, found: list[Hit]) -> list[tuple[int, int]]:
    """For each fracture word the tokens that speak about it: cut at the last joint before the next one."""
    words = sentence.words
    terms = {hit.start for hit in sentence.groups.get("term", ())}
    cuts = [0]
    limits = [*(hit.start for hit in found[2:]), len(words)]
    for one, other, limit in zip(found, found[1:], limits, strict=False):
        strong = weak = -1
        for place in range(one.end, other.start):
            if (
                words[place] == "with"
                and (weak >= 0 or strong >= 0)
                and not _names_site(sentence, place, limit)
            ):
                continue  # "in T4 with collapse and in the rib with a fracture": the rib belongs to what follows
            if words[place] in {",", "with"} or place in terms:
                strong = place
            elif words[place] in {"and", "&", "+"}:
                weak = place
        cut = strong if strong >= 0 else weak
        cuts.append(cut if cut >= 0 else other.start)
    cuts.append(len(words))
    return list(pairwise(cuts))


def _names_site(sentence: Sentence, start: int, end: int) -> bool:
    return any(start <= hit.start < end for hit in sentence.bones)
