"""Radiology reports (ORU^R01) and ward movements (ADT^A01, A03, A08) as HL7 v2 files, one of each a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from openfls.fiction.calendar import monthly
from openfls.fiction.feeds.segments import (
    batch,
    escaped,
    header,
    message,
    moment,
    person_segment,
    practice_segment,
)
from openfls.fiction.people import HOSPITAL
from openfls.fiction.tables import stream, table
from openfls.fiction.values import BrokenBone, Event, FeedFile, FictionalPerson, Report, Story, Teller, Year

_BREAK = "\\.br\\"
RADIOLOGY = "Radiology reports"
WARD = "Ward movements"
_LINES_UNTIL = 8  # the first eight files hold a report line by line; then the radiology system was replaced


def radiology_files(year: Year) -> Iterator[FeedFile]:
    """One batch file a month. Every third repeats a message, every fourth holds one without a person."""
    people = {person.key: person for person in year.people}
    emergency = {event.key for event in year.events if Teller.EMERGENCY in event.told_by}
    for number, (month, delivered_on, reports) in enumerate(
        monthly(year.reports, lambda report: report.on, year.end), 1
    ):
        messages = [
            _report_message(
                report,
                people[report.person],
                emergency=report.event in emergency,
                lines=number <= _LINES_UNTIL,
            )
            for report in reports
        ]
        planted = []
        if number % 3 == 0:
            messages.insert(1, messages[0])
            planted.append(f"{reports[0].key} twice")
        if number % 4 == 0:
            torn = _report_message(reports[-1], people[reports[-1].person], emergency=True, lines=True)
            torn = torn.replace(f"|{reports[-1].key}|P|", f"|{reports[-1].key}X|P|")
            messages.append("\r".join(line for line in torn.split("\r") if not line.startswith("PID")))
            planted.append(f"{reports[-1].key}X: no person in the message")
        text = batch("RIS", messages, f"radiology-{month}", moment(delivered_on, 360))
        yield FeedFile(
            f"radiology-{month}.hl7", RADIOLOGY, delivered_on, text.encode("utf-8"), tuple(planted)
        )


def _report_message(report: Report, person: FictionalPerson, *, emergency: bool, lines: bool) -> str:
    taken = moment(report.on, 540 + int(report.key[1:]) % 600)
    exam = escaped(report.modality)
    head = [
        header("RIS", "ORU^R01", report.key, taken),
        person_segment(person),
        practice_segment(person),
        f"PV1|1|E|ED^^^{HOSPITAL}" if emergency else f"PV1|1|O|CLINIC^^^{HOSPITAL}",
        f"OBR|1|{report.key}|{report.key}|{exam.upper().replace(' ', '')[:8]}^{exam}|||{taken}"
        f"|||||||||||||||{taken}|||F",
    ]
    parts = [escaped(line) for line in report.text.split("\n")]
    if lines:
        body = [f"OBX|{number}|TX|REPORT^Report||{part}||||||F" for number, part in enumerate(parts, 1)]
    else:
        body = [f"OBX|1|FT|REPORT^Report||{_BREAK.join(parts)}||||||F"]
    return message([*head, *body])


@dataclass(frozen=True, slots=True)
class _Movement:
    """One message of the ward system: an admission, a discharge, or a change of what is known of a person."""

    on: date
    key: str
    text: str


def ward_files(year: Year) -> Iterator[FeedFile]:
    """One file of messages a month, deaths among them. Every sixth holds a message cut off in the middle."""
    people = {person.key: person for person in year.people}
    movements = [*_stays(year, people), *_deaths(year)]
    for number, (month, delivered_on, members) in enumerate(
        monthly(movements, lambda movement: movement.on, year.end), 1
    ):
        ordered = sorted(members, key=lambda movement: (movement.on, movement.key))
        text = "".join(movement.text for movement in ordered)
        planted: tuple[str, ...] = ()
        if number % 6 == 0:
            text += header("PAS", "ADT^A03", f"{month}-CUT", moment(delivered_on)) + "\rPID|1||BM"
            planted = (f"{month}-CUT: the message breaks off",)
        yield FeedFile(f"ward-{month}.hl7", WARD, delivered_on, text.encode("utf-8"), planted)


def _stays(year: Year, people: dict[str, FictionalPerson]) -> Iterator[_Movement]:
    for event in year.events:
        if Teller.WARD not in event.told_by:
            continue
        person = people[event.person]
        leaves = _leaves(year.seed, event)
        died = person.died_on if person.died_on and person.died_on <= leaves else None
        leaves = died or leaves
        admitted, left = moment(event.on, 900), moment(leaves, 720)
        stay = f"PV1|1|I|WARD{int(event.key[1:]) % 8 + 1}^^^{HOSPITAL}||||||||||||||||V{event.key}"
        arrival = [
            header("PAS", "ADT^A01", f"A01{event.key}", admitted), f"EVN|A01|{admitted}",
            person_segment(person), practice_segment(person), _timed(stay, admitted),
        ]  # fmt: skip
        yield _Movement(event.on, f"{event.key}-1", message(arrival))
        departure = [
            header("PAS", "ADT^A03", f"A03{event.key}", left), f"EVN|A03|{left}",
            person_segment(person, died_on=died), practice_segment(person), _timed(stay, admitted, left),
            *_diagnoses(event, admitted),
        ]  # fmt: skip
        yield _Movement(leaves, f"{event.key}-3", message(departure))


def _leaves(seed: int, event: Event) -> date:
    """The day on which somebody would leave the ward."""
    return event.on + timedelta(days=stream(seed, "ward", event.key).randrange(2, 22))


def _timed(stay: str, admitted: str, left: str = "") -> str:
    """The visit with its times in fields 44 and 45."""
    here = stay.count("|")
    return f"{stay}{'|' * (44 - here)}{admitted}|{left}".rstrip("|")


def _diagnoses(event: Event, admitted: str) -> list[str]:
    """The coder's diagnoses: what broke first, then the cause."""
    codes = [_code(bone, event) for bone in event.bones]
    if event.mechanism.icd10:
        codes.append((event.mechanism.icd10, event.mechanism.words))
    return [
        f"DG1|{number}|I10|{code}^{escaped(words)}^I10|{escaped(words)}|{admitted}|F||||||||||{number}"
        for number, (code, words) in enumerate(codes, 1)
    ]


def _code(bone: BrokenBone, event: Event) -> tuple[str, str]:
    if event.story is Story.PERIPROSTHETIC:
        return "M96.6", "Fracture of bone following insertion of prosthesis"
    side = f", {bone.side.value}" if bone.side else ""
    return bone.icd10, table("codes")[bone.icd10]["words"] + side


def _deaths(year: Year) -> Iterator[_Movement]:
    """A change of the person's record, some days after each death that the ward did not tell of."""
    last_day_on_ward: dict[str, date] = {}
    for event in year.events:
        if Teller.WARD in event.told_by:
            last_day_on_ward[event.person] = _leaves(year.seed, event)
    for person in year.people:
        if person.died_on is None:
            continue
        if person.died_on <= last_day_on_ward.get(person.key, date.min):
            continue
        chance = stream(year.seed, "death", person.key)
        told = person.died_on + timedelta(days=chance.randrange(1, 15))
        sent = moment(told, 420)
        segments = [
            header("PAS", "ADT^A08", f"A08{person.key}", sent), f"EVN|A08|{sent}",
            person_segment(person, died_on=person.died_on), practice_segment(person), "PV1|1|N",
        ]  # fmt: skip
        yield _Movement(told, f"{person.key}-8", message(segments))
