"""What a fracture word leaves to other sentences: its place, its levels, its age."""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.attributes import MEANS
from openfls.identification.reports.claims import Claim, aged_levels
from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.mentions import Mention
from openfls.identification.reports.places import Place, prune
from openfls.identification.reports.requests import ADVICE
from openfls.identification.reports.sections import SAID
from openfls.identification.reports.sentences import Hit, Sentence
from openfls.record.sites import Site

_POINTS_BACK: Final = word_set("points_back")
_IMPLANTS: Final = frozenset({"hw", "prosthesis"})
_AHEAD: Final = 4


def _place(hit: Hit, side: str, sentence: Sentence) -> Place:
    entry = hit.entry
    levels = frozenset(hit.levels) | frozenset(entry.levels)
    return Place(entry.sites, side, levels, entry.rank, entry.family, [hit], sentence)


def place_before(sentence: Sentence, sentences: list[Sentence]) -> list[Place]:
    """The first bone named in one of the two sentences before."""
    for earlier in reversed(sentences[max(0, sentence.number - 2) : sentence.number]):
        if earlier.section not in SAID:
            return []
        named = earlier.bones
        hits = [hit for hit in named if hit.entry.rank >= 2]
        hits = hits or [hit for hit in named if hit.entry.rule == "site.hip_implant"]
        if hits:
            own = [hit.entry.value for hit in sentence.groups.get("side", ())]
            finest = max(
                hits,
                key=lambda hit: (
                    (hit.entry.rank, bool(hit.levels))
                    if hit.entry.family == hits[0].entry.family
                    else (0, False)
                ),
            )
            sides = own or [hit.entry.value for hit in earlier.groups.get("side", ())]
            side = sides[0] if len(set(sides)) == 1 and sides[0] != "pair" else ""
            return [_place(finest, side, earlier)]
    return []


def place_in_title(titled: list[Place], *, spinal: bool) -> list[Place]:
    """The one bone or region that was examined; for a vertebral fracture the title's level."""
    if spinal:
        return [place for place in titled if place.site == "vertebra" and place.levels][:1]
    kept = prune(
        [Place(place.choices, place.side, place.levels, place.rank, place.family) for place in titled]
    )
    return kept[:1] if len({place.site for place in kept}) == 1 else []


def place_advised(mention: Mention, sentences: list[Sentence]) -> list[Place]:
    """ "Fracture not excluded. CT neck of femur recommended.": the bone of the advice that follows."""
    number = mention.sentence.number
    for later in sentences[number + 1 : number + 2]:
        named = [hit for hit in later.groups.get("site", ()) if hit.entry.rank >= 2]
        if named and ADVICE.search(later.text):
            mention.own_place = False
            return [_place(named[0], "", later)]
    return []


def look_ahead(mention: Mention, claims: list[Claim], sentences: list[Sentence]) -> None:
    """Add what the next sentences say of the claims: "Wedge fracture of T12. This is unchanged."."""
    number = mention.sentence.number
    unlevelled = [claim for claim in claims if claim.site is Site.VERTEBRA and not claim.level]
    for sentence in sentences[number + 1 : number + _AHEAD]:
        if sentence.section is not mention.sentence.section:
            return
        ageless = any([claim.level and not claim.age for claim in claims])
        points_back = (
            sentence.number == number + 1
            and not any([claim.age not in {"", "soft"} for claim in claims])
            and sentence.text.split(None, 1)[0].rstrip(",:") in _POINTS_BACK
        )
        if not points_back and not unlevelled and not ageless:
            return
        if "fracture" in sentence.groups or "vertebral" in sentence.groups:
            return
        if ageless or unlevelled:
            _age_levels(sentence, claims, unlevelled)
        if points_back:
            _age_all(sentence, claims)


def _age_levels(sentence: Sentence, claims: list[Claim], unlevelled: list[Claim]) -> None:
    """ "There are several fractures. T8 and T9 are chronic."."""
    for levels, age, said in aged_levels(sentence):
        for claim in claims:
            if claim.level in levels and not claim.age:
                claim.age = age
                claim.said.extend(said)
        for level in sorted(levels) if unlevelled else ():
            like = unlevelled[0]
            claims.append(
                Claim(
                    site=like.site,
                    side="",
                    level=level,
                    possible=like.possible,
                    age=age,
                    kind=like.kind,
                    section=like.section,
                    sentence=sentence.number,
                    own_place=True,
                    definite=False,
                    rule="vx.aged_level",
                    said=[*like.said, *said],
                )
            )


def _age_all(sentence: Sentence, claims: list[Claim]) -> None:
    ages = sentence.groups.get("age")
    sited = any(hit.entry.rank >= 2 for hit in sentence.bones) or not _IMPLANTS.isdisjoint(sentence.groups)
    sited = sited or any(hit.entry.rule == "site.hip_implant" for hit in sentence.bones)
    if not ages or sited:
        return
    age = MEANS[ages[0].entry.value]
    for claim in claims:
        # A known fracture with callus is under treatment; what else the next sentence says of it changes nothing.
        if not claim.age or (claim.age == "soft" and ages[0].entry.rule == "age.new"):
            claim.age = age
            claim.said.append((sentence, ages[0]))
