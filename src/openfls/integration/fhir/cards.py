"""CDS Hooks: the card that another system shows when it opens somebody's record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openfls.integration.fhir.parts import Json, plain
from openfls.integration.fhir.systems import NHS_NUMBER
from openfls.record.pathway import State
from openfls.record.people import is_valid_nhs_number, nhs_number_digits

SERVICE_ID = "fragility-fracture"
LONGEST_SUMMARY = 140
_UNSIGNED = ("a plan waits for the signature of a prescriber", "warning")
_STANDS = {
    State.TO_ASSESS: ("not yet assessed", "warning"),
    State.TO_PLAN: ("assessed, no plan agreed yet", "warning"),
    State.REVIEW_16: ("plan agreed, 16-week review to come", "info"),
    State.REVIEW_52: ("plan agreed, 52-week review to come", "info"),
}
"""What is said of each state. A fracture that nobody has confirmed is not said, nor is one whose care has ended."""


@dataclass(frozen=True, slots=True)
class Told:
    """An episode as a card tells it. ``plan`` is what was agreed, in words, and empty while it waits for its prescriber
    (``unsigned``); ``url`` leads into the app."""

    on: date
    state: State
    bones: tuple[str, ...]
    plan: str
    service: str
    url: str
    key: str
    unsigned: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom the other system shows: NHS number with its check digit, and the date of birth as it sent it."""

    nhs_number: str
    birth_date: str


def services() -> Json:
    """The answer to discovery."""
    return {
        "services": [
            {
                "hook": "patient-view",
                "id": SERVICE_ID,
                "title": "Fragility fracture",
                "description": "Says that a person has had a fragility fracture, and where its care stands.",
                "prefetch": {"patient": "Patient/{{context.patientId}}"},
                "usageRequirements": "The prefetched Patient carries an NHS number. An access token is needed.",
            }
        ]
    }


def shown_patient(prefetch: object) -> Shown | None:
    """Whom a prefetch is about; None where it has no patient."""
    patient = prefetch.get("patient") if isinstance(prefetch, Mapping) else None
    if not isinstance(patient, Mapping) or patient.get("resourceType") != "Patient":
        return None
    given = patient.get("identifier")
    for each in given if isinstance(given, list) else []:
        if isinstance(each, Mapping) and each.get("system") == NHS_NUMBER:
            number = nhs_number_digits(str(each.get("value") or ""))
            if is_valid_nhs_number(number):
                return Shown(number, str(patient.get("birthDate") or ""))
    return Shown("", "")


def card(told: Told) -> Json | None:
    """The card of an episode; None where there is nothing to say."""
    if told.state not in _STANDS:
        return None
    words, indicator = _UNSIGNED if told.unsigned else _STANDS[told.state]
    day = f"{told.on.day} {told.on:%B %Y}"
    bones = ", ".join(told.bones)
    detail = [
        f"Broken: {bones}." if bones else "",
        f"Agreed: {told.plan}." if told.plan and not told.unsigned else "",
    ]
    found: dict[str, Any] = {
        "uuid": told.key,
        "summary": f"Fragility fracture on {day}, {words}"[:LONGEST_SUMMARY],
        "detail": plain(" ".join(part for part in detail if part)),
        "indicator": indicator,
        "source": {"label": plain(told.service), "url": told.url},
        "links": [{"label": "Open in openfls", "url": told.url, "type": "absolute"}],
    }
    return {key: value for key, value in found.items() if value}
