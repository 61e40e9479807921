"""The code systems, and the many names that feeds give them."""

from __future__ import annotations

from enum import StrEnum


class CodeSystem(StrEnum):
    """A code system that has a list here; the value is the short name used in ``system|code``."""

    ICD10 = "icd10"
    ICD10_CM = "icd10cm"
    SNOMED = "snomed"
    OPCS4 = "opcs4"


_NAMES = {
    CodeSystem.ICD10: (
        "icd10", "i10", "icd-10", "icd10uk", "icd-10-uk", "icd",
        "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-uk",
        "https://fhir.hl7.org.uk/id/icd-10", "urn:oid:2.16.840.1.113883.6.3", "2.16.840.1.113883.6.3",
    ),
    CodeSystem.ICD10_CM: (
        "icd10cm", "icd-10-cm", "i10c", "i10cm", "10cm",
        "http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90", "2.16.840.1.113883.6.90",
    ),
    CodeSystem.SNOMED: (
        "snomed", "snomed ct", "snomed-ct", "snomedct", "sct", "snm", "snm3", "snct",
        "http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96", "2.16.840.1.113883.6.96",
    ),
    CodeSystem.OPCS4: (
        "opcs4", "opcs-4", "opcs", "opcs 4", "https://fhir.hl7.org.uk/id/opcs-4", "https://fhir.nhs.uk/id/opcs-4",
        "http://fhir.hl7.org.uk/id/opcs-4",
    ),
}  # fmt: skip
_BY_NAME = {name: system for system, names in _NAMES.items() for name in names}


def system_named(name: str) -> CodeSystem | None:
    """The system that a feed calls ``name`` (an address, an object identifier or a short name); None: not
    ours.

    An edition or version behind a SNOMED CT address is ignored.
    """
    key = name.strip().lower().rstrip("/")
    if key.startswith("http://snomed.info/sct/"):
        return CodeSystem.SNOMED
    return _BY_NAME.get(key)
