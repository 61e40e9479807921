"""HL7 v2 segments as text: escapes, the person's segment, the file around the messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openfls.fiction.people import HOSPITAL
from openfls.fiction.values import FictionalPerson
from openfls.record.people import Sex

_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
_SEXES = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNKNOWN: "U"}


def escaped(text: str) -> str:
    """``text`` with the characters that HL7 keeps for itself escaped; line breaks are left alone."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def moment(day: date, minute: int = 0) -> str:
    """A time stamp on ``day``, ``minute`` minutes after midnight."""
    return f"{day:%Y%m%d}{minute // 60:02d}{minute % 60:02d}00"


def header(sender: str, kind: str, control: str, sent: str) -> str:
    """The MSH segment of HL7 version 2.4, the UK hospitals' commonest."""
    return (
        f"MSH|^~\\&|{sender}|{HOSPITAL}|FLS|{HOSPITAL}|{sent}||{kind}|{control}|P|2.4|||||GBR|UNICODE UTF-8"
    )


def person_segment(person: FictionalPerson, *, died_on: date | None = None) -> str:
    """The PID segment; the death is in it only where ``died_on`` is given."""
    known = person.demographics
    numbers = [f"{person.hospital_number}^^^{HOSPITAL}^MR"]
    if person.nhs_number:
        numbers.insert(0, f"{person.nhs_number}^^^NHS^NH")
    lines = [*person.address_lines, "", "", ""]
    street, town, county = (
        (f"{lines[0]}, {lines[1]}", lines[2], lines[3])
        if person.care_home
        else (lines[0], lines[1], lines[2])
    )
    fields = [""] * 31
    fields[1] = "1"
    fields[3] = "~".join(numbers)
    fields[5] = f"{escaped(known.family_name.upper())}^{escaped(known.given_name.upper())}"
    fields[7] = f"{known.birth_date:%Y%m%d}" if known.birth_date else ""
    fields[8] = _SEXES[known.sex]
    fields[11] = f"{escaped(street)}^^{escaped(town)}^{escaped(county)}^{known.postcode}"
    fields[13] = known.telephone
    if died_on:
        fields[29], fields[30] = moment(died_on), "Y"
    return "PID|" + "|".join(fields[1:]).rstrip("|")


def practice_segment(person: FictionalPerson) -> str:
    """The PD1 segment with the general practice."""
    return f"PD1|||{escaped(person.demographics.general_practice)}^^{person.practice_code}"


def message(segments: Sequence[str]) -> str:
    """One message: every segment ends with a carriage return."""
    return "".join(f"{segment}\r" for segment in segments)


def batch(sender: str, messages: Sequence[str], name: str, sent: str) -> str:
    """The messages as a batch file with its header and trailer segments."""
    between = f"|^~\\&|{sender}|{HOSPITAL}|FLS|{HOSPITAL}|{sent}"
    opening = f"FHS{between}||{name}\rBHS{between}\r"
    return opening + "".join(messages) + f"BTS|{len(messages)}\rFTS|1\r"
