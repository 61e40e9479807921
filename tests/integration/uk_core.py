"""What R4 and the UK Core profiles that we claim ask beyond the shape of a resource: said a second time, by hand.

The library that reads our resources knows which fields there are and of which type; it knows no invariant, no required
code and nothing of UK Core. Each line here is one such demand, in our words (UK Core 2.x, FHIR R4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
SNOMED, LOINC, UCUM = "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"

STATUS = {
    "Observation": {"registered", "preliminary", "final", "amended", "corrected", "cancelled"},
    "RiskAssessment": {"registered", "preliminary", "final", "amended", "corrected", "cancelled"},
    "CarePlan": {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"},
    "ServiceRequest": {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"},
    "MedicationStatement": {
        *(
            "active",
            "completed",
            "entered-in-error",
            "intended",
            "stopped",
            "on-hold",
            "unknown",
            "not-taken",
        ),
    },
    "DocumentReference": {"current", "superseded", "entered-in-error"},
    "Task": {
        *("draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress"),
        *("on-hold", "failed", "completed", "entered-in-error"),
    },
    "Composition": {"preliminary", "final", "amended", "entered-in-error"},
}
GENDERS = {"male", "female", "other", "unknown"}
VITAL = {"BodyHeight": "8302-2", "BodyWeight": "29463-7", "BloodPressure": "85354-9"}
PRESSURES = {"8480-6": "Systolic blood pressure", "8462-4": "Diastolic blood pressure"}


def codes(concept: Json, system: str) -> list[str]:
    """The codes of a system in a concept."""
    return [each["code"] for each in concept.get("coding", ()) if each.get("system") == system]


def categories(resource: Json) -> list[str]:
    """The codes of the categories of an Observation."""
    return [code for each in resource.get("category", ()) for code in codes(each, CATEGORY)]


def has_value(node: Json) -> bool:
    """Whether there is a ``value[x]``."""
    return any(name.startswith("value") for name in node)


def _vital_sign(resource: Json) -> Iterator[str]:
    profile = next(name for name in VITAL if resource["meta"]["profile"][0].endswith(name))
    if categories(resource) != ["vital-signs"] or len(resource.get("category", ())) != 1:
        yield "one category, vital-signs"
    if codes(resource["code"], LOINC) != [VITAL[profile]] or not codes(resource["code"], SNOMED):
        yield "the code of the profile in LOINC, and one in SNOMED CT"
    if resource["status"] != "final" or "subject" not in resource:
        yield "final, and about somebody"
    if not any(name.startswith("effective") for name in resource):
        yield "when it was measured"
    if profile != "BloodPressure" and resource.get("valueQuantity", {}).get("system") != UCUM:
        yield "a value with its unit"
    parts = [codes(each["code"], LOINC) for each in resource.get("component", ())]
    if profile == "BloodPressure" and not (["8480-6"] in parts and 1 <= len(parts) <= 2):
        yield "the upper figure, and at most the lower beside it"
    for part in resource.get("component", ()):
        (loinc,) = codes(part["code"], LOINC) or [""]
        quantity = part.get("valueQuantity", {})
        if part["code"].get("text") != PRESSURES.get(loinc) or not codes(part["code"], SNOMED):
            yield "each figure by the name of the profile, in LOINC and SNOMED CT"
        if (quantity.get("code"), quantity.get("unit")) != ("mm[Hg]", "millimeter of mercury"):
            yield "each figure in millimetres of mercury"


def _observation(resource: Json) -> Iterator[str]:
    claimed = resource["meta"]["profile"][0].removeprefix(UK_CORE)
    if has_value(resource) and "dataAbsentReason" in resource:
        yield "obs-6: a value or why there is none"
    if not has_value(resource) and not {"dataAbsentReason", "component"} & set(resource):
        yield "a value, or why there is none"
    if claimed == "Observation-Lab" and categories(resource).count("laboratory") != 1:
        yield "one category, laboratory"
    if claimed.startswith("Observation-VitalSigns"):
        yield from _vital_sign(resource)


def _patient(resource: Json) -> Iterator[str]:
    if resource.get("gender", "unknown") not in GENDERS:
        yield "a gender of the list"
    nhs = [each for each in resource["identifier"] if each["system"] == "https://fhir.nhs.uk/Id/nhs-number"]
    if len(nhs) > 1 or any(not each.get("extension") or not each.get("value") for each in nhs):
        yield "at most one NHS number, with how far it was verified"
    if len([name for name in resource if name.startswith("deceased")]) > 1:
        yield "deceased is told once"


def _condition(resource: Json) -> Iterator[str]:
    status = {each["code"] for each in resource["verificationStatus"]["coding"]}
    listed = {code["code"] for each in resource["category"] for code in each["coding"]}
    if (
        "entered-in-error" not in status
        and "problem-list-item" in listed
        and "clinicalStatus" not in resource
    ):
        yield "con-3: a problem has a clinical status"
    if "entered-in-error" in status and "clinicalStatus" in resource:
        yield "con-5: an error has none"


def _care_plan(resource: Json) -> Iterator[str]:
    if not all(("detail" in each) != ("reference" in each) for each in resource.get("activity", ())):
        yield "cpl-3: an activity is told or referred to, not both"


def _document(resource: Json) -> Iterator[str]:
    if not all(each["attachment"].get("contentType") for each in resource["content"]):
        yield "each content with its type"


def _composition(resource: Json) -> Iterator[str]:
    for section in resource["section"]:
        if not {"text", "entry", "section"} & set(section):
            yield "cmp-1: a section says something"


def _bundle(resource: Json) -> Iterator[str]:
    urls = [each.get("fullUrl") for each in resource.get("entry", ())]
    if len(urls) != len(set(urls)):
        yield "bdl-7: each address once"
    if resource["type"] == "document":
        if resource["entry"][0]["resource"]["resourceType"] != "Composition":
            yield "bdl-11: a document begins with its composition"
        if not {"identifier", "timestamp"} <= set(resource):
            yield "bdl-9, bdl-10: a document has an identifier and a time"
    elif "total" in resource and resource["type"] != "searchset":
        yield "bdl-1: only a search has a total"


def _task(resource: Json) -> Iterator[str]:
    period = resource.get("executionPeriod", {})
    if period.get("start", "") > period.get("end", "9"):
        yield "per-1: a period begins before it ends"


_OF_KIND: dict[str, Callable[[Json], Iterator[str]]] = {
    "Observation": _observation,
    "Patient": _patient,
    "Condition": _condition,
    "CarePlan": _care_plan,
    "DocumentReference": _document,
    "Composition": _composition,
    "Bundle": _bundle,
    "Task": _task,
}


def faults(resource: Json) -> list[str]:
    """Which demands a resource, and whatever stands in it, does not meet."""
    kind = resource["resourceType"]
    found = [
        "only profiles of UK Core are claimed"
        for claimed in resource.get("meta", {}).get("profile", ())
        if not claimed.startswith(UK_CORE)
    ]
    if kind in STATUS and resource["status"] not in STATUS[kind]:
        found.append("a status of the list")
    found += _OF_KIND.get(kind, lambda _: iter(()))(resource)
    inside = (
        [each["resource"] for each in resource.get("entry", ()) if "resource" in each]
        if kind == "Bundle"
        else []
    )
    return [f"{kind}: {fault}" for fault in found] + [fault for each in inside for fault in faults(each)]
