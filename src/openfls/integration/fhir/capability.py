"""CapabilityStatement: what this server does, made from the same tables that answer."""

from __future__ import annotations

from typing import Any

from openfls.integration.fhir.parameters import PARAMETERS, READ_ONLY
from openfls.integration.fhir.parts import Json, coding, concept
from openfls.integration.fhir.systems import PROFILED, TERMINOLOGY, uk_core

OBSERVATION_PROFILES = (
    "Observation",
    "Observation-Lab",
    "Observation-VitalSigns-BloodPressure",
    "Observation-VitalSigns-BodyHeight",
    "Observation-VitalSigns-BodyWeight",
)
_OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


def capability(*, base: str, version: str, dated: str, token_url: str) -> Json:
    """The statement. ``base`` is the address of the server, ``dated`` the day of this version."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": dated,
        "publisher": "openfls",
        "kind": "instance",
        "software": {"name": "openfls", "version": version},
        "implementation": {"description": "A fracture liaison service: read only", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [
                        concept(
                            "OAuth2, client credentials",
                            coding(
                                f"{TERMINOLOGY}restful-security-service", "SMART-on-FHIR", "SMART-on-FHIR"
                            ),
                        )
                    ],
                    "extension": [{"url": _OAUTH, "extension": [{"url": "token", "valueUri": token_url}]}],
                },
                "resource": [*map(_searched, PARAMETERS), *map(_read_only, READ_ONLY)],
            }
        ],
    }


def _searched(kind: str) -> Json:
    resource: dict[str, Any] = {"type": kind}
    if kind in PROFILED:
        resource["profile"] = uk_core(kind)
    if kind == "Observation":
        resource["supportedProfile"] = [uk_core(name) for name in OBSERVATION_PROFILES]
    resource |= {
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "conditionalRead": "not-match",
        "searchParam": [
            {"name": each.name, "type": each.kind.value, "documentation": each.words}
            for each in PARAMETERS[kind]
        ]
        + [
            {"name": "_id", "type": "token"},
            {"name": "_lastUpdated", "type": "date"},
        ],
    }
    if kind != "Patient":
        resource["searchInclude"] = [f"{kind}:patient"]
    return resource


def _read_only(kind: str) -> Json:
    return {"type": kind, "interaction": [{"code": "read"}]}
