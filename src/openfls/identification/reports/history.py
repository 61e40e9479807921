"""Whether a fracture is told of as past: history, and nothing on this examination."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openfls.identification.reports.case import Case, Status, Verdict
from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.sentences import Hit

_FIXED: Final = frozenset({"fixed", "nailed", "plated", "treated"})
_YEARS: Final = frozenset(map(str, range(1900, 2100)))
_PERSON: Final = frozenset({"patient", "pt", "she", "he"})
_EARLIER: Final = word_set("earlier")
_FILMS: Final = word_set("films")
_SEEN_SINCE: Final = word_set("seen_since")
_NOT: Final = frozenset({"no", "not", "none", "nor", "never", "longer", "neither"})
_SUBJECT: Final = 12
_PARTS: Final = frozenset({",", ";", "and", "but", "with", "while", "although", "though", "whereas"})
_SAYS_NOTHING_NEW: Final = word_set("same_again")
_SOON: Final = 4
_DONE: Final = frozenset({"post", "after", "following", "since"})
_REPAIRS: Final = frozenset({"repair", "surgery", "fixation", "operation", "admission"})
TELLING: Final = _PERSON | _REPAIRS | _YEARS | {"past"}
"""One of these stands in each sentence that tells of a fracture without a phrase of history."""
_TIMES: Final = frozenset({"day", "days", "week", "weeks", "month", "months", "year", "years", "the", "few"})
_COMPARES: Final = word_set("compares")


def is_told(case: Case) -> Verdict | None:
    """ "Patient fractured her wrist", "past wrist fracture": the person's history."""
    words, at = case.sentence.words, case.fracture.start
    told = words[at] == "fractured" and not _PERSON.isdisjoint(words[max(0, at - 2) : at])
    before = words[max(0, at - 3) : at]
    told = told or ("past" in before and _TIMES.isdisjoint(before)) or _was_operated(case)
    return Verdict(Status.PAST) if told else None


def _was_operated(case: Case) -> bool:
    """ "post #NOF repair", "after hip fracture surgery": told of as done."""
    words, at, end = case.sentence.words, case.fracture.start, case.fracture.end
    return not _DONE.isdisjoint(words[max(0, at - 3) : at]) and not _REPAIRS.isdisjoint(words[end : end + 1])


def is_past(case: Case) -> Verdict | None:
    """A word of history before it, a replaced joint, or a time ago; but "2 years ago, now healed" is seen here."""
    seen = any(hit.entry.value == "old" for hit in case.after("age"))
    past = case.reach.past is not None or _replaced(case) or (_ago(case) and not seen) or _ago_before(case)
    return Verdict(Status.PAST) if past else None


def _replaced(case: Case) -> bool:
    """ "hemiarthroplasty for NOF fracture": the joint was replaced, the fracture is past."""
    return any(
        case.fracture.start - hit.end <= 7 and case.sentence.words[hit.end] in {"for", "following", "after"}
        for hit in case.before("prosthesis")
    )


def is_in_a_year(case: Case) -> Verdict | None:
    """ "previous wrist fracture 2015", "fracture fixed 2021": history; one of the spine may still be seen here."""
    after = case.sentence.words[case.fracture.end : case.fracture.end + 3]
    if _YEARS.isdisjoint(after):
        return None
    soft = any(hit.entry.value == "soft" for hit in case.before("age"))
    healed = any(
        hit.entry.value == "old" for hit in case.after("age")
    )  # "fixed 2014 and healed" is seen here
    spine = any(hit.entry.family == "spine" for hit in case.sentence.bones)
    told = (soft or not _FIXED.isdisjoint(after)) and not healed and not spine
    return Verdict(Status.PAST) if told else None


def _ago(case: Case) -> bool:
    """ "wrist fracture 6/12 ago", but not "new since the CT last year"."""
    for hit in case.after("ago"):
        gap = case.sentence.words[case.fracture.end : hit.start]
        return len(gap) <= 8 and _COMPARES.isdisjoint(gap)
    return False


def _ago_before(case: Case) -> bool:
    """ "3 years ago fractured the hip"."""
    for hit in reversed(case.before("ago")):
        between = [
            other
            for other in case.sentence.hits
            if hit.end <= other.start and other.end <= case.fracture.start
        ]
        return (
            len(between) <= 3
            and _COMPARES.isdisjoint(case.sentence.words[max(0, hit.start - 6) : hit.start])
            and not any(other.group in {"age", "term"} for other in between)
        )
    return False


def is_seen_since(case: Case, denial: Hit) -> bool:
    """ "Previous radiographs could not demonstrate the fracture, now seen on CT": the denial is not of today."""
    words = case.sentence.words
    if "now" not in words:
        return False
    first = denial.start < case.fracture.start
    after = words[(case.fracture if first else denial).end :]
    if "now" not in after or not _NOT.isdisjoint(after):
        return False
    now = after.index("now")
    said = after[:now]
    between = words[denial.end : case.fracture.start] if first else ()
    if not _NOT.isdisjoint(between):
        return False
    before = words[max(0, denial.start - _SUBJECT) : denial.start] if first else ()
    looked = (*before, *between, *said)
    known = "the" in between
    if not {"initially", *_FILMS}.intersection(looked) or (_EARLIER.isdisjoint(looked) and not known):
        return False
    part = max((place for place, word in enumerate(said) if word in _PARTS), default=-1)
    if part >= 0 and not _SAYS_NOTHING_NEW.issuperset(said[part + 1 :]):
        return False  # something else is seen now: "..., effusion now visible"
    seen = set(after[now + 1 :][:_SOON]) & _SEEN_SINCE
    return bool(seen) and (known or not first or seen != {"confirmed"})


def is_of_earlier(words: Sequence[str], denial: Hit, age: Hit, fracture: Hit) -> bool:
    """Whether a word of age is of the examination that did not show the fracture, and not of the fracture."""
    if not _FILMS.isdisjoint(words[age.end : age.end + 2]):
        return True
    if denial.start < fracture.start:
        return age.end <= denial.start
    return age.start >= denial.start
