"""What the OpenAPI document says of the addresses, made from the tables that answer them."""

from __future__ import annotations

from typing import Any

from openfls.integration.fhir.document import FHIR_JSON
from openfls.integration.fhir.parameters import EVERYWHERE, PARAMETERS

OUTCOME = {"$ref": "#/components/schemas/OperationOutcome"}
RESOURCE = {"$ref": "#/components/schemas/Resource"}
_REFUSALS = {
    "400": "The request is not understood",
    "401": "No token, or one that counts no more",
    "403": "The token does not allow it",
    "404": "There is none, or not for this client",
    "406": "Only JSON is written here",
    "429": "Too many requests in this minute",
}
SCHEMAS: dict[str, Any] = {
    "Resource": {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string"}, "id": {"type": "string"}},
    },
    "OperationOutcome": {
        "type": "object",
        "required": ["resourceType", "issue"],
        "properties": {
            "resourceType": {"const": "OperationOutcome"},
            "issue": {"type": "array", "items": {"type": "object"}},
        },
    },
}


def _answers(good: str, kind: str = FHIR_JSON) -> dict[str, Any]:
    refusals = {
        status: {"description": words, "content": {FHIR_JSON: {"schema": OUTCOME}}}
        for status, words in _REFUSALS.items()
    }
    content = {kind: {"schema": RESOURCE if kind == FHIR_JSON else {"type": "string", "format": "binary"}}}
    return {"200": {"description": good, "content": content}, **refusals}


def read(kind: str, *, good: str = "The resource", media: str = FHIR_JSON) -> dict[str, Any]:
    """Reading one resource."""
    return {"summary": f"Read one {kind}", "responses": _answers(good, media), "tags": [kind]}


def search(kind: str) -> dict[str, Any]:
    """Searching by address."""
    own = [
        {"name": each.name, "in": "query", "description": each.words, "schema": {"type": "string"}}
        for each in PARAMETERS[kind]
        if not each.private
    ]
    shared = [
        {"name": name, "in": "query", "description": words, "schema": {"type": "string"}}
        for name, words in EVERYWHERE.items()
    ]
    return {
        "summary": f"Search for {kind}",
        "parameters": [*own, *shared],
        "responses": _answers("A Bundle of type searchset"),
        "tags": [kind],
    }


def search_by_form(kind: str) -> dict[str, Any]:
    """Searching by form."""
    names = {each.name: {"type": "string", "description": each.words} for each in PARAMETERS[kind]}
    names |= {name: {"type": "string", "description": words} for name, words in EVERYWHERE.items()}
    form = {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": names}}}
    return {
        "summary": f"Search for {kind} by form",
        "requestBody": {"content": form},
        "responses": _answers("A Bundle of type searchset"),
        "tags": [kind],
    }


def token() -> dict[str, Any]:
    """The token."""
    names = ("grant_type", "scope", "client_id", "client_secret")
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {name: {"type": "string"} for name in names},
    }
    plain = {"application/json": {"schema": {"type": "object"}}}
    return {
        "summary": "A token for a client id and its secret",
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {
            "200": {"description": "A token", "content": plain},
            "400": {"description": "The request is not understood", "content": plain},
            "401": {"description": "The secret does not fit", "content": plain},
            "429": {"description": "Too many wrong secrets", "content": plain},
        },
        "tags": ["Token"],
    }


def hook() -> dict[str, Any]:
    """A call of the hook."""
    asked = {
        "type": "object",
        "required": ["hook", "hookInstance", "context"],
        "properties": {
            "hook": {"const": "patient-view"},
            "hookInstance": {"type": "string", "format": "uuid"},
            "context": {"type": "object"},
            "prefetch": {"type": "object"},
        },
    }
    plain = {"application/json": {"schema": {"type": "object"}}}
    return {
        "summary": "Cards about the person whose record is open",
        "requestBody": {"content": {"application/json": {"schema": asked}}},
        "responses": {
            "200": {"description": "The cards", "content": plain},
            "412": {
                "description": "The prefetch has no patient",
                "content": {FHIR_JSON: {"schema": OUTCOME}},
            },
            **{
                status: answer
                for status, answer in _answers("").items()
                if status in ("400", "401", "403", "429")
            },
        },
        "tags": ["CDS Hooks"],
    }
