"""What is written is FHIR: read by the models of another hand, every kind of resource and every refusal."""

from __future__ import annotations

import base64
import io

import pytest
from fhir.resources.R4B import get_fhir_model_class
from pypdf import PdfReader

from integration.uk_core import faults
from openfls.integration.fhir.parameters import PARAMETERS
from web.api.asking import Asking

pytestmark = pytest.mark.django_db


def read_by_others(resource: dict) -> object:
    """The resource as another library reads it; raises where it is not what FHIR says, or UK Core asks."""
    read = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    assert faults(resource) == []
    return read


@pytest.mark.parametrize("kind", PARAMETERS)
def test_every_kind_is_found_is_valid_and_reads_the_same_by_its_id(kind: str, shared) -> None:
    answer = shared.client.get(f"{kind}?_count=100")
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "application/fhir+json"
    bundle = answer.json()
    assert bundle["total"] == len(bundle["entry"]) > 0
    read_by_others(bundle)
    for entry in bundle["entry"]:
        assert entry["fullUrl"] == f"http://testserver/fhir/R4/{kind}/{entry['resource']['id']}"
        assert shared.client.get(f"{kind}/{entry['resource']['id']}").json() == entry["resource"]
        about = entry["resource"].get("subject") or entry["resource"].get("for")
        assert kind == "Patient" or about == {"reference": f"Patient/{shared.episode.person_id}"}


NEEDED = {
    "Condition": "subject",
    "Observation": "status",
    "RiskAssessment": "status",
    "CarePlan": "intent",
    "MedicationStatement": "status",
    "ServiceRequest": "intent",
    "DocumentReference": "content",
    "Task": "intent",
}


def test_the_other_library_takes_nothing_for_fhir_that_is_none(shared) -> None:
    for kind, name in NEEDED.items():
        whole = shared.client.found(f"{kind}?_count=1")[0]
        for broken in (
            {key: value for key, value in whole.items() if key != name},
            {**whole, "strange": 1},
            {**whole, "subject": "somebody"},
        ):
            with pytest.raises(ValueError, match="validation error"):
                read_by_others(broken)


BROKEN = [
    ("Observation?code=urn:openfls:field|height_cm", {"effectiveDateTime": None}, "when it was measured"),
    ("Observation?code=urn:openfls:field|height_cm", {"status": "amended"}, "final, and about somebody"),
    ("Observation?category=laboratory", {"category": None}, "one category, laboratory"),
    ("Condition", {"clinicalStatus": None}, "con-3"),
    ("Task", {"status": "done"}, "a status of the list"),
    ("CarePlan", {"activity": [{}]}, "cpl-3"),
    ("Patient", {"meta": {"profile": ["https://elsewhere.example/Patient"]}}, "only profiles of UK Core"),
]


@pytest.mark.parametrize(("path", "change", "fault"), BROKEN, ids=[fault for _, _, fault in BROKEN])
def test_what_the_profiles_ask_is_asked(path: str, change: dict, fault: str, shared) -> None:
    whole = shared.client.found(f"{path}{'&' if '?' in path else '?'}_count=1")[0]
    assert faults(whole) == []
    broken = {key: value for key, value in (whole | change).items() if value is not None}
    assert any(fault in each for each in faults(broken))


@pytest.mark.parametrize("path", ["Patient?_format=application/fhir+json", "Patient?_format=json"])
def test_json_may_be_asked_for_by_name(path: str, shared) -> None:
    assert shared.client.get(path, accept="text/html").status_code == 200


def test_a_letter_is_a_pdf_a_resource_and_a_document(shared) -> None:
    (listed,) = shared.client.found("DocumentReference?type=gp&status=current")
    pdf_url, document_url = (each["attachment"]["url"] for each in listed["content"])

    as_file = shared.client.get(pdf_url)
    as_resource = shared.client.get(pdf_url, accept="application/fhir+json")
    document = shared.client.get(document_url)

    assert as_file.headers["Content-Type"] == "application/pdf"
    assert "alendronate" in PdfReader(io.BytesIO(as_file.content)).pages[0].extract_text()
    read_by_others(as_resource.json())
    assert base64.b64decode(as_resource.json()["data"]) == as_file.content
    bundle = document.json()
    assert bundle == shared.client.get(document_url).json(), "the same letter makes the same document"
    read_by_others(bundle)
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert (bundle["type"], kinds[0]) == ("document", "Composition")
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    composition = bundle["entry"][0]["resource"]
    referred = {composition[name]["reference"] for name in ("subject", "custodian")}
    referred |= {each["reference"] for section in composition["section"] for each in section.get("entry", [])}
    assert referred <= urls, "a document needs nothing from outside"
    words = "".join(section.get("text", {}).get("div", "") for section in composition["section"])
    assert "alendronate" in words


REFUSED = {
    "no token": ("", "Patient", 401),
    "an unknown parameter": ("token", "Patient?name=Example", 400),
    "a modifier": ("token", "Condition?code:not=x", 400),
    "an identifier in the address": ("token", "Patient?identifier=9990000018", 400),
    "no such day": ("token", "Observation?date=2026-02-30", 400),
    "a prefix that we lack": ("token", "Observation?date=ne2026-02-20", 400),
    "XML": ("token", "Patient?_format=xml", 406),
    "no such resource": ("token", "Condition/none", 404),
    "no such kind": ("token", "Encounter/1", 404),
    "a history": ("token", "Patient/1/_history", 404),
    "a cursor of nobody": ("token", "Patient?_cursor=x", 400),
    "a count of nothing": ("token", "Patient?_count=0", 400),
    "a search in the address of a form": ("token", "Patient/_search", 405),
    "a parameter beside an id": ("token", "Condition/none?code=1", 400),
}


@pytest.mark.parametrize("name", REFUSED)
def test_every_refusal_is_an_outcome_in_words(name: str, shared) -> None:
    token, path, status = REFUSED[name]
    answer = (shared.client if token else Asking()).get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/fhir+json")
    outcome = answer.json()
    read_by_others(outcome)
    assert outcome["issue"][0]["diagnostics"]


FORM = "application/x-www-form-urlencoded"
TOO_MUCH = {
    "too many fields": ("/fhir/R4/Patient/_search", "&".join(f"a{n}=1" for n in range(1200)), FORM, 400),
    "too many parameters": ("/fhir/R4/Task/_search", "&".join("code=1" for _ in range(200)), FORM, 400),
    "a form of megabytes": ("/fhir/R4/Patient/_search", "_id=" + "a" * 3_000_000, FORM, 413),
    "a token's form of megabytes": ("/oauth2/token", "scope=" + "a" * 3_000_000, FORM, 413),
    "a call of megabytes": (
        "/cds-services/fragility-fracture",
        f'"{"a" * 3_000_000}"',
        "application/json",
        413,
    ),
    "a broken upload": ("/oauth2/token", "--x", "multipart/form-data", 400),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_refused(name: str, shared) -> None:
    path, body, kind, status = TOO_MUCH[name]
    answer = shared.client.client.generic(
        "POST", path, body, content_type=kind, headers=shared.client.headers
    )
    assert answer.status_code == status
    read_by_others(answer.json())


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(method: str, shared) -> None:
    for path in ("Patient", f"Patient/{shared.episode.person_id}", "Bundle/1", ""):
        ask = getattr(shared.client.client, method)
        answer = ask(f"/fhir/R4/{path}", headers=shared.client.headers)
        assert answer.status_code in (404, 405)
        read_by_others(answer.json())


def test_what_the_server_does_is_told_without_a_token() -> None:
    statement = Asking().get("metadata").json()
    read_by_others(statement)
    told = {each["type"]: each for each in statement["rest"][0]["resource"]}
    assert set(told) == {*PARAMETERS, "Binary", "Bundle"}
    for kind, parameters in PARAMETERS.items():
        assert {each.name for each in parameters} <= {each["name"] for each in told[kind]["searchParam"]}
    smart = Asking().get(".well-known/smart-configuration").json()
    assert smart["token_endpoint"] == "http://testserver/oauth2/token"


def test_a_version_that_is_known_is_not_sent_again(shared) -> None:
    path = f"Patient/{shared.episode.person_id}"
    first = shared.client.get(path)
    again = shared.client.get(path, if_none_match=first.headers["ETag"])
    other = shared.client.get(path, if_none_match='W/"0"')
    assert first.json()["meta"]["versionId"] in first.headers["ETag"]
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_a_head_is_a_get_without_its_body(shared) -> None:
    for path in ("Patient", f"Patient/{shared.episode.person_id}"):
        answer = shared.client.client.head(f"/fhir/R4/{path}", headers=shared.client.headers)
        assert (answer.status_code, answer.content) == (200, b"")
