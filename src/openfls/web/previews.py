"""A reading in the words of a page: who, when, what, and whether it would be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openfls.record.feeds import Bearing, Measured, Notice, Observation, Reading, Rejection
from openfls.record.findings import Certainty, Finding, FractureAge, Kind
from openfls.record.people import Demographics
from openfls.record.questions import by_field
from openfls.record.sites import Side


@dataclass(frozen=True, slots=True)
class Shown:
    """One reading. ``outcome`` is ``fracture``, ``result``, ``person``, ``waits``, ``other`` or ``left out``."""

    where: str
    who: str
    born: date | None
    numbers: tuple[str, ...]
    on: date | None
    what: str
    outcome: str


def shown(reading: Reading, where: str = "") -> Shown:
    """A reading as a row of a page."""
    person = reading.person or Demographics()
    what, outcome, on = _told(reading)
    return Shown(
        where=where or reading.source.position,
        who=name_of(person),
        born=person.birth_date,
        numbers=tuple(each.value for each in person.identifiers),
        on=on,
        what=what,
        outcome=outcome,
    )


def name_of(person: Demographics) -> str:
    """Family name in capitals, then the given name; empty where neither is told."""
    return ", ".join(part for part in (person.family_name.upper(), person.given_name) if part)


def _told(reading: Reading) -> tuple[str, str, date | None]:
    match reading:
        case Rejection(reason=reason):
            return reason, "left out", None
        case Notice(about="other", detail=detail):
            return detail, "other", None
        case Notice():
            return _told_of_person(reading)
        case Observation(on=on):
            return words_of(reading), "fracture", on
        case Measured(on=on, field=field, value=value, comparator=comparator, as_sent=sent):
            question = by_field()[field]
            words = f"{question.label}: {comparator}{question.words(value)}"
            plain = question.unit.lower() in sent.lower()
            return words if plain else f"{words} (sent as {sent})", "result", on
    raise TypeError(type(reading).__name__)


def _told_of_person(notice: Notice) -> tuple[str, str, date | None]:
    if notice.about == "merge":
        same = name_of(notice.other) if notice.other else ""
        return f"said to be the same person as {same or 'another'} ({notice.detail})", "waits", None
    if notice.about == "death":
        return "a death", "person", notice.person.deceased_on
    return "about the person alone", "person", None


def words_of(observation: Observation) -> str:
    """What an observation says of bones, for example ``Left wrist; possible hip``."""
    told = "; ".join(_finding(each) for each in observation.findings) or "a disease of bone, no fracture"
    code = observation.code.partition("|")[2] or observation.code
    described = " ".join(part for part in (code, observation.display) if part)
    only = {Bearing.SUPPORT: "counts only beside another record"}.get(observation.bearing, "")
    return ", ".join(part for part in (told, f"code {described}" if described else "", only) if part)


def _finding(finding: Finding) -> str:
    site = finding.site.label.lower()
    if finding.side is Side.BOTH:
        site = f"{site}, both sides"
    elif finding.side is not Side.NONE:
        site = f"{finding.side} {site}"
    parts = [
        "possible" if finding.certainty is Certainty.POSSIBLE else "",
        "old" if finding.age is FractureAge.OLD else "",
        "" if finding.kind is Kind.TRAUMATIC else finding.kind.value,
        site,
        ", ".join(finding.levels),
    ]
    return " ".join(part for part in parts if part).capitalize()
