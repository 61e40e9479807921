"""Whether a fracture word is affirmed, hedged, denied, asked about or past.

The reach of each word follows the idea of published negation algorithms (a trigger reaches to the next terminator);
the triggers and the terminators are ours, in ``data/context.csv``.
"""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.case import Case, Status, Verdict
from openfls.identification.reports.hardware import broken_hardware
from openfls.identification.reports.hedges import (
    ALTERNATIVES,
    is_hedged,
    is_hedged_at_the_end,
    is_one_of_two,
    is_one_reading,
    is_or_not,
    is_questioned,
)
from openfls.identification.reports.history import TELLING, is_in_a_year, is_past, is_seen_since, is_told
from openfls.identification.reports.reach import REACHING, Reach
from openfls.identification.reports.sentences import Hit, Sentence

_PRESENT: Final = Verdict(Status.PRESENT)
_OPERATIONS: Final = frozenset({"fixation", "orif", "repair", "nailing", "reduction", "manipulation", "mua"})
_BEFORE_ANSWER: Final = frozenset({":", "-", "=", "?"})
_ANSWER_GOES_ON: Final = frozenset(
    {
        ",",
        "(",
        "/",
        "acute",
        "new",
        "recent",
        "evidence",
        "definite",
        "obvious",
        "convincing",
        "fracture",
        "fractures",
        "#",
        "bony",
        "bone",
        "visible",
        "displaced",
        "or",
        "and",
    }
)
"""After "fracture: no"; "fracture: no retropulsion" denies something else."""
_ANSWERS_NO: Final = frozenset({"no", "none", "nil", "absent", "negative", "not"})


def judge(sentence: Sentence, fracture: Hit, end: int) -> Verdict:
    """The verdict on one fracture word; the tokens up to ``end`` speak about it. The first rule that fits decides."""
    signs_alone = _WAKING.isdisjoint(sentence.groups)
    if signs_alone and _WAKING_WORDS.isdisjoint(sentence.words):
        return _PRESENT  # a plain sentence, as most are
    case = Case(sentence, fracture, end, Reach(sentence, fracture))
    for rule in _SIGN_RULES if signs_alone else _RULES:
        verdict = rule(case)
        if verdict is not None:
            return verdict
    return _PRESENT


def _is_of_something_else(case: Case) -> Verdict | None:
    """Broken hardware, somebody else's fracture, a risk."""
    hit = broken_hardware(case.sentence, case.fracture, case.end)
    asides = case.before("aside")
    hit = hit or (asides[0] if asides else None)
    return Verdict(Status.OTHER, hits=(hit,)) if hit else None


def _is_not_excluded(case: Case) -> Verdict | None:
    """ "does not exclude" is stock advice unless a sign is described; "cannot exclude" is a hedge."""
    for hit in case.before("doesnot"):
        return Verdict(Status.POSSIBLE if case.before("sign") else Status.ASKED, hits=(hit,))
    for hit in case.reach.hedges:
        if hit.entry.rule == "hedge.exclude":
            return Verdict(Status.POSSIBLE, hits=(hit,))
    hit_after = _first_after(case, "hedgepost")
    return Verdict(Status.POSSIBLE, hits=(hit_after,)) if hit_after and not case.reach.condition else None


def _is_asked(case: Case) -> Verdict | None:
    hit = case.reach.question or case.reach.condition
    if hit and hit is case.reach.question and _is_operated(case):
        return None
    if hit and hit is case.reach.condition and case.sentence.words[hit.end : hit.end + 1] == ["the"]:
        return None  # "whether the fracture enters the joint": there is one
    return Verdict(Status.ASKED, hits=(hit,)) if hit else None


def _is_operated(case: Case) -> bool:
    """ "images obtained for hip fracture fixation": an operation, and no question."""
    at = case.fracture.end
    return not _OPERATIONS.isdisjoint(case.sentence.words[at : at + 2])


def _is_seen_since(case: Case) -> Verdict | None:
    """An earlier examination did not show it; this one does."""
    denial = case.reach.denial or _first_after(case, "negpost")
    return (
        Verdict(Status.PRESENT, hits=(denial,), since=True)
        if denial and is_seen_since(case, denial)
        else None
    )


def _is_denied(case: Case) -> Verdict | None:
    sentence, fracture = case.sentence, case.fracture
    if case.reach.denial:
        return Verdict(Status.DENIED, _covers(sentence, case.reach.denial, fracture), (case.reach.denial,))
    hit = _first_after(case, "negpost") or _unlikely(case)
    return Verdict(Status.DENIED, hit.entry.value, (hit,)) if hit else None


def _is_answered(case: Case) -> Verdict | None:
    """ "Fracture: none", "Fracture? - no"."""
    words, at = case.sentence.words, case.fracture.end
    if at == len(words) or words[at] not in _BEFORE_ANSWER:
        return None
    place = at
    while place < min(at + 3, len(words)) and words[place] in _BEFORE_ANSWER:
        place += 1
    answered = (
        at < place < len(words)
        and words[place] in _ANSWERS_NO
        and (
            words[place] != "no" or words[place + 1 : place + 2] == [] or words[place + 1] in _ANSWER_GOES_ON
        )
    )
    return Verdict(Status.DENIED) if answered else None


def _is_not_new(case: Case) -> Verdict | None:
    """ "Not an acute fracture" denies one; "not acute" beside a fracture that is told of only says its age."""
    words, at = case.sentence.words, case.fracture.start
    if not at or words[at - 1] != "acute":
        return None
    return Verdict(Status.DENIED, "new") if words[max(0, at - 3) : at] == ["not", "an", "acute"] else None


_RULES: Final = (
    _is_of_something_else,
    _is_not_excluded,
    _is_asked,
    _is_seen_since,
    _is_denied,
    _is_answered,
    is_told,
    _is_not_new,
    is_past,
    is_in_a_year,
    is_hedged,
    is_one_of_two,
    is_or_not,
    is_one_reading,
    is_questioned,
    is_hedged_at_the_end,
)
_SIGN_RULES: Final = (
    _is_answered,
    is_told,
    _is_not_new,
    is_in_a_year,
    is_one_of_two,
    is_or_not,
    is_one_reading,
    is_questioned,
)
"""The rules that look at signs and plain words; the others need a word of one of these groups:"""
_WAKING_WORDS: Final = _BEFORE_ANSWER | TELLING | ALTERNATIVES | {"not", "?"}
"""One of these stands in each sentence that one of the rules of signs and plain words fits."""
_WAKING: Final = REACHING | {"hw", "prosthesis", "aside", "doesnot", "hedgepost", "negpost", "ago"}


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


def _first_after(case: Case, group: str) -> Hit | None:
    """The first hit of a group after the word, where nothing that ends its reach and no comma stands between."""
    hits = case.after(group)
    if not hits:
        return None
    hit = hits[0]
    if any(term.start <= hit.start for term in case.after("term")):
        return None
    gap = case.sentence.words[case.fracture.end : hit.start]
    return hit if "," not in gap or (gap[-1] == "," and group == "hedgepost") else None


def _unlikely(case: Case) -> Hit | None:
    for hit in case.after("unlikely"):
        soon = range(hit.end, hit.end + 4)
        rest = [*case.after("age"), *case.after("kind")]
        return None if any(other.start in soon for other in rest) else hit
    return None
