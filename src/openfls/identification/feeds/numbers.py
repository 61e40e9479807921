"""Identifiers and dates as feeds write them."""

from __future__ import annotations

import re
from datetime import date

from openfls.identification.episodes.persons import INVALID_NHS_NUMBER
from openfls.record.people import NHS_NUMBER, Identifier, is_valid_nhs_number, nhs_number_digits

_NHS_SYSTEMS = frozenset({"nhs", "nhsnumber", "nhsno", "nh", "nhsnbr", "2.16.840.1.113883.2.1.4.1", "nhsn"})
NOT_A_PERSONS = frozenset({"SS", "DL", "PPN", "AN", "VN", "FN", "NIIP", "NI", "PRN", "NPI"})
"""Types of identifiers (HL7 table 0203) that are not a hospital's number for a person, or none of our
business."""


def nhs_identifier(value: str) -> Identifier | None:
    """An NHS number, under its own system where the check digit holds, else kept as one that cannot be
    matched."""
    digits = nhs_number_digits(value)
    if not digits:
        return None
    return Identifier(NHS_NUMBER if is_valid_nhs_number(digits) else INVALID_NHS_NUMBER, digits)


def is_nhs_system(name: str) -> bool:
    """Whether an identifier system or assigning authority, by any usual name, is that of the NHS number."""
    lowered = name.strip().lower()
    if "nhs.uk/id/nhs-number" in lowered or "nhs-number" in lowered:
        return True
    return re.sub(r"[^a-z0-9.]", "", lowered.removeprefix("urn:oid:")) in _NHS_SYSTEMS


def iso_date(text: object) -> date | None:
    """The day of a FHIR date or time; None where it says no day."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def compact_date(text: str) -> date | None:
    """The day of an HL7 v2 time stamp, ``20260103101500+0000``; None where it says no day."""
    digits = text.strip()[:8]
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
