"""Addresses of profiles, extensions and code systems. Those that begin with ``urn:openfls`` are our own."""

from __future__ import annotations

UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
NHS_NUMBER_STATUS = f"{UK_CORE}Extension-UKCore-NHSNumberVerificationStatus"
NHS_NUMBER_STATUS_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
DATA_ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
BODY_POSITION = "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition"

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
DATA_ABSENT = f"{TERMINOLOGY}data-absent-reason"
UUIDS = "urn:ietf:rfc:3986"

OWN_SITE = "urn:openfls:fracture-site"
OWN_FIELD = "urn:openfls:field"
OWN_ANSWER = "urn:openfls:answer"
OWN_DRUG = "urn:openfls:drug"
OWN_TASK = "urn:openfls:task"
OWN_REQUEST = "urn:openfls:request"
OWN_LETTER = "urn:openfls:letter"
OWN_SCORE = "urn:openfls:risk-score"
OWN_TREATMENT = "urn:openfls:treatment"
OWN_NUMBER = "urn:openfls:number"

PROFILED = frozenset(
    {
        *("Patient", "Condition", "CarePlan", "MedicationStatement", "ServiceRequest"),
        *("DocumentReference", "Task", "Composition", "Bundle", "Organization", "Practitioner"),
        "OperationOutcome",
    }
)
"""Resources that always claim the UK Core profile of their name. UK Core has none for RiskAssessment; an Observation
says which of several it is made on."""


def uk_core(name: str) -> str:
    """The address of a UK Core profile, for example ``Patient``."""
    return f"{UK_CORE}UKCore-{name}"
