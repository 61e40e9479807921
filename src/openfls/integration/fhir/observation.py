"""Observation: results, measurements, and the answers that the risk scores are made of.

There is one a person and field: the value that counts. Where sources disagree, or nobody knows, it has no value but a
reason; it is never taken as normal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from openfls.integration.fhir.fields import CATEGORIES, PRESSURES, Field, shared_fields
from openfls.integration.fhir.parts import (
    Json,
    absent,
    coding,
    concept,
    day,
    finished,
    instant,
    notes,
    reference,
)
from openfls.integration.fhir.systems import (
    BODY_POSITION,
    LOINC,
    OWN_ANSWER,
    OWN_FIELD,
    SNOMED,
    TERMINOLOGY,
    UCUM,
    uk_core,
)
from openfls.integration.fhir.values import Measured, PersonRecord
from openfls.record.questions import QuestionKind, by_field

_VITAL = {"height_cm": "Observation-VitalSigns-BodyHeight", "weight_kg": "Observation-VitalSigns-BodyWeight"}
_LYING = coding(SNOMED, "102538003", "Recumbent body position")
_STANDING = coding(SNOMED, "10904000", "Orthostatic body position")
_PRESSURE = (
    coding(SNOMED, "75367002", "Blood pressure"),
    coding(LOINC, "85354-9", "Blood pressure panel with all children optional"),
)
_PARTS = {
    "systolic": (
        coding(SNOMED, "72313002", "Systolic arterial pressure"),
        coding(LOINC, "8480-6", "Systolic blood pressure"),
    ),
    "diastolic": (
        coding(SNOMED, "1091811000000102", "Diastolic arterial pressure"),
        coding(LOINC, "8462-4", "Diastolic blood pressure"),
    ),
}


def observation_key(person: str, field: str) -> str:
    """The id of the Observation of a person and a field: the person's key, and a hash of the field's name."""
    return f"{person.replace('-', '')}-{hashlib.sha256(field.encode()).hexdigest()[:10]}"


def observations(person: PersonRecord) -> Iterator[Json]:
    """Every Observation of a person, in the order of our list of fields."""
    known = {one.field: one for one in person.measured}
    for name, field in shared_fields().items():
        if name in known:
            yield _single(field, known[name], person)
    for name, words in PRESSURES.items():
        pressure = _pressure(name, words, known, person)
        if pressure is not None:
            yield pressure


def _single(field: Field, measured: Measured, person: PersonRecord) -> Json:
    has_value = measured.value is not None
    resource = _common(field.name, measured, field.kind, person) | {
        "code": concept(by_field()[field.name].label, *field.codings),
        "dataAbsentReason": None if has_value else absent(words=measured.absent or "Not known"),
    }
    if has_value:
        resource |= _value(field, measured)
    return finished(resource, person.changed_at, [_profile(field, has_value=has_value)])


def _profile(field: Field, *, has_value: bool) -> str:
    if field.kind == "lab":
        return uk_core("Observation-Lab")
    # The profile of a vital sign wants a value.
    return uk_core(_VITAL[field.name] if field.name in _VITAL and has_value else "Observation")


def _common(name: str, measured: Measured, kind: str, person: PersonRecord) -> Json:
    code, words = CATEGORIES[kind]
    return {
        "resourceType": "Observation",
        "id": observation_key(person.key, name),
        "status": _status(measured, kind),
        "category": [concept(words, coding(f"{TERMINOLOGY}observation-category", code, words))],
        "subject": reference("Patient", person.key),
        "effectiveDateTime": day(measured.on),
        "issued": instant(measured.at) if measured.at else None,
        "note": notes(f"Source: {measured.source}" if measured.source else ""),
    }


def _status(measured: Measured, kind: str) -> str:
    if kind == "vital":
        return "final"
    if measured.preliminary:
        return "preliminary"
    return "corrected" if measured.corrected else "final"


def _value(field: Field, measured: Measured) -> Json:
    """The value in the type of its question."""
    value, question = measured.value, by_field()[field.name]
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if question.kind is QuestionKind.INTEGER and not field.unit and not measured.comparator:
        return {"valueInteger": int(float(str(value)))}
    if isinstance(value, int | float):
        return {"valueQuantity": _quantity(value, field.unit, field.unit_code, measured.comparator)}
    if question.kind is QuestionKind.CHOICE:
        return {
            "valueCodeableConcept": concept(
                question.words(value), coding(OWN_ANSWER, f"{field.name}.{value}", question.words(value))
            )
        }
    return {"valueString": question.words(value)}


def _quantity(value: float, unit: str, code: str, comparator: str = "") -> Json:
    quantity: dict[str, Any] = {"value": value}
    if comparator:
        quantity["comparator"] = comparator
    if unit:
        quantity["unit"] = unit
    return quantity | ({"system": UCUM, "code": code} if code else {})


def _pressure(name: str, words: str, known: Mapping[str, Measured], person: PersonRecord) -> Json | None:
    """One reading of blood pressure of two figures. Figures of two days are no reading: the systolic one stands."""
    parts = {part: known.get(f"{name}_{part}") for part in _PARTS}
    upper, lower = parts["systolic"], parts["diastolic"]
    if upper is None and lower is None:
        return None
    if upper is not None and lower is not None and upper.value is not None and upper.on != lower.on:
        lower = None
    first = upper or lower
    assert first is not None
    has_upper = upper is not None and upper.value is not None
    position = _LYING if name == "bp.lying" else _STANDING
    components = [_component("systolic", upper)]
    if not has_upper or (lower is not None and lower.value is not None):
        components.append(_component("diastolic", lower))
    resource = _common(name, first, "vital", person) | {
        "extension": [
            {"url": BODY_POSITION, "valueCodeableConcept": concept(str(position["display"]), position)}
        ],
        "code": concept(words, *_PRESSURE, coding(OWN_FIELD, name, words)),
        "component": components,
    }
    # UK Core wants the systolic figure; where it is lacking, only the general profile is claimed.
    profile = "Observation-VitalSigns-BloodPressure" if has_upper else "Observation"
    return finished(resource, person.changed_at, [uk_core(profile)])


def _component(part: str, measured: Measured | None) -> Json:
    code = concept(str(_PARTS[part][1]["display"]), *_PARTS[part])
    if measured is None or measured.value is None:
        return {
            "code": code,
            "dataAbsentReason": absent(words=(measured.absent if measured else "") or "Not known"),
        }
    value = float(str(measured.value))
    return {"code": code, "valueQuantity": _quantity(value, "millimeter of mercury", "mm[Hg]")}
