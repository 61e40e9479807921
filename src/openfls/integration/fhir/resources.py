"""The resources of a person by their kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openfls.integration.fhir.care import asked_for, care_plan, medication_statement, service_request, task
from openfls.integration.fhir.condition import condition
from openfls.integration.fhir.document import document_reference
from openfls.integration.fhir.observation import observations
from openfls.integration.fhir.parts import Json
from openfls.integration.fhir.patient import patient
from openfls.integration.fhir.risk import risk_assessments
from openfls.integration.fhir.values import PersonRecord


def _patients(person: PersonRecord) -> Iterator[Json]:
    yield patient(person)


def _conditions(person: PersonRecord) -> Iterator[Json]:
    return (condition(bone, person) for bone in person.fractures)


def _risks(person: PersonRecord) -> Iterator[Json]:
    for scores in person.scores:
        yield from risk_assessments(scores, person)


def _plans(person: PersonRecord) -> Iterator[Json]:
    return (care_plan(plan, person) for plan in person.plans)


def _courses(person: PersonRecord) -> Iterator[Json]:
    return (medication_statement(course, person) for course in person.courses)


def _requests(person: PersonRecord) -> Iterator[Json]:
    for plan in person.plans:
        yield from (service_request(plan, name, person) for name in asked_for(plan))


def _documents(person: PersonRecord) -> Iterator[Json]:
    return (document_reference(letter, person) for letter in person.letters)


def _tasks(person: PersonRecord) -> Iterator[Json]:
    return (task(promise, person) for promise in person.promises)


BUILDERS: dict[str, Callable[[PersonRecord], Iterator[Json]]] = {
    "Patient": _patients,
    "Condition": _conditions,
    "Observation": observations,
    "RiskAssessment": _risks,
    "CarePlan": _plans,
    "MedicationStatement": _courses,
    "ServiceRequest": _requests,
    "DocumentReference": _documents,
    "Task": _tasks,
}


def resources(person: PersonRecord, kind: str) -> Iterator[Json]:
    """Every resource of a kind that there is about a person."""
    return BUILDERS[kind](person)
