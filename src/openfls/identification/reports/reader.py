"""The one public function of this package: a report's text in, its findings out."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import Final

from openfls.identification.reports.assemble import Denial, findings_of
from openfls.identification.reports.case import AFFIRMED, Status, Verdict
from openfls.identification.reports.claims import LIMB, SCANNED, Claim, Exam, claims_of, settle
from openfls.identification.reports.hedges import is_either, is_no_fracture
from openfls.identification.reports.lookup import look_ahead, place_advised, place_before, place_in_title
from openfls.identification.reports.mentions import Mention, read_mentions
from openfls.identification.reports.places import Place
from openfls.identification.reports.prefilter import trigger_places
from openfls.identification.reports.requests import (
    DENSITOMETRY,
    denies_any_injury,
    is_unlabelled_request,
    may_deny_any_injury,
)
from openfls.identification.reports.sections import SAID, Section, split_sections
from openfls.identification.reports.sentences import Sentence, split_sentences
from openfls.identification.reports.tokens import fold
from openfls.record.findings import Finding

_LOOK_BACK: Final = 3
_FEW: Final = 8
_LABEL: Final = 24


def read_report(text: str, *, evidence: bool = True) -> tuple[Finding, ...]:
    """The findings of one report, in the order of the text, each with the spans that made it if ``evidence``.

    The time taken grows with the length of the text only. A report without any word for a fracture costs a few
    substring searches.
    """
    folded = fold(text)
    places = trigger_places(folded)
    if not places:
        return ()
    return _Reading(text, folded, places).findings(evidence=evidence)


def _label_side(sentence: Sentence) -> str:
    """The side that opens a sentence as its heading: "Right: fracture of the iliac wing"."""
    if sentence.words[1:2] != [":"] or not sentence.hits or sentence.hits[0].group != "side":
        return ""
    side = sentence.hits[0].entry.value
    return side if sentence.hits[0].start == 0 and side in {"left", "right"} else ""


class _Reading:
    """One report being read."""

    def __init__(self, text: str, folded: str, places: list[int]) -> None:
        self.folded = folded
        self.triggers = places
        self.sentences = split_sentences(text, folded, split_sections(folded, text))
        self.exam = Exam(self.sentences)
        self.triggered: list[int] = []
        self._asked: list[Mention] | None = None
        self.claims: list[Claim] = []
        self.denials: list[Denial] = []
        self.past: list[Mention] = []
        self.last: list[Place] = []
        self.last_sentence = -9

    def findings(self, *, evidence: bool = True) -> tuple[Finding, ...]:
        self.triggered = self._triggered()
        mentions = [mention for number in self.triggered for mention in self._read(self.sentences[number])]
        said = {mention.verdict.status for mention in mentions}
        if not said & AFFIRMED and Status.DENIED in said:
            return ()
        for mention in mentions:
            self._take(mention)
        self._take_denied_injuries()
        if not self.claims and (self._request() or self.past):
            self._confirm()
        if not self.claims:
            return ()
        if DENSITOMETRY.match(self.sentences[0].folded):
            self.claims = [claim for claim in self.claims if claim.site in SCANNED]
        return findings_of(self.claims, self.denials, treated=self._treated(), evidence=evidence)

    def _triggered(self) -> list[int]:
        starts = [sentence.start for sentence in self.sentences]
        return sorted({bisect_right(starts, place) - 1 for place in self.triggers} - {-1})

    def _read(self, sentence: Sentence) -> list[Mention]:
        """The mentions of a sentence that says what this examination shows."""
        if sentence.section not in SAID:
            return []
        mentions = read_mentions(sentence)
        if (
            mentions
            and sentence.section is Section.FINDINGS
            and is_unlabelled_request(sentence, mentions, self.sentences)
        ):
            sentence.section = Section.REQUEST
            return []
        return mentions

    def _request(self) -> list[Mention]:
        """The fractures named in title and request, but those denied there."""
        if self._asked is None:
            self._asked = []
            for number in self.triggered:
                sentence = self.sentences[number]
                if sentence.section not in SAID:
                    found = read_mentions(sentence)
                    for place in (place for mention in found for place in mention.places):
                        place.sentence = sentence
                    self._asked.extend(other for other in found if other.verdict.status is not Status.DENIED)
        return self._asked

    def _take(self, mention: Mention) -> None:
        sentence = mention.sentence
        status = mention.verdict.status
        if status is Status.DENIED:
            self._deny(mention)
            return
        if status is Status.PAST:
            self.past.append(mention)
        if status not in AFFIRMED:
            return
        if self._is_explained(mention) or self._is_said_again(mention):
            return
        places = mention.places
        if not places or (len(places) == 1 and places[0].site == "vertebra" and not places[0].levels):
            places = self._find_place(mention) or places
        else:
            self._take_side(sentence, places)
        if not places:
            spinal = mention.fracture.group == "vertebral"
            places = [Place(("vertebra",) if spinal else ("unspecified",))]
        label = _label_side(sentence)
        for place in places:
            place.side = place.side or label
        claims = claims_of(mention, places, self.exam)
        look_ahead(mention, claims, self.sentences)
        self.claims.extend(claims)
        for place in places:
            place.sentence = place.sentence or sentence
        self.last, self.last_sentence = places, sentence.number

    def _deny(self, mention: Mention) -> None:
        places = mention.places
        self._answer(
            Denial(
                frozenset(settle(place, places, self.exam) for place in places),
                frozenset(level for place in places for level in place.levels),
                mention.verdict.denies,
                mention.sentence.section,
            )
        )

    def _take_denied_injuries(self) -> None:
        """ "No acute bony injury" names no fracture and denies them all: it answers a question, as addendum decides."""
        if not may_deny_any_injury(self.folded):
            return
        last = max((claim.sentence for claim in self.claims), default=len(self.sentences))
        for sentence in self.sentences[last + 1 :]:
            if sentence.section in SAID and denies_any_injury(sentence.text) and not sentence.bones:
                self._answer(Denial(frozenset(), frozenset(), "", sentence.section))

    def _answer(self, denial: Denial) -> None:
        if denial.denies == "" and any(claim.asks for claim in self.claims[-_FEW:]):
            # "?# lateral malleolus. No fracture.": the question is answered.
            answered = [claim for claim in self.claims if claim.asks and denial.sites <= {claim.site}]
            self.claims = [claim for claim in self.claims if claim not in answered]
        self.denials.append(denial)

    def _is_said_again(self, mention: Mention) -> bool:
        """ "Fracture of the left 7th rib, likely a cough fracture": the hedge is not on the fracture."""
        if mention.verdict.status is not Status.POSSIBLE or mention.sentence.number != self.last_sentence:
            return False
        own = any(mention.start < hit.end and hit.start < mention.end for hit in mention.sentence.bones)
        return (
            not own
            and mention.start > 0
            and any(
                claim.sentence == self.last_sentence
                and not claim.possible
                and not claim.rule.startswith("vx.")
                for claim in self.claims
            )
        )

    def _is_explained(self, mention: Mention) -> bool:
        """A shape of the spine that this or the next sentence puts down to something harmless."""
        if mention.fracture.group != "vertebral" and mention.rule != "fx.nonunion":
            return False
        number = mention.sentence.number
        benign = mention.sentence.groups.get("benign")
        if benign and len(benign) == 1 and is_either(mention.sentence, mention.fracture, benign[0]):
            mention.verdict = Verdict(Status.POSSIBLE, hits=(benign[0],))
            return False
        if benign or (
            mention.fracture.group == "vertebral" and is_no_fracture(mention.sentence, mention.fracture)
        ):
            return True
        following = self.sentences[number + 1 : number + 2]
        return any("scheuermann" in sentence.text and "benign" in sentence.groups for sentence in following)

    def _take_side(self, sentence: Sentence, places: list[Place]) -> None:
        """A side named by the list's heading ("LEFT:") or by the sentence before about the same bone."""
        if any([place.side for place in places]):
            return
        if self.last_sentence == sentence.number - 1:
            for place in places:
                for other in self.last:
                    if other.site == place.site != "skull_face" and other.side:
                        place.side = other.side
        for earlier in reversed(self.sentences[max(0, sentence.number - 4) : sentence.number]):
            if (
                earlier.end - earlier.start < _LABEL
                and earlier.section is sentence.section
                and len(earlier.words) <= 3
            ):
                named = {hit.entry.value for hit in earlier.groups.get("side", ())}
                if len(named) == 1 and not named & {"pair", "both"}:
                    for place in places:
                        place.side = place.side or next(iter(named))
                    return

    def _find_place(self, mention: Mention) -> list[Place]:
        """Places for a fracture word without one: the last fracture, the sentence before, the request, the title."""
        shape = mention.fracture.group == "vertebral"
        number, spinal = mention.sentence.number, bool(mention.places) or shape
        if not mention.places:
            near = number - self.last_sentence <= _LOOK_BACK
            places = [replace(place) for place in self.last] if near else []
            places = [place for place in places if not shape or place.site == "vertebra"]
            said = {hit.entry.value for hit in mention.sentence.groups.get("side", ())}
            if len(said) == 1 and len(places) == 1 and places[0].side:
                places[0].side = next(iter(said & {"left", "right"}), places[0].side)
            before = [] if places else place_before(mention.sentence, self.sentences)
            places = places or [place for place in before if not shape or place.site == "vertebra"]
            if places:
                mention.own_place = False
                return places
        asked = [
            place
            for other in self._request()
            for place in other.places
            if not spinal or place.site == "vertebra"
        ]
        if asked:
            mention.own_place = False
            return asked
        if spinal and any(claim.level for claim in self.claims):
            return []
        return place_in_title(self.exam.sites, spinal=spinal) or (
            [] if spinal else place_advised(mention, self.sentences)
        )

    def _confirm(self) -> None:
        """The fracture of the request or the history, where the findings name none but show its healing or position."""
        for sentence in self.sentences:
            if sentence.section not in SAID:
                continue
            hits = sentence.groups.get("confirm")
            if not hits or "neg" in sentence.groups:
                continue
            healing = any(hit.entry.value == "callus" for hit in hits)
            for mention in [*self._request(), *(self.past if healing else [])]:
                if mention.places:
                    mention.verdict = Verdict(Status.PRESENT)
                    mention.age = "new"
                    claims = claims_of(mention, mention.places, self.exam)
                    sides = {hit.entry.value for hit in sentence.groups.get("side", ())}
                    for claim in claims:
                        claim.said.append((sentence, hits[0]))
                        if claim.site in LIMB and not claim.side and len(sides) == 1:
                            claim.side = next(iter(sides & {"left", "right"}), "")
                    self.claims.extend(claims)
                    return

    def _treated(self) -> frozenset[str]:
        """What is under treatment: ``spine``, or empty for any other bone."""
        if not any([claim.age == "soft" for claim in self.claims]):
            return frozenset()
        hits = [hit for sentence in self.sentences for hit in sentence.groups.get("treat", ())]
        return frozenset(hit.entry.value for hit in hits)
