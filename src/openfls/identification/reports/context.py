"""Whether a fracture word is affirmed, hedged, denied, asked about or past.

The reach of each word follows the idea of published negation algorithms (a trigger reaches to the next terminator);
the triggers and the terminators are ours, in ``data/context.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from openfls.identification.reports.hardware import broken_hardware
from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.reach import Reach
from openfls.identification.reports.sentences import Hit, Sentence


class Status(Enum):
    """What the sentence does with the fracture."""

    PRESENT = "present"
    POSSIBLE = "possible"
    DENIED = "denied"
    ASKED = "asked"
    PAST = "past"
    OTHER = "other"


AFFIRMED: Final = frozenset({Status.PRESENT, Status.POSSIBLE})
"""What makes a finding."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of a mention, what a denial covers (``""`` all, ``new``, ``other``), and the hits that decided.

    ``asks`` is True where a question mark alone makes it possible.
    """

    status: Status
    denies: str = ""
    hits: tuple[Hit, ...] = ()
    asks: bool = False


_HEDGE_REACH: Final = {"adj": 9, "adv": 9, "verb": 18}
_ANSWERS_NO: Final = frozenset({"no", "none", "nil", "absent", "negative", "not"})
_IN_ADJECTIVES: Final = word_set("in_adjectives")
_COMPARES: Final = word_set("compares")


@dataclass(frozen=True, slots=True)
class _Case:
    """One fracture word in its sentence: the hits before it, those after that speak about it, and what reaches it."""

    sentence: Sentence
    fracture: Hit
    end: int
    earlier: list[Hit]
    later: list[Hit]
    reach: Reach


def judge(sentence: Sentence, fracture: Hit, end: int) -> Verdict:
    """The verdict on one fracture word; the tokens up to ``end`` speak about it. The first rule that fits decides."""
    hits = sentence.hits
    earlier = [hit for hit in hits if hit.end <= fracture.start]
    later = [hit for hit in hits if hit.start >= fracture.end and hit.start < end]
    case = _Case(sentence, fracture, end, earlier, later, Reach(sentence, fracture))
    for rule in _RULES:
        verdict = rule(case)
        if verdict is not None:
            return verdict
    return Verdict(Status.PRESENT)


def _is_of_something_else(case: _Case) -> Verdict | None:
    """Broken hardware, somebody else's fracture, a risk."""
    hit = broken_hardware(case.sentence, case.fracture, case.end)
    hit = hit or next((other for other in case.earlier if other.group == "aside"), None)
    return Verdict(Status.OTHER, hits=(hit,)) if hit else None


def _is_not_excluded(case: _Case) -> Verdict | None:
    """ "does not exclude" is stock advice unless a sign is described; "cannot exclude" is a hedge."""
    for hit in case.earlier:
        if hit.group == "doesnot":
            sign = any(other.group == "sign" for other in case.earlier)
            return Verdict(Status.POSSIBLE if sign else Status.ASKED, hits=(hit,))
    for hit in case.reach.hedges:
        if hit.entry.rule == "hedge.exclude":
            return Verdict(Status.POSSIBLE, hits=(hit,))
    hit_after = _after(case.sentence, case.fracture, case.later, "hedgepost")
    return Verdict(Status.POSSIBLE, hits=(hit_after,)) if hit_after and not case.reach.condition else None


def _is_asked(case: _Case) -> Verdict | None:
    hit = case.reach.question or case.reach.condition
    return Verdict(Status.ASKED, hits=(hit,)) if hit else None


def _is_denied(case: _Case) -> Verdict | None:
    sentence, fracture = case.sentence, case.fracture
    if case.reach.denial:
        return Verdict(Status.DENIED, _covers(sentence, case.reach.denial, fracture), (case.reach.denial,))
    hit = _after(sentence, fracture, case.later, "negpost") or _unlikely(case.later)
    if hit:
        return Verdict(Status.DENIED, hit.entry.value, (hit,))
    return Verdict(Status.DENIED) if _answered_no(sentence.words, fracture.end) else None


def _is_past(case: _Case) -> Verdict | None:
    sentence, fracture = case.sentence, case.fracture
    past = (
        case.reach.past is not None
        or _replaced(sentence, fracture, case.earlier)
        or _ago(sentence, fracture, case.later)
        or _ago_before(sentence, case.earlier)
    )
    return Verdict(Status.PAST) if past else None


def _is_confirmed(case: _Case, hedge: Hit) -> bool:
    """ "MRI confirms the suspected fracture", but not "MRI to confirm the suspected fracture"."""
    words = case.sentence.words
    return any(
        hit.group == "affirm"
        and 0 <= hedge.start - hit.end <= 3
        and (not hit.start or words[hit.start - 1] != "to")
        for hit in case.earlier
    )


def _is_hedged(case: _Case) -> Verdict | None:
    sentence, fracture = case.sentence, case.fracture
    hedge = _hedge(sentence, fracture, case.reach.hedges)
    if hedge and not _is_confirmed(case, hedge):
        return Verdict(Status.POSSIBLE, hits=(hedge,))
    if _question_mark(sentence, fracture):
        return Verdict(Status.POSSIBLE, asks=True)
    trailing = next((hit for hit in case.later if _is_trailing_hedge(sentence, fracture, hit)), None)
    return Verdict(Status.POSSIBLE, hits=(trailing,)) if trailing else None


_RULES: Final = (_is_of_something_else, _is_not_excluded, _is_asked, _is_denied, _is_past, _is_hedged)


def _covers(sentence: Sentence, denial: Hit, fracture: Hit) -> str:
    if denial.entry.value:
        return denial.entry.value
    between = [hit for hit in sentence.hits if denial.end <= hit.start < fracture.start]
    if any(hit.group == "age" and hit.entry.value in {"new", "progress"} for hit in between):
        return "new"
    words = sentence.words[denial.start : fracture.start]
    return (
        "other"
        if any(word in {"other", "additional", "further", "displaced", "definite"} for word in words)
        else ""
    )


def _after(sentence: Sentence, fracture: Hit, later: list[Hit], group: str) -> Hit | None:
    for hit in later:
        if hit.group == "term":
            return None
        if hit.group == group:
            gap = sentence.words[fracture.end : hit.start]
            if "," not in gap or (gap and gap[-1] == "," and group == "hedgepost"):
                return hit
            return None
    return None


def _unlikely(later: list[Hit]) -> Hit | None:
    for hit in later:
        if hit.group == "unlikely":
            soon = [
                other
                for other in later
                if hit.end <= other.start <= hit.end + 3 and other.group in {"age", "kind"}
            ]
            return None if soon else hit
    return None


def _answered_no(words: list[str], at: int) -> bool:
    """ "Fracture: none", "Fracture? - no"."""
    place = at
    while place < min(at + 3, len(words)) and words[place] in {":", "-", "=", "?"}:
        place += 1
    return at < place < len(words) and words[place] in _ANSWERS_NO


def _replaced(sentence: Sentence, fracture: Hit, earlier: list[Hit]) -> bool:
    """ "hemiarthroplasty for NOF fracture": the joint was replaced, the fracture is past."""
    return any(
        hit.group == "prosthesis"
        and fracture.start - hit.end <= 7
        and sentence.words[hit.end] in {"for", "following", "after"}
        for hit in earlier
    )


def _ago(sentence: Sentence, fracture: Hit, later: list[Hit]) -> bool:
    """ "wrist fracture 6/12 ago", but not "new since the CT last year"."""
    for hit in later:
        if hit.group == "ago":
            gap = sentence.words[fracture.end : hit.start]
            return len(gap) <= 8 and not any(word in _COMPARES for word in gap)
    return False


def _ago_before(sentence: Sentence, earlier: list[Hit]) -> bool:
    """ "3 years ago fractured the hip"."""
    for hit in reversed(earlier):
        if hit.group == "ago":
            between = [other for other in earlier if other.start >= hit.end]
            compares = any(word in _COMPARES for word in sentence.words[max(0, hit.start - 6) : hit.start])
            return (
                len(between) <= 3
                and not compares
                and not any(other.group in {"age", "term"} for other in between)
            )
    return False


def _hedge(sentence: Sentence, fracture: Hit, hedges: list[Hit]) -> Hit | None:
    words = sentence.words
    for hit in reversed(hedges):
        gap = words[hit.end : fracture.start]
        value = hit.entry.value
        if len(gap) > _HEDGE_REACH[value]:
            continue
        if "," in gap and "or" not in gap and not _all_known(sentence, hit.end, fracture.start):
            continue
        if (
            value != "verb"
            and any(word in {"with", "and"} for word in gap)
            and not _all_known(sentence, hit.end, fracture.start)
        ):
            continue
        if value == "adv" and _hedges_the_age(sentence, hit, fracture):
            continue
        return hit
    return None


def _hedges_the_age(sentence: Sentence, hedge: Hit, fracture: Hit) -> bool:
    soon = [
        hit for hit in sentence.hits if hedge.end <= hit.start <= hedge.end + 1 and hit.end <= fracture.start
    ]
    if not any(hit.group in {"age", "kind"} for hit in soon):
        return False
    return not any(hit.group == "sign" and hit.end <= hedge.start for hit in sentence.hits)


def _all_known(sentence: Sentence, start: int, end: int) -> bool:
    covered = {place for hit in sentence.hits for place in range(hit.start, hit.end)}
    return all(place in covered or sentence.words[place] in _IN_ADJECTIVES for place in range(start, end))


def _question_mark(sentence: Sentence, fracture: Hit) -> bool:
    words = sentence.words
    if "?" not in words:
        return False
    starts, ends = sentence.places
    for place in range(fracture.start - 1, max(-1, fracture.start - 9), -1):
        if words[place] == "?":
            return True
        if words[place] in {",", ":", "."}:
            break
    if fracture.end < len(words) and words[fracture.end] == "?":
        last = fracture.end + 1 >= len(words)
        return last or starts[fracture.end + 1] > ends[fracture.end]
    return False


def _is_trailing_hedge(sentence: Sentence, fracture: Hit, hit: Hit) -> bool:
    """ "fracture likely", "fracture possible": an adverb at the end, with no age after it."""
    if hit.group != "hedge" or hit.entry.value == "verb":
        return False
    at_end = hit.end >= len(sentence.words) or sentence.words[hit.end] in {",", ")"}
    return at_end and hit.start - fracture.end <= 8 and "," not in sentence.words[fracture.end : hit.start]
