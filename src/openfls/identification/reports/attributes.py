"""The age and the kind that a sentence gives a fracture."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from openfls.identification.reports.hedges import is_versus
from openfls.identification.reports.lexicon import Entry, word_set
from openfls.identification.reports.sentences import Hit, Sentence
from openfls.record.findings import Kind

MEANS: Final = {"old": "old", "soft": "soft", "new": "new", "progress": "new", "indeterminate": "new"}
"""What each class of age words comes to."""
PERCENT: Final = Entry("age.percent", "age", value="progress")
_VERSUS: Final = word_set("versus")
_NEAR: Final = 7
_FAR: Final = 12
_DENIES: Final = frozenset({"no", "not", "without"})
_CAUSES: Final = frozenset({"with", "causing", "producing", "resulting"})
_KINDS: Final = {kind.value: kind for kind in Kind}


def age_of(sentence: Sentence, fracture: Hit, start: int, end: int) -> tuple[str, Hit | None]:
    """``old``, ``soft`` (known, unchanged), ``new`` or empty, and the hit that says so.

    Progress is new whatever else is said; then an age that is "indeterminate"; then the adjective nearest before the
    word; then any other plain age, old before new; last the soft ones.
    """
    if "age" not in sentence.groups and "now" not in sentence.words:
        return "", None
    percent = _loses_more(sentence.words)
    if percent is not None and fracture.entry.age:
        percent = None
    ages = [hit for hit in sentence.groups.get("age", ()) if hit.end > start and hit.start < end]
    ages = [hit for hit in ages if hit.entry.rule != "age.older" or hit.end == fracture.start]
    for hit in ages:
        if hit.entry.value in {"new", "progress"} and _is_doubted(sentence, hit):
            return "old", hit
    if percent is not None:
        return "new", Hit(percent, percent + 1, PERCENT, "age")
    ages = [hit for hit in ages if not _is_denied_age(sentence, hit)]
    if ages and not _VERSUS.isdisjoint(sentence.words):
        weighed = _weighed_ages(sentence, ages)
        if weighed:
            return "new", weighed
        ages = [hit for hit in ages if not _is_of_another_reading(sentence, fracture, hit)]
    if not ages:
        return "", None
    before = [hit for hit in ages if hit.end <= fracture.start]
    after = [hit for hit in ages if hit.start >= fracture.end]
    near = [
        hit for hit in reversed(before) if fracture.start - hit.end <= _NEAR and hit.entry.value != "soft"
    ]
    candidates = [
        *(hit for hit in ages if hit.entry.value == "progress"),
        *(hit for hit in after if hit.entry.value == "indeterminate"),
        *near,
        *(hit for hit in (*after, *before) if hit.entry.value == "old"),
        *(hit for hit in (*after, *before) if hit.entry.value == "new"),
        *ages,
    ]
    return MEANS[candidates[0].entry.value], candidates[0]


def _weighed_ages(sentence: Sentence, ages: list[Hit]) -> Hit | None:
    """ "acute v old": nobody knows which, so it is new."""
    for one, other in pairwise(ages):
        joined = other.start - one.end == 1 and is_versus(sentence.words, one.end)
        if joined and MEANS[one.entry.value] != MEANS[other.entry.value]:
            return one
    return None


def _is_of_another_reading(sentence: Sentence, fracture: Hit, hit: Hit) -> bool:
    """ "fracture v old injury": the injury is old."""
    return any([is_versus(sentence.words, place) for place in range(fracture.end, hit.start)])


def _loses_more(words: list[str]) -> int | None:
    """Where a second percentage stands that shows further collapse: "now 60% height loss, previously 30%"."""
    if "now" not in words:
        return None
    for place, word in enumerate(words[:-2]):
        if (
            word in {"previously", "prev", "was", "from"}
            and words[place + 1].isdigit()
            and words[place + 2] == "%"
        ):
            return place
    return None


def _is_doubted(sentence: Sentence, hit: Hit) -> bool:
    """ "unlikely to be acute", "less likely recent"."""
    return any(0 <= hit.start - other.end <= 2 for other in sentence.groups.get("unlikely", ()))


def _is_denied_age(sentence: Sentence, hit: Hit) -> bool:
    """ "no callus", "without new"."""
    if hit.start == 0 or hit.entry.value in {"soft", "indeterminate"}:
        return False
    if _is_less_likely(sentence, hit):
        return True
    return sentence.words[hit.start - 1] in {"no", "without", "not"}


def kind_of(sentence: Sentence, fracture: Hit, start: int, end: int) -> tuple[Kind | None, Hit | None]:
    """The kind that the sentence gives the fracture, and the hit that says so."""
    if fracture.entry.kind and not _is_denied_kind(sentence, fracture):
        return _KINDS[fracture.entry.kind], fracture
    groups = sentence.groups
    lesion = _causing_lesion(sentence, fracture) if "lesion" in groups else None
    if lesion:
        return Kind.PATHOLOGICAL, lesion
    if "kind" not in groups and "near" not in groups:
        return None, None
    kinds = [hit for hit in groups.get("kind", ()) if hit.end > start and hit.start < end]
    before = [
        hit
        for hit in kinds
        if 0 <= fracture.start - hit.end <= (_FAR if hit.entry.value == "pathological" else 6)
    ]
    after = [hit for hit in kinds if hit.start >= fracture.end]
    special = [hit for hit in (*reversed(before), *after) if hit.entry.value != "traumatic"]
    special = [hit for hit in special if not _is_denied_kind(sentence, hit)]
    if special:
        return _KINDS[special[0].entry.value], special[0]
    for hit in groups.get("near", ()):
        beside = hit.end > start and hit.start < end
        if beside and any(0 <= other.start - hit.end <= 4 for other in groups.get("prosthesis", ())):
            return Kind.PERIPROSTHETIC, hit
    return (Kind.TRAUMATIC, before[-1]) if before else (None, None)


def _causing_lesion(sentence: Sentence, fracture: Hit) -> Hit | None:
    """ "lytic lesion at T10 with vertebral collapse"."""
    for hit in sentence.groups["lesion"]:
        gap = sentence.words[hit.end : fracture.start]
        before = 0 < fracture.start - hit.end <= _FAR
        if before and not _CAUSES.isdisjoint(gap) and _DENIES.isdisjoint(gap) and "," not in gap:
            return hit
    return None


def _is_denied_kind(sentence: Sentence, hit: Hit) -> bool:
    if _is_less_likely(sentence, hit):
        return True
    if hit.group == "fracture":
        return False
    return not _DENIES.isdisjoint(sentence.words[max(0, hit.start - 4) : hit.start])


def _is_less_likely(sentence: Sentence, hit: Hit) -> bool:
    """ "rather than pathological", "favours a benign fracture over pathological"."""
    return sentence.words[hit.start - 1 : hit.start] == ["over"] or any(
        other.end == hit.start and other.entry.rule == "neg.rather"
        for other in sentence.groups.get("neg", ())
    )
