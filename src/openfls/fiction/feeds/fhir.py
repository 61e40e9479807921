"""The theatre system's monthly FHIR R4 bundle: the patients operated upon and their procedures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from openfls.fiction.calendar import monthly
from openfls.fiction.people import HOSPITAL
from openfls.fiction.tables import stream, table, weighted
from openfls.fiction.values import BrokenBone, Event, FeedFile, FictionalPerson, Teller, Year
from openfls.record.people import Sex

SOURCE = "Theatre system"
OPCS4 = "https://fhir.hl7.org.uk/CodeSystem/OPCS-4"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
_GENDERS = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.UNKNOWN: "unknown"}


def theatre_files(year: Year) -> Iterator[FeedFile]:
    """One bundle a month. Every fifth holds a procedure of nobody, every third a procedure twice."""
    people = {person.key: person for person in year.people}
    done = [
        operation
        for event in year.events
        if Teller.THEATRE in event.told_by
        and (operation := _operation(year.seed, event, people[event.person]))
    ]
    for number, (month, delivered_on, operations) in enumerate(
        monthly(done, lambda operation: operation[0], year.end), 1
    ):
        entries: dict[str, dict[str, Any]] = {}
        for _, person, procedure in operations:
            patient = _patient(person)
            entries[f"Patient/{patient['id']}"] = patient
            entries[f"Procedure/{procedure['id']}"] = procedure
        resources = list(entries.values())
        planted = []
        if number % 3 == 0:
            resources.append(operations[0][2])
            planted.append(f"{operations[0][2]['id']} twice")
        if number % 5 == 0:
            nobody = {**operations[0][2], "id": f"{operations[0][2]['id']}-X"}
            nobody["subject"] = {"reference": f"Patient/not-in-{month}"}
            resources.append(nobody)
            planted.append(f"{nobody['id']}: the subject is not in the file")
        bundle = {
            "resourceType": "Bundle",
            "id": f"theatre-{month}",
            "type": "collection",
            "timestamp": f"{delivered_on.isoformat()}T06:00:00Z",
            "entry": [
                {"fullUrl": f"https://bgh.example/fhir/{item['resourceType']}/{item['id']}", "resource": item}
                for item in resources
            ],
        }
        content = json.dumps(bundle, ensure_ascii=False, indent=1).encode("utf-8")
        yield FeedFile(f"theatre-{month}.json", SOURCE, delivered_on, content, tuple(planted))


def _operation(
    seed: int, event: Event, person: FictionalPerson
) -> tuple[date, FictionalPerson, dict[str, Any]] | None:
    """The operation on the first bone; None where that bone is not operated upon, or death came first."""
    bone = event.bones[0]
    choices = table("codes")[bone.icd10].get("opcs4")
    if not choices:
        return None
    chance = stream(seed, "theatre", event.key)
    on = event.on + timedelta(days=chance.randrange(0, 3))
    if person.died_on and on > person.died_on:
        return None
    code = weighted(chance, choices)
    return on, person, _procedure(event, person, bone, code, on)


def _patient(person: FictionalPerson) -> dict[str, Any]:
    known = person.demographics
    numbers = [{"use": "usual", "system": HOSPITAL, "value": person.hospital_number}]
    if person.nhs_number:
        numbers.insert(0, {"use": "official", "system": NHS, "value": person.nhs_number})
    return {
        "resourceType": "Patient",
        "id": person.hospital_number,
        "identifier": numbers,
        "name": [{"use": "official", "family": known.family_name, "given": [known.given_name]}],
        "telecom": [{"system": "phone", "value": known.telephone}],
        "gender": _GENDERS[known.sex],
        "birthDate": known.birth_date.isoformat() if known.birth_date else None,
        "address": [{"line": list(person.address_lines), "postalCode": known.postcode}],
    }


def _procedure(
    event: Event, person: FictionalPerson, bone: BrokenBone, code: str, on: date
) -> dict[str, Any]:
    words = table("codes")
    side = f" ({bone.side.value})" if bone.side else ""
    return {
        "resourceType": "Procedure",
        "id": f"TH{event.key}",
        "status": "completed",
        "code": {
            "coding": [{"system": OPCS4, "code": code, "display": words["procedure"][code]}],
            "text": words["procedure"][code] + side,
        },
        "subject": {"reference": f"Patient/{person.hospital_number}"},
        "performedDateTime": on.isoformat(),
        "bodySite": [{"text": bone.side.value.capitalize()}] if bone.side else [],
        "reasonCode": [
            {
                "coding": [{"system": ICD10, "code": bone.icd10, "display": words[bone.icd10]["words"]}],
                "text": words[bone.icd10]["words"] + side,
            }
        ],
    }
