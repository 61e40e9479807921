"""Which search parameters each resource has, and what each reads in a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from openfls.integration.fhir.parts import Json


class ParameterKind(StrEnum):
    """How a parameter's value is written (FHIR search parameter types)."""

    TOKEN = "token"
    DATE = "date"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter. ``read`` gives what it is compared with: (system, code) pairs, periods, or references.

    ``private``: its value names a person, so it comes in a form (`POST …/_search`) and never in an address.
    """

    name: str
    kind: ParameterKind
    words: str
    read: Callable[[Json], Iterable[Any]]
    private: bool = False


def _concepts(name: str) -> Callable[[Json], Iterator[tuple[str, str]]]:
    def read(resource: Json) -> Iterator[tuple[str, str]]:
        given = resource.get(name) or []
        for concept in given if isinstance(given, list) else [given]:
            for coding in concept.get("coding", ()):
                yield coding.get("system", ""), coding.get("code", "")

    return read


def _code(name: str) -> Callable[[Json], Iterator[tuple[str, str]]]:
    def read(resource: Json) -> Iterator[tuple[str, str]]:
        if name in resource:
            yield "", resource[name]

    return read


def _identifiers(resource: Json) -> Iterator[tuple[str, str]]:
    given = resource.get("identifier") or []
    for each in given if isinstance(given, list) else [given]:
        yield each.get("system", ""), each.get("value", "")


def _moment(*names: str) -> Callable[[Json], Iterator[tuple[str, str]]]:
    """Periods as (first, last) in FHIR's own writing; an open end is empty."""

    def read(resource: Json) -> Iterator[tuple[str, str]]:
        for name in names:
            value: Any = resource
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if isinstance(value, dict):
                yield value.get("start", ""), value.get("end", "")
            elif value:
                yield value, value

    return read


def _subject(resource: Json) -> Iterator[str]:
    given = resource.get("subject") or resource.get("for")
    if given:
        yield given.get("reference", "")


def _plan(resource: Json) -> Iterator[str]:
    for each in resource.get("basedOn", ()):
        yield each.get("reference", "")


def _token(name: str, words: str, read: Callable[[Json], Iterable[Any]]) -> Parameter:
    return Parameter(name, ParameterKind.TOKEN, words, read)


def _date(name: str, words: str, *where: str) -> Parameter:
    return Parameter(name, ParameterKind.DATE, words, _moment(*where))


PATIENT = Parameter("patient", ParameterKind.REFERENCE, "The person, as Patient/id", _subject)
SUBJECT = Parameter("subject", ParameterKind.REFERENCE, "The same as patient", _subject)
_STATUS = _token("status", "Its status", _code("status"))
_ABOUT = (PATIENT, SUBJECT)

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "Patient": (
        Parameter(
            "identifier",
            ParameterKind.TOKEN,
            "NHS number or another number, as system|value; by POST alone",
            _identifiers,
            private=True,
        ),
    ),
    "Condition": (
        *_ABOUT,
        _token("code", "What is broken, or that it is a fragility fracture", _concepts("code")),
        _token("clinical-status", "Active or inactive", _concepts("clinicalStatus")),
        _token("verification-status", "How sure it is", _concepts("verificationStatus")),
        _date("onset-date", "The day of the fracture", "onsetDateTime"),
    ),
    "Observation": (
        *_ABOUT,
        _STATUS,
        _token("code", "What was measured or asked", _concepts("code")),
        _token("category", "laboratory, vital-signs, imaging, exam or survey", _concepts("category")),
        _date("date", "The day to which it belongs", "effectiveDateTime"),
    ),
    "RiskAssessment": (
        *_ABOUT,
        _token("method", "frax or qfracture", _concepts("method")),
        _date("date", "The day of the score", "occurrenceDateTime"),
    ),
    "CarePlan": (*_ABOUT, _STATUS, _date("date", "When it was agreed", "period")),
    "MedicationStatement": (
        *_ABOUT,
        _STATUS,
        _token("identifier", "Our number of the course", _identifiers),
        _token("code", "The drug", _concepts("medicationCodeableConcept")),
        _date("effective", "When it is or was taken", "effectivePeriod"),
    ),
    "ServiceRequest": (
        *_ABOUT,
        _STATUS,
        _token("code", "dxa, falls or specialist", _concepts("code")),
        Parameter("based-on", ParameterKind.REFERENCE, "The plan, as CarePlan/id", _plan),
        _date("authored", "When it was asked for", "authoredOn"),
    ),
    "DocumentReference": (
        *_ABOUT,
        _STATUS,
        _token("type", "Which letter, for example gp", _concepts("type")),
        _date("date", "When it was approved", "date"),
    ),
    "Task": (
        *_ABOUT,
        _STATUS,
        _token("code", "What is to be done", _concepts("code")),
        _date("period", "When it was ended", "executionPeriod"),
        _date("due", "By which day; our own parameter", "restriction.period"),
    ),
}
"""Every resource that can be searched, with its own parameters."""

EVERYWHERE = {
    "_id": "Ids, comma separated",
    "_lastUpdated": "When anything about the person last changed; with ge, gt, le, lt before it",
    "_count": "How many on a page, from 1 to 100; 20 without it",
    "_include": "The person too, for example Condition:patient",
    "_format": "json",
    "_cursor": "Where the next page begins; it stands in the link to that page",
}
READ_ONLY = ("Binary", "Bundle")
"""What can be read by its id and not be searched."""
