"""The one public function of this package: a report's text in, its findings out."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from openfls.identification.reports.assemble import Denial, findings_of
from openfls.identification.reports.claims import Claim, Exam, aged_levels, claims_of, settle
from openfls.identification.reports.context import Status, Verdict
from openfls.identification.reports.mentions import Mention, read_mentions, span
from openfls.identification.reports.places import Place, prune
from openfls.identification.reports.prefilter import trigger_places
from openfls.identification.reports.sections import SAID, Section, split_sections
from openfls.identification.reports.sentences import Sentence, split_sentences
from openfls.identification.reports.tokens import fold
from openfls.record.findings import Finding
from openfls.record.sites import Site

_AFFIRMED: Final = frozenset({Status.PRESENT, Status.POSSIBLE})
_LOOK_BACK: Final = 3
_FEW: Final = 8
_LABEL: Final = 24
_POINTS_BACK: Final = frozenset(
    """this these it they appearances appearance both all unchanged stable likely probably old chronic no age the
    healed healing acute callus again alignment position""".split()
)
# Words of the person and the accident: a question beside them is the request, not the answer.
_STORY: Final = re.compile(
    r"\b(?:fall|fell|fallen|falls|tripp?\w*|slipp?\w*|foosh|rt[ac]|mv[ac]|pain\w*|tender\w*|injur\w*|trauma|twist\w*"
    r"|yrs?|years?|yo|\d\d ?[mf]|[mf] ?\d\d|assault\w*|punch\w*|kick\w*|nwb|unable|swell\w*|swollen|bruis\w*|dropped|hit)\b"
)

_ADVICE: Final = re.compile(r"correlat|suggest|advis|recommend|repeat|please|follow|refer|\b(?:ct|mri)\b")

_ANSWER: Final = re.compile(r"\bno (?:acute |definite |evidence of |obvious )?(?:bony |bone )?(?:#|fract|injury)")
_LEAD: Final = 2


def read_report(text: str) -> tuple[Finding, ...]:
    """The findings of one report, in the order of the text, each with the spans that made it.

    The time taken grows with the length of the text only. A report without any word for a fracture costs a few
    substring searches.
    """
    folded = fold(text)
    places = trigger_places(folded)
    if not places:
        return ()
    return _Reading(text, folded, places).findings()


class _Reading:
    """One report being read."""

    def __init__(self, text: str, folded: str, places: list[int]) -> None:
        self.triggers = places
        self.sentences = split_sentences(text, folded, split_sections(folded))
        self.exam = Exam(self.sentences)
        self.triggered: list[int] = []
        self._asked: list[Mention] | None = None
        self.claims: list[Claim] = []
        self.denials: list[Denial] = []
        self.last: list[Place] = []
        self.last_sentence = -9

    def findings(self) -> tuple[Finding, ...]:
        self.triggered = self._triggered()
        mentions = [mention for number in self.triggered for mention in self._read(self.sentences[number])]
        said = {mention.verdict.status for mention in mentions}
        if not said & _AFFIRMED and Status.DENIED in said:
            return ()
        for mention in mentions:
            self._take(mention)
        if not self.claims and self._request():
            self._confirm()
        if not self.claims:
            return ()
        return findings_of(self.claims, self.denials, treated=self._treated())

    def _triggered(self) -> list[int]:
        starts = [sentence.start for sentence in self.sentences]
        numbers = {bisect_right(starts, place) - 1 for place in self.triggers}
        return sorted(number for number in numbers if number >= 0)

    def _read(self, sentence: Sentence) -> list[Mention]:
        """The mentions of a sentence that says what this examination shows."""
        if sentence.section not in SAID:
            return []
        mentions = read_mentions(sentence)
        if mentions and sentence.section is Section.FINDINGS and self._is_unlabelled_request(sentence, mentions):
            sentence.section = Section.REQUEST
            return []
        return mentions

    def _is_unlabelled_request(self, sentence: Sentence, mentions: list[Mention]) -> bool:
        """A question in the first sentences that tells of the person or opens with its question mark."""
        if sentence.number > 3 or sentence.number + 1 >= len(self.sentences):
            return False
        if any(other.section is Section.REQUEST for other in self.sentences[: sentence.number]):
            return False
        text = sentence.text.strip()
        if "?" not in text and not text.startswith(("query", "rule out", "r/o")):
            answered = (_ANSWER.search(other.text) for other in self.sentences[sentence.number + 1 :])
            return sentence.number < _LEAD and all(
                mention.verdict.status is Status.POSSIBLE for mention in mentions
            ) and not any(hit.group == "sign" for hit in sentence.hits) and any(answered)
        asked = all(mention.verdict.status in {Status.POSSIBLE, Status.ASKED} for mention in mentions)
        signs = any(hit.group == "sign" for hit in sentence.hits)
        if not asked or signs:
            return False
        answered = any(not _ADVICE.search(other.text) for other in self.sentences[sentence.number + 1 :])
        return answered and (text.startswith(("?", "query")) or bool(_STORY.search(text)))

    def _request(self) -> list[Mention]:
        """The fractures named in title and request, but those denied there."""
        if self._asked is None:
            self._asked = []
            for number in self.triggered:
                sentence = self.sentences[number]
                if sentence.section not in SAID:
                    found = read_mentions(sentence)
                    self._asked.extend(other for other in found if other.verdict.status is not Status.DENIED)
        return self._asked

    def _take(self, mention: Mention) -> None:
        sentence = mention.sentence
        status = mention.verdict.status
        if status is Status.DENIED:
            self._deny(mention)
            return
        if status not in _AFFIRMED:
            return
        if self._is_explained(mention):
            return
        places = mention.places
        if not places or (len(places) == 1 and places[0].site == "vertebra" and not places[0].levels):
            places = self._elsewhere(mention) or places
        else:
            self._take_side(sentence, places)
        if not places:
            spinal = mention.fracture.group == "vertebral"
            places = [Place(("vertebra",) if spinal else ("unspecified",))]
        claims = claims_of(mention, places, self.exam)
        self._look_ahead(mention, claims)
        self.claims.extend(claims)
        for place in places:
            place.sentence = place.sentence or sentence
        self.last, self.last_sentence = places, sentence.number

    def _deny(self, mention: Mention) -> None:
        places = mention.places
        denial = Denial(
            frozenset(settle(place, places, self.exam) for place in places),
            frozenset(level for place in places for level in place.levels),
            mention.verdict.denies,
            mention.sentence.section,
        )
        if denial.denies == "" and any(claim.asks for claim in self.claims[-_FEW:]):
            # "?# lateral malleolus. No fracture.": the question is answered.
            answered = [claim for claim in self.claims if claim.asks and denial.sites <= {claim.site}]
            self.claims = [claim for claim in self.claims if claim not in answered]
        self.denials.append(denial)

    def _is_explained(self, mention: Mention) -> bool:
        """A shape of the spine that this or the next sentence puts down to something harmless."""
        if mention.fracture.group != "vertebral":
            return False
        number = mention.sentence.number
        if any(hit.group == "benign" for hit in mention.sentence.hits):
            return True
        following = self.sentences[number + 1 : number + 2]
        return any(
            hit.group == "benign" and hit.entry.rule == "scheuermann" and "scheuermann" in sentence.text
            for sentence in following
            for hit in sentence.hits
        )

    def _take_side(self, sentence: Sentence, places: list[Place]) -> None:
        """A side named by the list's heading ("LEFT:") or by the sentence before about the same bone."""
        if any(place.side for place in places):
            return
        if self.last_sentence == sentence.number - 1:
            for place in places:
                for other in self.last:
                    if other.site == place.site != "skull_face" and other.side:
                        place.side = other.side
        for earlier in reversed(self.sentences[max(0, sentence.number - 4) : sentence.number]):
            if earlier.end - earlier.start < _LABEL and earlier.section is sentence.section and len(earlier.words) <= 3:
                named = {hit.entry.value for hit in earlier.hits if hit.group == "side"}
                if len(named) == 1 and not named & {"pair", "both"}:
                    for place in places:
                        place.side = place.side or next(iter(named))
                    return

    def _elsewhere(self, mention: Mention) -> list[Place]:
        """Places for a fracture word without one: the last fracture, the sentence before, the title, the request."""
        sentence = mention.sentence
        spinal = bool(mention.places)
        number = sentence.number
        if self.last and number - self.last_sentence <= _LOOK_BACK and not spinal:
            mention.own_place = False
            return [Place(p.choices, p.side, p.levels, p.rank, p.family, p.hits, p.sentence) for p in self.last]
        for earlier in reversed(self.sentences[max(0, number - 2) : number]):
            if earlier.section not in SAID or spinal:
                break
            named = [hit for hit in earlier.hits if hit.group in {"site", "level"}]
            hits = [hit for hit in named if hit.entry.rank >= 2]
            hits = hits or [hit for hit in named if hit.entry.rule == "site.hip_implant"]
            if hits:
                own = [hit.entry.value for hit in sentence.hits if hit.group == "side"]
                sides = own or [hit.entry.value for hit in earlier.hits if hit.group == "side"]
                side = sides[0] if len(set(sides)) == 1 and sides[0] != "pair" else ""
                hit = hits[0]
                levels = frozenset(hit.levels) | frozenset(hit.entry.levels)
                mention.own_place = False
                return [Place(hit.entry.sites, side, levels, hit.entry.rank, hit.entry.family, [hit], earlier)]
        asked = [_elsewhere(place, other.sentence) for other in self._request() for place in other.places]
        if spinal:
            asked = [place for place in asked if place.site == "vertebra"]
        if asked:
            mention.own_place = False
            return asked
        titled = [place for place in self.exam.sites if not spinal or place.site == "vertebra"]
        if titled and not spinal:
            kept = prune([Place(p.choices, p.side, p.levels, p.rank, p.family) for p in titled])
            if len({place.site for place in kept}) == 1:
                return kept[:1]
        if spinal:
            return [place for place in titled if place.levels][:1]
        for later in self.sentences[number + 1 : number + 2]:
            named = [hit for hit in later.hits if hit.group == "site" and hit.entry.rank >= 2]
            if named and _ADVICE.search(later.text):
                mention.own_place = False
                return [Place(named[0].entry.sites, "", frozenset(), 2, named[0].entry.family, [named[0]], later)]
        return []

    def _look_ahead(self, mention: Mention, claims: list[Claim]) -> None:
        """Age and levels that the next sentences add: "Wedge fracture of T12. This is unchanged"."""
        number = mention.sentence.number
        following = self.sentences[number + 1 : number + 4]
        unlevelled = [claim for claim in claims if claim.site is Site.VERTEBRA and not claim.level]
        for place, sentence in enumerate(following):
            if sentence.section is not mention.sentence.section:
                return
            opening = sentence.text.split(None, 1)[0].rstrip(",:")
            points_back = place == 0 and opening in _POINTS_BACK and not any(claim.age for claim in claims)
            ageless = {claim.level for claim in claims if claim.level and not claim.age}
            if not points_back and not unlevelled and not ageless:
                return
            fracture = any(hit.group in {"fracture", "vertebral"} for hit in sentence.hits)
            if fracture:
                return
            for levels, age, spans in aged_levels(sentence) if ageless else ():
                for claim in claims:
                    if claim.level in levels and not claim.age:
                        claim.age = age
                        claim.spans.extend(spans)
            if unlevelled:
                for levels, age, spans in aged_levels(sentence):
                    for level in sorted(levels):
                        like = unlevelled[0]
                        claims.append(
                            Claim(
                                like.site, "", level, like.possible, age, like.kind, like.section,
                                sentence.number, True, False, "vx.aged_level", False, [*like.spans, *spans],
                            )  # fmt: skip
                        )
            if points_back:
                ages = [hit for hit in sentence.hits if hit.group == "age"]
                sited = any(hit.group in {"site", "level"} and hit.entry.rank >= 2 for hit in sentence.hits)
                if ages and not sited:
                    value = {"progress": "new", "indeterminate": "new"}.get(ages[0].entry.value, ages[0].entry.value)
                    for claim in claims:
                        claim.age = value
                        claim.spans.append(span(sentence, ages[0]))

    def _confirm(self) -> None:
        """The request's fracture, where the findings name none but show its healing or its position."""
        for sentence in self.sentences:
            if sentence.section not in SAID:
                continue
            hits = [hit for hit in sentence.hits if hit.group == "confirm"]
            if not hits or any(hit.group == "neg" for hit in sentence.hits):
                continue
            for mention in self._request():
                if mention.places:
                    mention.verdict = Verdict(Status.PRESENT)
                    mention.age = "new"
                    claims = claims_of(mention, mention.places, self.exam)
                    for claim in claims:
                        claim.spans.append(span(sentence, hits[0]))
                    self.claims.extend(claims)
                    return

    def _treated(self) -> bool:
        if not any(claim.age == "soft" and claim.site is not Site.VERTEBRA for claim in self.claims):
            return False
        return any(hit.group == "treat" for sentence in self.sentences for hit in sentence.hits)


def _elsewhere(place: Place, sentence: Sentence) -> Place:
    """The place with its own sentence noted, for a mention that stands in another."""
    place.sentence = place.sentence or sentence
    return place
