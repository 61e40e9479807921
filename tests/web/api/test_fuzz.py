"""Nothing that is sent makes the server fail: requests made from its own OpenAPI document, and others beside it."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from openfls.web.api.routes import api

pytestmark = pytest.mark.django_db
DOCUMENT = api.get_openapi_schema()
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
LIKELY = (
    *("2026-06-01", "ge2026-01-01", "lt2026-06-01T12:00:00Z", "ge0001-01-01", "le9999-12-31", "2026-02-30"),
    *("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "1", "0", "100", "101", "99999999999", "-1"),
    *("Patient/x", "wrist", "|", "a|b|c", ",", "json", "xml", "Condition:patient", "Patient:patient", "frax"),
    *("00000000-0000-4000-8000-000000000000", "0" * 32 + ".0", "f" * 32 + ".999999", "plan-1", "task-1"),
    *(
        f"plan-{'9' * 18}",
        "treatment-0",
        "plan-1-dxa",
        "²",
        "٣",
        "\x00",
        "%00",
        "'",
        '"',
        "../..",
        "a" * 5000,
    ),
)
values = st.sampled_from(LIKELY) | st.text(max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def names_of(operation: dict) -> list[str]:
    """The parameters that the document names, in address, form or JSON."""
    named = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        named += content["schema"].get("properties", {})
    return named


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, bytes, str, dict[str, str]]:
    """A request that the document tells of, filled with likely and unlikely values; or with another method."""
    method, path, operation = draw(st.sampled_from(OPERATIONS))
    named = names_of(operation)
    names = st.sampled_from(named) if named else st.nothing()
    pairs = draw(st.lists(st.tuples(names | st.text(min_size=1, max_size=8), values), max_size=5))
    key = quote(draw(values), safe="") or "x"
    address = path.replace("{key}", key)
    kinds = list(operation.get("requestBody", {}).get("content", {}))
    kind = draw(st.sampled_from([*(kinds or [FORM]), "text/plain"]))
    body = b""
    if method == "post":
        if kind == JSON:
            told = draw(st.dictionaries(st.sampled_from(named), json_values, max_size=4) | json_values)
            hook = {"hook": "patient-view", "hookInstance": "00000000-0000-4000-8000-000000000000"}
            full = {**hook, "context": {}, **told} if isinstance(told, dict) and draw(st.booleans()) else told
            body = json.dumps(full).encode()
        else:
            body = urlencode(pairs, errors="surrogatepass").encode()
    else:
        address += "?" + urlencode(pairs)
    headers = {"Accept": draw(st.sampled_from(["*/*", "application/fhir+json", "application/pdf", "x", ""]))}
    headers["If-None-Match"] = draw(st.sampled_from(["", "*", 'W/"x"']))
    other = draw(st.sampled_from([method] * 8 + ["put", "delete", "patch", "head", "options"]))
    return other, address, body, kind, headers


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(request=requests())
@example(request=("get", "/fhir/R4/Condition/%2F%0A?", b"", FORM, {}))
def test_no_request_makes_the_server_fail(request, shared) -> None:
    cache.clear()
    method, address, body, kind, headers = request
    client = Client(raise_request_exception=False)
    answer = client.generic(
        method.upper(), address, body, content_type=kind, headers={**shared.client.headers, **headers}
    )
    assert answer.status_code < 500, (method, address, body)
    if answer.status_code >= 400 and method not in ("head", "options") and "/fhir/" in address:
        assert answer.json()["resourceType"] == "OperationOutcome"


AUTHORISATIONS = st.sampled_from(["Bearer ", "Basic ", "basic", "Bearer", ""]) | st.text(max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scheme=AUTHORISATIONS, rest=st.text(max_size=20) | st.binary(max_size=12).map(repr))
def test_no_authorisation_makes_the_server_fail(scheme: str, rest: str, shared) -> None:
    cache.clear()
    said = (scheme + rest).encode("latin-1", "ignore").decode("latin-1")
    client = Client(raise_request_exception=False)
    form = {"grant_type": "client_credentials"}
    assert client.get("/fhir/R4/Patient", headers={"Authorization": said}).status_code == 401
    asked = client.post("/oauth2/token", form, headers={"Authorization": said})
    assert asked.status_code == 401
