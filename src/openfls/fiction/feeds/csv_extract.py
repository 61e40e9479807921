"""The emergency department's monthly extract: a CSV file with one row per diagnosis of an attendance."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from random import Random

from openfls.fiction.calendar import monthly
from openfls.fiction.tables import percent, stream, table
from openfls.fiction.values import BrokenBone, Event, FeedFile, FictionalPerson, Teller, Year
from openfls.record.people import Sex
from openfls.record.sites import Side

SOURCE = "Emergency department extract"
HEADER = (
    "Attendance ID", "Arrival Date", "NHS Number", "Hospital Number", "Surname", "Forename",
    "Date of Birth", "Sex", "Address", "Postcode", "Telephone", "GP Practice", "Presenting Complaint",
    "Cause Code", "Diagnosis Code", "Diagnosis", "Side", "Disposal",
)  # fmt: skip
_SIDES = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.BOTH: "Bilateral", Side.NONE: ""}
_SEXES = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNKNOWN: "U"}
_NUMBER_NOT_SENT = 5.0


def emergency_files(year: Year) -> Iterator[FeedFile]:
    """One file a month. A third of them repeat a row, a fourth hold broken rows, a fifth an unknown code."""
    people = {person.key: person for person in year.people}
    told = [event for event in year.events if Teller.EMERGENCY in event.told_by]
    for number, (month, delivered_on, events) in enumerate(monthly(told, _on, year.end), 1):
        rows = [row for event in events for row in _rows(year.seed, event, people[event.person])]
        planted = _plant(rows, number)
        yield FeedFile(f"ed-extract-{month}.csv", SOURCE, delivered_on, _csv(rows), planted)


def _on(event: Event) -> date:
    return event.on


def _rows(seed: int, event: Event, person: FictionalPerson) -> Iterator[list[str]]:
    chance = stream(seed, "emergency", event.key)
    admitted = Teller.WARD in event.told_by
    for number, bone in enumerate(event.bones or (None,), 1):
        code, words, side = _diagnosis(chance, bone)
        yield [
            f"ED{event.key[1:]}-{number}",
            _day(event.on),
            "" if percent(chance, _NUMBER_NOT_SENT) else person.nhs_number,
            person.hospital_number,
            person.demographics.family_name,
            person.demographics.given_name,
            _day(person.demographics.birth_date),
            _SEXES[person.demographics.sex],
            person.demographics.address,
            person.demographics.postcode,
            person.demographics.telephone,
            person.demographics.general_practice,
            event.mechanism.words,
            event.mechanism.icd10,
            code,
            words,
            side,
            "Admitted" if admitted else "Discharged",
        ]


def _diagnosis(chance: Random, bone: BrokenBone | None) -> tuple[str, str, str]:
    if bone is None:
        row = chance.choice(table("codes")["unbroken"])
        return row["snomed"], row["term"], chance.choice(("Left", "Right"))
    row = table("codes")[bone.icd10]
    return row["snomed"], row["term"], _SIDES[bone.side]


def _plant(rows: list[list[str]], number: int) -> tuple[str, ...]:
    """Puts the faults of the ``number``-th delivery into ``rows``, and says what they are."""
    planted = []
    if number % 3 == 0:
        rows.insert(1, list(rows[0]))
        planted.append(f"{rows[0][0]} twice")
    if number % 4 == 0:
        broken = list(rows[0])
        broken[0], broken[6] = f"{broken[0]}-X", "31/02/1948"
        rows.append(broken)
        planted.append(f"{broken[0]}: no such date of birth")
        rows.append(["ED-TORN", rows[0][1], "", ""])
        planted.append("ED-TORN: the row ends after four fields")
    if number % 5 == 0:
        unknown = list(rows[0])
        unknown[0], unknown[14], unknown[15] = f"{unknown[0]}-Y", "LOC-7731", "Limb injury - see notes"
        rows.append(unknown)
        planted.append(f"{unknown[0]}: local code LOC-7731")
    return tuple(planted)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
