"""Whether a fracture word is affirmed, hedged, denied, asked about or past; its age and its kind.

The reach of each word follows the idea of published negation algorithms (a trigger reaches to the next terminator);
the triggers and the terminators are ours, in ``data/context.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from openfls.identification.reports.sentences import Hit, Sentence
from openfls.record.findings import Kind


class Status(Enum):
    """What the sentence does with the fracture."""

    PRESENT = "present"
    POSSIBLE = "possible"
    DENIED = "denied"
    ASKED = "asked"
    PAST = "past"
    OTHER = "other"


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
_QUESTION_REACH: Final = 12
_ANSWERS_NO: Final = frozenset({"no", "none", "nil", "absent", "negative", "not"})
_KINDS: Final = {kind.value: kind for kind in Kind}
_COMPARES: Final = frozenset(
    """since from than compared comparison film films ct mri xr radiograph study scan imaging examination exam dated new
    unchanged previous on""".split()
)


def judge(sentence: Sentence, fracture: Hit, start: int, end: int) -> Verdict:
    """The verdict on one fracture word; tokens ``start`` to ``end`` are those that speak about it."""
    words, hits = sentence.words, sentence.hits
    earlier = [hit for hit in hits if hit.end <= fracture.start]
    later = [hit for hit in hits if hit.start >= fracture.end and hit.start < end]
    hardware = _hardware(sentence, fracture, end)
    if hardware:
        return Verdict(Status.OTHER, hits=(hardware,))
    for hit in earlier:
        if hit.group == "aside":
            return Verdict(Status.OTHER, hits=(hit,))
        if hit.group == "doesnot":
            sign = any(other.group == "sign" for other in earlier)
            return Verdict(Status.POSSIBLE if sign else Status.ASKED, hits=(hit,))
    reach = _Reach(sentence, fracture)
    hedge_after = _after(sentence, fracture, later, "hedgepost")
    excludes = next((hit for hit in reach.hedges if hit.entry.rule == "hedge.exclude"), None)
    if excludes:
        return Verdict(Status.POSSIBLE, hits=(excludes,))
    asked = reach.question or reach.condition
    if hedge_after and not reach.condition:
        return Verdict(Status.POSSIBLE, hits=(hedge_after,))
    if asked:
        return Verdict(Status.ASKED, hits=(asked,))
    if reach.denial:
        return Verdict(Status.DENIED, _covers(sentence, reach.denial, fracture), (reach.denial,))
    denied_after = _after(sentence, fracture, later, "negpost") or _unlikely(sentence, fracture, later)
    if denied_after:
        return Verdict(Status.DENIED, denied_after.entry.value, hits=(denied_after,))
    if _answered_no(words, fracture.end):
        return Verdict(Status.DENIED)
    if reach.past or _replaced(sentence, fracture, earlier) or _ago(sentence, fracture, later) or _ago_before(sentence, earlier):
        return Verdict(Status.PAST)
    hedge = _hedge(sentence, fracture, reach.hedges)
    if hedge:
        return Verdict(Status.POSSIBLE, hits=(hedge,))
    mark = _question_mark(sentence, fracture)
    trailing = next((hit for hit in later if _is_trailing_hedge(sentence, fracture, hit)), None)
    if mark or trailing:
        return Verdict(Status.POSSIBLE, hits=(trailing,) if trailing else (), asks=mark)
    return Verdict(Status.PRESENT)


class _Reach:
    """The triggers before a fracture word that still reach it."""

    def __init__(self, sentence: Sentence, fracture: Hit) -> None:
        self.denial: Hit | None = None
        self.question: Hit | None = None
        self.condition: Hit | None = None
        self.past: Hit | None = None
        self.hedges: list[Hit] = []
        starts: dict[int, list[Hit]] = {}
        for hit in sentence.hits:
            if hit.end <= fracture.start:
                starts.setdefault(hit.start, []).append(hit)
        verb_seen = False
        words = sentence.words
        for place in range(fracture.start):
            for hit in starts.get(place, ()):
                group = hit.group
                if group == "term":
                    self.denial = self.question = self.past = None
                    self.hedges = []
                elif group in {"neg", "unlikely"}:
                    if not _contrasts_adjectives(sentence, hit):
                        self.denial, verb_seen = hit, False
                elif group == "verb":
                    verb_seen = True
                elif group == "question" and fracture.start - hit.end <= _QUESTION_REACH:
                    self.question = hit
                elif group == "cond":
                    self.condition = hit
                elif group == "history":
                    self.past = hit
                elif group == "hedge":
                    self.hedges.append(hit)
                elif group in {"fracture", "vertebral"}:
                    joined = any(word in {"or", "nor", "/", "and", ","} for word in words[hit.end : fracture.start])
                    if not joined:
                        self.hedges = []
                        self.past = None
            word = words[place]
            if word == ":" or (word == "-" and _is_dash(sentence, place)):
                self.denial = self.past = None
                self.hedges = []
            elif word == "," and self.denial:
                rest = words[place + 1 : fracture.start]
                goes_on = any(other in {"or", "nor"} for other in rest)
                fresh = bool(rest) and (rest[0] in {"a", "an"} or _is_old(starts.get(place + 1, ())))
                if verb_seen or (fresh and not goes_on) or self.denial.entry.rule == "neg.rather":
                    self.denial = None
            elif word == ",":
                self.past = None


def _contrasts_adjectives(sentence: Sentence, hit: Hit) -> bool:
    """ "osteoporotic rather than pathological fracture": the fracture stands, the adjective does not."""
    return hit.entry.rule == "neg.rather" and any(
        other.end == hit.start and other.group in {"kind", "age"} for other in sentence.hits
    )


def _is_old(hits: tuple[Hit, ...] | list[Hit]) -> bool:
    return any(hit.group == "age" and hit.entry.value in {"old", "soft"} for hit in hits)


def _is_dash(sentence: Sentence, place: int) -> bool:
    starts, ends = sentence.places
    return 0 < place < len(starts) - 1 and starts[place] > ends[place - 1] and starts[place + 1] > ends[place]


def _covers(sentence: Sentence, denial: Hit, fracture: Hit) -> str:
    if denial.entry.value:
        return denial.entry.value
    between = [hit for hit in sentence.hits if denial.end <= hit.start < fracture.start]
    if any(hit.group == "age" and hit.entry.value in {"new", "progress"} for hit in between):
        return "new"
    words = sentence.words[denial.start : fracture.start]
    return "other" if any(word in {"other", "additional", "further", "displaced", "definite"} for word in words) else ""


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


def _unlikely(sentence: Sentence, fracture: Hit, later: list[Hit]) -> Hit | None:
    for hit in later:
        if hit.group == "unlikely":
            soon = [other for other in later if hit.end <= other.start <= hit.end + 3 and other.group in {"age", "kind"}]
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
            return len(between) <= 3 and not compares and not any(other.group in {"age", "term"} for other in between)
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
        if value != "verb" and any(word in {"with", "and"} for word in gap) and not _all_known(
            sentence, hit.end, fracture.start
        ):
            continue
        if value == "adv" and _hedges_the_age(sentence, hit, fracture):
            continue
        return hit
    return None


def _hedges_the_age(sentence: Sentence, hedge: Hit, fracture: Hit) -> bool:
    soon = [hit for hit in sentence.hits if hedge.end <= hit.start <= hedge.end + 1 and hit.end <= fracture.start]
    if not any(hit.group in {"age", "kind"} for hit in soon):
        return False
    return not any(hit.group == "sign" and hit.end <= hedge.start for hit in sentence.hits)


def _all_known(sentence: Sentence, start: int, end: int) -> bool:
    covered = {place for hit in sentence.hits for place in range(hit.start, hit.end)}
    return all(
        place in covered or sentence.words[place] in {",", "and", "/", "the", "a", "an", "of", "undisplaced", "nondisplaced"}
        for place in range(start, end)
    )


def _question_mark(sentence: Sentence, fracture: Hit) -> bool:
    words = sentence.words
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


def _hardware(sentence: Sentence, fracture: Hit, end: int) -> Hit | None:
    """The implant, tooth or tube that broke instead of a bone."""
    words = sentence.words
    bones = [hit for hit in sentence.hits if hit.group in {"site", "level"} and hit.entry.rank >= 2]
    for hit in sentence.hits:
        if hit.group not in {"hw", "prosthesis"}:
            continue
        if hit.start >= fracture.end:
            gap = words[fracture.end : hit.start]
            of = bool(gap) and gap[0] in {"of", "in", "through", "involving"} and len(gap) <= 8
            joined = not gap or (len(gap) <= 3 and words[fracture.start] in {"fractured", "broken"})
            between = any(fracture.end <= bone.start < hit.start and bone.end < hit.start for bone in bones)
            stops = any(word in {"with", "and", "fixed", ",", "by", "around", "at", "above", "below"} for word in gap)
            if (of or joined) and not between and not stops and hit.start < end:
                return hit
        elif hit.end <= fracture.start:
            gap = words[hit.end : fracture.start]
            light = {"is", "are", "has", "have", "been", "appears", "appear", "also", "was", "to", "be", "now", "or",
                     "tip", "remain", "remains", "again", "migration", "and", "no", "the", "of", "kink", "loosening",
                     "displacement", "several", "some", "two", "most", "multiple", ",", "-", "/", "partially", "one", "which", "chronically", "proximally", "distally"}  # fmt: skip
            predicate = words[fracture.start] in {"fractured", "broken"} or not gap or gap[-1] in {"or", "/", "and"}
            if "," in gap and "which" not in gap:
                continue
            if predicate and all(word in light for word in gap) and _is_after_hardware(sentence, fracture, bones):
                return hit
    return None


def _is_after_hardware(sentence: Sentence, fracture: Hit, bones: list[Hit]) -> bool:
    """Not where a bone follows directly: "plate, fractured distal radius"."""
    return not any(0 <= bone.start - fracture.end <= 3 for bone in bones)


def age_of(sentence: Sentence, fracture: Hit, start: int, end: int) -> tuple[str, Hit | None]:
    """``old``, ``soft``, ``new`` or empty, and the hit that says so."""
    ages = [hit for hit in sentence.hits if hit.group == "age" and hit.end > start and hit.start < end]
    for hit in ages:
        if hit.entry.value in {"new", "progress"} and _is_doubted(sentence, hit):
            return "old", hit
    ages = [hit for hit in ages if not _is_denied_age(sentence, hit)]
    before = [hit for hit in ages if hit.end <= fracture.start]
    after = [hit for hit in ages if hit.start >= fracture.end]
    for hit in ages:
        if hit.entry.value == "progress":
            return "new", hit
    near = [hit for hit in before if fracture.start - hit.end <= 7]
    for hit in after:
        if hit.entry.value == "indeterminate":
            return "new", hit
    for hit in reversed(near):
        if hit.entry.value != "soft":
            return ("old" if hit.entry.value == "old" else "new"), hit
    for wanted in ("old", "new"):
        for hit in [*after, *before]:
            if hit.entry.value == wanted:
                return wanted, hit
    for hit in ages:
        if hit.entry.value == "soft":
            return "soft", hit
        if hit.entry.value == "indeterminate":
            return "new", hit
    return "", None


def _is_doubted(sentence: Sentence, hit: Hit) -> bool:
    """ "unlikely to be acute", "less likely recent"."""
    return any(other.group == "unlikely" and 0 <= hit.start - other.end <= 2 for other in sentence.hits)


def _is_denied_age(sentence: Sentence, hit: Hit) -> bool:
    """ "no callus", "without new"."""
    if hit.start == 0 or hit.entry.value in {"soft", "indeterminate"}:
        return False
    if any(other.end == hit.start and other.entry.rule == "neg.rather" for other in sentence.hits):
        return True
    return sentence.words[hit.start - 1] in {"no", "without", "not"}


def kind_of(sentence: Sentence, fracture: Hit, start: int, end: int) -> tuple[Kind | None, Hit | None]:
    """The kind that the sentence gives the fracture, and the hit that says so."""
    if fracture.entry.kind and not _is_denied_kind(sentence, fracture):
        return _KINDS[fracture.entry.kind], fracture
    hits = [hit for hit in sentence.hits if hit.end > start and hit.start < end]
    kinds = [hit for hit in hits if hit.group == "kind"]
    before = [hit for hit in kinds if 0 <= fracture.start - hit.end <= 6]
    after = [hit for hit in kinds if hit.start >= fracture.end]
    special = [hit for hit in (*reversed(before), *after) if hit.entry.value != "traumatic"]
    special = [hit for hit in special if not _is_denied_kind(sentence, hit)]
    if special:
        return _KINDS[special[0].entry.value], special[0]
    for hit in hits:
        if hit.group == "near" and any(
            other.group == "prosthesis" and 0 <= other.start - hit.end <= 4 for other in sentence.hits
        ):
            return Kind.PERIPROSTHETIC, hit
    return (Kind.TRAUMATIC, before[-1]) if before else (None, None)


def _is_denied_kind(sentence: Sentence, hit: Hit) -> bool:
    if any(other.end == hit.start and other.entry.rule == "neg.rather" for other in sentence.hits):
        return True
    if hit.group == "fracture":
        return False
    return any(word in {"no", "not", "without"} for word in sentence.words[max(0, hit.start - 4) : hit.start])
