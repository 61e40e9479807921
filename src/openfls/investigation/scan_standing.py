"""How a person stands with a bone density scan: done, on its way, offered, or without one, and then why.

Who goes without a scan must not go without a decision: the line that says so names the reason, the rule and its source.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from openfls.investigation.fractures import months_before
from openfls.record.advice import Advice, Confidence
from openfls.record.picture import Picture

RECENT, RECENT_MONTHS = "recent", 24
MOST_NEEDS = 6
"""So many of what is lacking are named; the others stand with the rules."""
SOURCE = "NICE NG259, 29 July 2026"
ADVISED = ("fast-track-dxa", "offer-dxa", "consider-dxa", "baseline-dxa")
"""Actions that ask for a scan, the more urgent first."""
AT_THE_SCAN = frozenset({"NG259-1.5.1", "NG259-1.5.2"})
"""Rules that advise something for the visit of the scan: where there is no visit, they fall with it."""
_PLANNED = {"declined": "declined", "not_feasible": "not_possible", "not_needed": "not_needed"}
"""What a plan may say of a scan (FLS-DB field 3.01) as a reason."""


class Standing(StrEnum):
    """How far a scan has come."""

    DONE = "done"
    ON_ITS_WAY = "on its way"
    WITHOUT = "without"
    ADVISED = "advised"
    NOT_ADVISED = "not advised"
    OPEN = "cannot be said yet"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to go without. ``means`` is the field of the picture to which it is a no, empty for none."""

    key: str
    words: str
    means: str
    rule: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ScanStanding:
    """The line: its words, the reason where somebody goes without, and the rule with its source and mark.

    ``note`` is what still has to be decided.
    """

    standing: Standing
    words: str
    reason: str = ""
    rule: str = ""
    source: str = ""
    confidence: Confidence = Confidence.CHECKED
    note: str = ""


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason, by its key."""
    text = (files("openfls.investigation") / "data" / "without_scan.toml").read_text(encoding="utf-8")
    return {
        key: Reason(key, one["words"], one.get("means", ""), one["rule"], Confidence(one["confidence"]))
        for key, one in tomllib.loads(text)["reason"].items()
    }


def reason_of(values: Mapping[str, object], planned: str = "") -> str:
    """Why somebody goes without, from the answers by field and what the plan says; empty where nobody said so."""
    told = str(values.get("dxa.without") or "")
    if told in reasons():
        return told
    if values.get("dxa_possible") is False:
        return "not_possible"
    if values.get("dxa_needed") is False:
        return "not_needed"
    return _PLANNED.get(planned, "")


def implied(values: Mapping[str, object]) -> dict[str, bool]:
    """The answers that follow from a reason that was told, where they were not given themselves."""
    reason = reasons().get(str(values.get("dxa.without") or ""))
    if reason is None or not reason.means or values.get(reason.means) is not None:
        return {}
    return {reason.means: False}


def scan_standing(
    picture: Picture,
    advice: Iterable[Advice],
    *,
    reason: str = "",
    on_its_way: str = "",
    needs: Sequence[str] = (),
) -> ScanStanding:
    """The line for one picture and what the guideline advises; ``on_its_way`` says in words that a scan is booked.

    ``needs`` are, in words, what the rules that ask for a scan lack to be judged.
    """
    density = picture.bone_density
    last_fracture = max((one.on for one in picture.fractures if one.on), default=date.min)
    if density is not None and density.on >= last_fracture:
        return ScanStanding(Standing.DONE, f"Done on {_day(density.on)}.")
    if on_its_way:
        return ScanStanding(Standing.ON_ITS_WAY, on_its_way)
    if reason:
        return _without(reasons()[reason])
    if density is not None and density.on > months_before(picture.on, RECENT_MONTHS):
        return _without(reasons()[RECENT], f" ({_day(density.on)})")
    asked = {one.action: one for one in advice}
    for action in ADVISED:
        if action in asked:
            return _advised(asked[action], picture)
    return _not_advised(needs)


def _not_advised(needs: Sequence[str]) -> ScanStanding:
    if not needs:
        return ScanStanding(Standing.NOT_ADVISED, "By what is known the guideline in use asks for no scan.")
    more = f" and {len(needs) - MOST_NEEDS} more" if len(needs) > MOST_NEEDS else ""
    lacking = "; ".join(needs[:MOST_NEEDS])
    words = f"It cannot be said yet whether a scan is asked for; needs: {lacking}{more}."
    return ScanStanding(Standing.OPEN, words)


def _advised(one: Advice, picture: Picture) -> ScanStanding:
    frail = picture.frail and picture.dxa_needed is None
    return ScanStanding(
        Standing.ADVISED,
        one.text,
        rule=one.trace.rule,
        source=one.source,
        confidence=one.confidence,
        note="Lives with frailty: say whether a scan would change anything (NG259-1.7.4)." if frail else "",
    )


def _without(why: Reason, more: str = "") -> ScanStanding:
    decide = "Decide about treatment without it" if why.rule == "NG259-1.7.4" else ""
    decide = "Decide about treatment without it; the offer stays open" if why.key == "declined" else decide
    decide = "No routine repeat; decide by the scan that is there" if why.key == RECENT else decide
    return ScanStanding(
        Standing.WITHOUT,
        f"Goes without a scan: {why.words[0].lower()}{why.words[1:]}{more}.",
        reason=why.key,
        rule=why.rule,
        source=SOURCE if why.rule else "",
        confidence=why.confidence,
        note=f"{decide}.",
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
