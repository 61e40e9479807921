"""Whether a hedge, a question mark or a second reading leaves a fracture possible."""

from __future__ import annotations

from typing import Final

from openfls.identification.reports.case import Case, Status, Verdict
from openfls.identification.reports.lexicon import word_set
from openfls.identification.reports.sentences import Hit, Sentence

_HEDGE_REACH: Final = {"adj": 9, "adv": 9, "verb": 18}
_IN_ADJECTIVES: Final = word_set("in_adjectives")
_ASKED_WITHIN: Final = 9
_AGES: Final = frozenset({"old", "new", "acute", "recent", "chronic", "age"})
_VERSUS: Final = word_set("versus")
ALTERNATIVES: Final = _VERSUS | {"or"}
"""Words between a fracture and what it may be instead."""
_PLAIN: Final = frozenset({"a", "an", "true", "vertebral", "osteoporotic"})
_FEW_WORDS: Final = 5
_LOOKALIKES: Final = word_set("lookalikes")
_READINGS: Final = word_set("readings")
_WEIGHED: Final = _READINGS | _LOOKALIKES
_PARTS: Final = frozenset({",", ":", ";", "?", "fracture", "fractures"})
_READING_ENDS: Final = _PARTS | {"with", "and"}
_NUMBERED: Final = word_set("numbered")
_ANSWERS: Final = word_set("answers")
_ALTERNATIVE: Final = 8
_FAR: Final = 12
_READING: Final = 4
_LIKENS: Final = frozenset({"consistent", "keeping", "represents", "representing", "either"})


def is_hedged(case: Case) -> Verdict | None:
    """A hedge before the word reaches it."""
    sentence, fracture = case.sentence, case.fracture
    hedge = _hedge(sentence, fracture, case.reach.hedges)
    if hedge and not _is_confirmed(case, hedge):
        return Verdict(Status.POSSIBLE, hits=(hedge,))
    return None


def is_one_of_two(case: Case) -> Verdict | None:
    """ "consistent with an os subfibulare or an old fracture"."""
    if "or" not in case.sentence.words:
        return None
    words = case.sentence.words[: case.fracture.start]
    if "or" not in words[-6:] or _LIKENS.isdisjoint(words):
        return None
    at = len(words) - 1 - words[::-1].index("or")
    adjectives = any(hit.end == at and hit.group in {"age", "kind", "fracture"} for hit in case.sentence.hits)
    likened = any(word in _LIKENS for word in words[:at])
    return Verdict(Status.POSSIBLE) if likened and not adjectives else None


def is_or_not(case: Case) -> Verdict | None:
    """ "fracture or accessory suture", "fracture of L3 vs projectional", "avulsion fracture v old injury"."""
    words, end = case.sentence.words, case.fracture.end
    near = words[end : end + _ALTERNATIVE]
    at = next((place for place, word in enumerate(near) if word in ALTERNATIVES), None)
    either = at is not None and "," not in near[:at] and not _LOOKALIKES.isdisjoint(near[at + 1 :])
    return Verdict(Status.POSSIBLE) if either or _is_weighed_after(words, end) else None


def _is_weighed_after(words: list[str], end: int) -> bool:
    for at in range(end, min(len(words), end + _FAR)):
        if words[at] in _PARTS:
            return False
        if is_versus(words, at):
            rest = words[at + 1 : at + 1 + _READING]
            ends = next((place for place, word in enumerate(rest) if word in _READING_ENDS), len(rest))
            return not _WEIGHED.isdisjoint(rest[:ends])
    return False


def is_one_reading(case: Case) -> Verdict | None:
    """ "old injury v acute fracture"."""
    words, start = case.sentence.words, case.fracture.start
    for at in range(start - 1, max(0, start - _FEW_WORDS), -1):
        if is_versus(words, at):
            return Verdict(Status.POSSIBLE) if words[at - 1] in _WEIGHED else None
        if words[at] in _READING_ENDS:
            return None
    return None


def is_versus(words: list[str], at: int) -> bool:
    """Whether the word weighs two readings: "v" too, unless it is a number ("Schatzker V")."""
    return words[at] in _VERSUS and not (at and words[at] == "v" and words[at - 1] in _NUMBERED)


def is_questioned(case: Case) -> Verdict | None:
    """A question mark beside it."""
    return Verdict(Status.POSSIBLE, asks=True) if _question_mark(case.sentence, case.fracture) else None


def is_hedged_at_the_end(case: Case) -> Verdict | None:
    """ "fracture likely"."""
    for hit in case.after("hedge"):
        if _is_trailing_hedge(case.sentence, case.fracture, hit):
            return Verdict(Status.POSSIBLE, hits=(hit,))
    return None


def is_either(sentence: Sentence, fracture: Hit, other: Hit) -> bool:
    """ "compression deformity versus Schmorl's node": another reading, but not the preferred one."""
    first, last = sorted((fracture, other))
    gap = sentence.words[first.end : last.start]
    return not ALTERNATIVES.isdisjoint(gap) and len(gap) <= _FEW_WORDS


def is_no_fracture(sentence: Sentence, shape: Hit) -> bool:
    """ "wedging of T12, degenerative rather than a fracture": the sentence denies that its shape is one."""
    words = sentence.words
    for fracture in sentence.groups.get("fracture", ()):
        if fracture.start < shape.end:
            continue
        for denial in sentence.groups.get("neg", ()):
            gap = words[denial.end : fracture.start]
            if shape.end <= denial.start < fracture.start and _PLAIN.issuperset(gap):
                return denial.entry.rule in {"neg.rather", "neg.not"}
    return False


def _is_confirmed(case: Case, hedge: Hit) -> bool:
    """ "MRI confirms the suspected fracture", "… is confirmed", but not "MRI to confirm the suspected fracture"."""
    words = case.sentence.words
    if any(words[hit.end - 1] == "confirmed" for hit in case.after("confirm")):
        return True
    return any(
        0 <= hedge.start - hit.end <= 3 and (not hit.start or words[hit.start - 1] != "to")
        for hit in case.before("affirm")
    )


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
    rest = words[fracture.end :]
    if rest[:2] == ["?", "yes"]:
        return False
    if (
        "?" in rest
        and rest[rest.index("?") + 1 : rest.index("?") + 2] == ["-"]
        and "," not in rest[: rest.index("?")]
    ):
        return True
    for place in range(fracture.start - 1, max(-1, fracture.start - 9), -1):
        if words[place] == "?":
            return not _is_answered(words, starts, ends, place)
        if words[place] in {",", ":", "."}:
            break
    for place in range(fracture.end, min(len(words), fracture.end + _ASKED_WITHIN)):
        if words[place] in {",", ":", "-"}:
            break
        if words[place] == "?" and (place == fracture.end or starts[place] == ends[place - 1]):
            following = words[place + 1] if place + 1 < len(words) else ""
            return not following or (starts[place + 1] > ends[place] and following not in _AGES)
    return False


def _is_answered(words: list[str], starts: list[int], ends: list[int], mark: int) -> bool:
    """ "Fracture? There is a fracture", but not "pain ?there is a fracture": a mark that ends what it asks."""
    ended = 0 < mark < len(words) - 1 and starts[mark] == ends[mark - 1] and starts[mark + 1] > ends[mark]
    return ended and words[mark + 1] in _ANSWERS


def _is_trailing_hedge(sentence: Sentence, fracture: Hit, hit: Hit) -> bool:
    """ "fracture likely", "fracture possible": an adverb at the end, with no age after it."""
    if hit.group != "hedge" or hit.entry.value == "verb":
        return False
    at_end = hit.end >= len(sentence.words) or sentence.words[hit.end] in {",", ")"}
    return at_end and hit.start - fracture.end <= 8 and "," not in sentence.words[fracture.end : hit.start]
