"""Small FHIR resources and bundles for the tests."""

from __future__ import annotations

import json

JANE_ID = "11111111-2222-4333-8444-555555555555"
SNOMED, ICD10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"


def patient(**more):
    return {
        "resourceType": "Patient",
        "id": JANE_ID,
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "999 000 0018"},
            {"system": "https://rxx.example/pas", "value": "A1"},
            {"type": {"coding": [{"code": "SS"}]}, "system": "urn:ssn", "value": "999-11-2222"},
        ],
        "name": [{"use": "official", "family": "Smith", "given": ["Jane"]}],
        "gender": "female",
        "birthDate": "1950-05-05",
    } | more


def concept(code, system=SNOMED, display=""):
    return {"coding": [{"system": system, "code": code, "display": display}]}


def condition(code="263102004", system=SNOMED, on="2024-03-01T10:00:00Z", display="", **more):
    return {
        "resourceType": "Condition",
        "id": f"c-{code}-{on[:10]}",
        "code": concept(code, system, display),
        "subject": {"reference": f"urn:uuid:{JANE_ID}"},
        "onsetDateTime": on,
    } | more


def report(words, **more):
    import base64

    return {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "category": [{"coding": [{"code": "RAD"}]}],
        "code": {"text": "XR wrist"},
        "subject": {"reference": f"urn:uuid:{JANE_ID}"},
        "effectiveDateTime": "2024-03-01",
        "presentedForm": [{"contentType": "text/plain", "data": base64.b64encode(words.encode()).decode()}],
    } | more


def bundle(*resources):
    entries = [{"fullUrl": f"urn:uuid:{each.get('id')}", "resource": each} for each in resources]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
