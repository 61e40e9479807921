"""How far a trigger before a fracture word reaches: to the next word or sign that ends it."""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.sentences import Hit, Sentence

_QUESTION_REACH: Final = 12
_LOOKED_FOR: Final = 3
_PRESUPPOSES: Final = frozenset(
    {"the", "this", "that", "whether", "if", "why", "how", "displacement", "extension", "of"}
)
_LIST_WORDS: Final = frozenset({"or", "nor", "/", "and", ","})
REACHING: Final = frozenset({"neg", "unlikely", "quality", "question", "cond", "history", "hedge"})
"""The groups whose words reach forward."""


class Reach:
    """The triggers before a fracture word that still reach it."""

    def __init__(self, sentence: Sentence, fracture: Hit) -> None:
        self.denial: Hit | None = None
        self.question: Hit | None = None
        self.condition: Hit | None = None
        self.past: Hit | None = None
        self.hedges: list[Hit] = []
        self._verb_seen = False
        if REACHING.isdisjoint(sentence.groups):
            return
        words = sentence.words
        starts: dict[int, list[Hit]] = {}
        for hit in sentence.hits:
            if hit.end <= fracture.start:
                starts.setdefault(hit.start, []).append(hit)
        for place in range(fracture.start):
            for hit in starts.get(place, ()):
                self._meet(sentence, fracture, hit)
            word = words[place]
            if word == ":" or (word == "-" and _is_dash(sentence, place)):
                self.denial = self.past = None
                self.hedges = []
            elif word == ",":
                self.past = None
                if self.question and self.question.entry.rule == "question.of":
                    self.question = None
                if self.denial:
                    self._meet_comma(words[place + 1 : fracture.start], starts.get(place + 1, []))

    def _meet(self, sentence: Sentence, fracture: Hit, hit: Hit) -> None:
        group = hit.group
        if hit.entry.rule == "neg.find" and not _is_beside(sentence.words[hit.end : fracture.start]):
            return
        if group == "term":
            self.denial = self.question = self.past = None
            self.hedges = []
        elif (group in {"neg", "unlikely"} and not _contrasts_adjectives(sentence, hit)) or (
            group == "quality" and sentence.words[hit.end] in _LIST_WORDS
        ):
            self.denial, self._verb_seen = hit, False
        elif group == "verb":
            self._verb_seen = True
        elif group == "question" and fracture.start - hit.end <= _QUESTION_REACH:
            self.question = hit
        elif group == "cond":
            self.condition = hit
        elif group == "history":
            self.past = hit
        elif group == "hedge":
            self.hedges.append(hit)
        elif group == "fracture" or (group == "vertebral" and hit.entry.value == "vertebral"):
            self._meet_other_fracture(sentence.words[hit.end : fracture.start])

    def _meet_other_fracture(self, between: list[str]) -> None:
        if _LIST_WORDS.isdisjoint(between):
            self.hedges = []
            self.past = None

    def _meet_comma(self, rest: list[str], next_hits: list[Hit]) -> None:
        """A comma ends a denial that has its verb, or where something new begins and no "or" follows."""
        goes_on = "or" in rest or "nor" in rest
        fresh = bool(rest) and (rest[0] in {"a", "an", "with"} or _is_old(next_hits))
        rather = self.denial is not None and self.denial.entry.rule == "neg.rather"
        if self._verb_seen or (fresh and not goes_on) or rather:
            self.denial = None


def _is_beside(gap: list[str]) -> bool:
    """ "cannot make out a fracture", but not "cannot make out whether the fracture enters the joint"."""
    return len(gap) <= _LOOKED_FOR and _PRESUPPOSES.isdisjoint(gap)


def _contrasts_adjectives(sentence: Sentence, hit: Hit) -> bool:
    """ "osteoporotic rather than pathological fracture": the fracture stands, the adjective does not."""
    return hit.entry.rule == "neg.rather" and any(
        other.end == hit.start and other.group in {"kind", "age"} for other in sentence.hits
    )


def _is_old(hits: list[Hit]) -> bool:
    return any(hit.group == "age" and hit.entry.value in {"old", "soft"} for hit in hits)


def _is_dash(sentence: Sentence, place: int) -> bool:
    starts, ends = sentence.places
    return 0 < place < len(starts) - 1 and starts[place] > ends[place - 1] and starts[place + 1] > ends[place]
