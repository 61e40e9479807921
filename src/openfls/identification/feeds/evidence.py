"""From a code or a text of any feed to a reading: what the code lists and the report reader make of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from openfls.identification.codes import CodeClass, CodeEntry, CodeLists, CodeSystem
from openfls.identification.episodes.judging import left_out_reason
from openfls.identification.episodes.persons import matchable
from openfls.record.feeds import Bearing, Energy, Observation, Reading, Rejection, Source
from openfls.record.findings import Certainty, Finding, FractureAge, Triage, triage
from openfls.record.people import Demographics
from openfls.record.sites import Side, Site

NO_PERSON = "no person named"
_FRACTURE_WORD = re.compile(r"\bfractur(?:e|es|ed)\b|\bcolles'?\b|\bcollapsed vertebra", re.IGNORECASE)
_SIDES = {
    Side.BOTH: re.compile(r"\bbilateral\b|\bboth\b", re.IGNORECASE),
    Side.LEFT: re.compile(r"\bleft\b", re.IGNORECASE),
    Side.RIGHT: re.compile(r"\bright\b", re.IGNORECASE),
}
_SNOMED_CODE = re.compile(r"[1-9]\d{5,17}")
_BEARING = {
    CodeClass.INCLUDE: Bearing.FRACTURE,
    CodeClass.REVIEW: Bearing.REVIEW,
    CodeClass.SUPPORT: Bearing.SUPPORT,
    CodeClass.FLAG: Bearing.FLAG,
}
# Where one record carries the same concept in several systems, the most telling entry speaks.
_WEIGHT = (CodeClass.INCLUDE, CodeClass.REVIEW, CodeClass.EXCLUDE, CodeClass.SUPPORT, CodeClass.FLAG)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code as sent; ``system`` is empty where the feed does not say."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says beside its codes and text."""

    source: Source
    person: Demographics
    on: date | None
    energy: Energy = Energy.UNKNOWN
    certainty: Certainty = Certainty.PRESENT
    side: Side = Side.NONE


def read_report(text: str) -> tuple[Finding, ...]:
    """The findings of a report's text, by the room next door (imported late: it loads its own lists)."""
    from openfls.identification.reports.reader import read_report as read

    return read(text)


def is_named(person: Demographics | None) -> bool:
    """Whether a record says whose it is: by a number that can be matched, or by name and birth date."""
    if person is None:
        return False
    return bool(matchable(person)) or bool(person.family_name and person.birth_date)


def is_listed(coding: Coding, lists: CodeLists) -> bool:
    """Whether the code lists know a code, in whatever class."""
    return _entry(coding, lists) is not None


def from_codes(codings: Sequence[Coding], told: Told, lists: CodeLists, words: str = "") -> Reading | None:
    """What the codes of one concept say; None where they are not about fractures.

    A code that no list has, but whose words name a fracture, is read from its words and goes to a person's
    look.
    """
    hits = [(coding, entry) for coding in codings if (entry := _entry(coding, lists)) is not None]
    if hits:
        coding, entry = min(hits, key=lambda hit: _WEIGHT.index(hit[1].code_class))
        return _from_entry(coding, entry, told)
    shown = " ".join(dict.fromkeys([*(coding.display for coding in codings), words])).strip()
    if not _FRACTURE_WORD.search(shown):
        return None
    named = next((f"{coding.system}|{coding.code}" for coding in codings if coding.code), "")
    findings = read_report(shown)
    if triage(findings) is Triage.NONE:
        return _unless_nobody(
            told, Rejection(told.source, f"not in the code lists: {named} {shown}", told.person)
        )
    observation = Observation(
        source=told.source,
        person=told.person,
        on=told.on,
        findings=tuple(replace(finding, spans=()) for finding in findings),
        energy=told.energy,
        code=named,
        display=shown,
        bearing=Bearing.REVIEW,
        remark=f"{named or 'no code'} is not in the code lists; read from its words",
    )
    return _unless_nobody(told, observation)


def from_text(text: str, told: Told, display: str = "", review: str = "") -> Reading:
    """What a report says: an observation, or a rejection with the reason. ``review``: why a person must
    look."""
    findings = _read_with_exam(text, display)
    observation = Observation(
        source=told.source,
        person=told.person,
        on=told.on,
        findings=findings,
        energy=told.energy,
        display=display,
        text=text,
        bearing=Bearing.REVIEW if review else Bearing.FRACTURE,
        remark=review,
    )
    if triage(findings) is Triage.NONE:
        reasons = dict.fromkeys(left_out_reason(observation, finding) for finding in findings)
        reason = "; ".join(reasons) or "no fracture in the report"
        return Rejection(told.source, _nobody_too(told, reason), told.person, observation)
    return _unless_nobody(told, observation)


def _read_with_exam(text: str, exam: str) -> tuple[Finding, ...]:
    """A report's findings; where its words leave a site open, the exam's name above them may fill it.

    Senders often keep "XR left wrist" in a field of its own and write "undisplaced fracture" only. The exam may
    name what is missing, never add or take away a finding. Spans stay those of ``text``.
    """
    findings = read_report(text)
    if not exam or not any(finding.site is Site.UNSPECIFIED for finding in findings):
        return findings
    above = f"{exam}\n\n"
    named = read_report(above + text)
    if len(named) != len(findings):
        return findings
    return tuple(
        replace(one, site=other.site, side=one.side or other.side) if one.site is Site.UNSPECIFIED else one
        for one, other in zip(findings, named, strict=True)
    )


def energy_among(codings: Iterable[Coding], lists: CodeLists) -> Energy:
    """The energy that external-cause codes give: the highest told; unknown where none is."""
    told = {lists.energy(_system(coding), coding.code) for coding in codings}
    return next((each for each in (Energy.HIGH, Energy.REVIEW, Energy.LOW) if each in told), Energy.UNKNOWN)


def side_in(*texts: str) -> Side:
    """The side that words name; none where they name neither or more than one."""
    shown = " ".join(texts)
    named = [side for side, pattern in _SIDES.items() if pattern.search(shown)]
    if {Side.LEFT, Side.RIGHT} <= set(named):
        return Side.BOTH
    return named[0] if len(named) == 1 else Side.NONE


def mentions_fracture(text: str) -> bool:
    """Whether words name a fracture at all, denied or not."""
    return _FRACTURE_WORD.search(text) is not None


def _system(coding: Coding) -> str:
    if coding.system:
        return coding.system
    return CodeSystem.SNOMED if _SNOMED_CODE.fullmatch(coding.code.strip()) else CodeSystem.ICD10


def _entry(coding: Coding, lists: CodeLists) -> CodeEntry | None:
    return lists.lookup(_system(coding), coding.code)


def _from_entry(coding: Coding, entry: CodeEntry, told: Told) -> Reading:
    code = f"{entry.system}|{coding.code.strip()}"
    display = coding.display or entry.title
    if entry.code_class is CodeClass.EXCLUDE:
        return Rejection(told.source, _nobody_too(told, f"{code} {display}: {entry.note}"), told.person)
    findings: tuple[Finding, ...] = ()
    if entry.site is not None and entry.code_class is not CodeClass.FLAG:
        side = entry.side if entry.side is not Side.NONE else told.side
        findings = (Finding(entry.site, side, (), told.certainty, FractureAge.NEW, entry.kind),)
    observation = Observation(
        source=told.source,
        person=told.person,
        on=told.on,
        findings=findings,
        energy=told.energy,
        code=code,
        display=display,
        bearing=_BEARING[entry.code_class],
        remark=entry.note,
    )
    return _unless_nobody(told, observation)


def _unless_nobody(told: Told, reading: Observation | Rejection) -> Reading:
    """A fracture of nobody cannot be followed up; it is named among the rejected, never lost."""
    if is_named(told.person):
        return reading
    if isinstance(reading, Rejection):
        return replace(reading, reason=f"{NO_PERSON}; {reading.reason}")
    told_of = ", ".join(f"{f.side} {f.site.label.lower()}".strip() for f in reading.findings)
    return Rejection(told.source, f"{NO_PERSON}; it tells of: {told_of or reading.display}", told.person)


def _nobody_too(told: Told, reason: str) -> str:
    return reason if is_named(told.person) else f"{NO_PERSON}; {reason}"
