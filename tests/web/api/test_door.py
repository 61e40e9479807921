"""Who may read what: tokens, scopes, services, the log of it, and how often."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.test import Client

import world
from openfls import settings as real
from openfls.integration.fhir.parameters import PARAMETERS, READ_ONLY
from openfls.service import clock
from openfls.service.audit import verify
from openfls.service.models import ApiClient, AuditEvent
from openfls.service.sharing import connecting
from openfls.service.sharing.client import TOKEN_LIVES, token_for
from openfls.service.sharing.scopes import CARDS, KNOWN, scope_for
from openfls.web.api import door
from openfls.web.api.routes import api
from openfls.web.pace import Pace
from service.sharing import connected
from web.api.asking import Asking
from web.conftest import signed_in

pytestmark = pytest.mark.django_db
OPEN = {
    ("GET", "/fhir/R4/metadata"),
    ("GET", "/fhir/R4/.well-known/smart-configuration"),
    ("GET", "/cds-services"),
    ("POST", "/oauth2/token"),
}
"""What answers without a token, and says nothing of anybody."""
ADDRESSES = [
    (method.upper(), path)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
]


def ask_token(client_id: str, secret: str, **form: str):
    """Ask for a token with the secret in the header."""
    said = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {said}"}
    return Client().post("/oauth2/token", {"grant_type": "client_credentials", **form}, headers=headers)


def keys_of(shared) -> dict[str, str]:
    """An id of each kind that is there."""
    found = {kind: shared.client.found(f"{kind}?_count=1")[0]["id"] for kind in PARAMETERS}
    return found | {kind: found["DocumentReference"] for kind in READ_ONLY}


def test_every_address_is_in_the_document_and_the_fewest_are_open(shared) -> None:
    assert len(ADDRESSES) == len(PARAMETERS) * 3 + len(READ_ONLY) + len(OPEN) + 1
    assert set(ADDRESSES) >= OPEN
    asking = signed_in(shared.nurse)  # a session of the app is no token
    for method, path in ADDRESSES:
        answer = asking.generic(method, path.replace("{key}", "x"))
        if (method, path) in OPEN:
            assert answer.status_code in (200, 400), path
            assert shared.episode.person.family_name.encode() not in answer.content
        else:
            assert answer.status_code == 401, path
            assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_the_service_next_door_sees_nothing(shared) -> None:
    before = AuditEvent.objects.filter(service=shared.nurse.service).count()
    for kind, key in keys_of(shared).items():
        there, never = (shared.stranger.get(f"{kind}/{each}") for each in (key, "never-made"))
        assert (there.status_code, there.content) == (404, never.content), kind
        if kind in PARAMETERS:
            assert shared.stranger.found(kind) == []
            assert shared.stranger.found(f"{kind}?_id={key}") == []
    number = shared.episode.person.identifiers.get().value
    assert shared.stranger.post("Patient/_search", {"identifier": number}).json().get("entry") is None
    mine = AuditEvent.objects.filter(service=shared.nurse.service).exclude(user__startswith="connection")
    assert mine.count() <= before


def test_a_scope_opens_its_own_kind_alone(shared) -> None:
    keys = keys_of(shared)
    for kind in ("Patient", "DocumentReference"):
        asking = Asking(connected.token(shared.nurse, scope_for(kind)))
        for other, key in keys.items():
            opened = scope_for(other) == scope_for(kind)
            assert (asking.get(f"{other}/{key}").status_code == 200) is opened, (kind, other)
            if other in PARAMETERS:
                assert (asking.get(other).status_code == 200) is opened
    only = Asking(connected.token(shared.nurse, scope_for("Condition")))
    assert only.get("Condition?_include=Condition:patient").status_code == 403


def test_a_token_is_given_for_the_secret_alone(shared) -> None:
    client, secret = connected.connection(shared.nurse, "system/Patient.read", "system/Task.read")
    all_of_it = ask_token(str(client.pk), secret).json()
    assert all_of_it["scope"] == "system/Patient.read system/Task.read"
    assert all_of_it["expires_in"] == 300
    assert ask_token(str(client.pk), secret, scope="system/Task.read").json()["scope"] == "system/Task.read"
    assert ask_token(str(client.pk), secret, scope="system/*.read").json()["scope"] == all_of_it["scope"]
    refused = {
        "another secret": ask_token(str(client.pk), "x"),
        "no secret": ask_token(str(client.pk), ""),
        "nobody": ask_token("00000000-0000-4000-8000-000000000000", secret),
        "no id": ask_token("nobody", secret),
        "in the form": Client().post(
            "/oauth2/token",
            {"grant_type": "client_credentials", "client_id": str(client.pk), "client_secret": "x"},
        ),
    }
    assert {name: answer.status_code for name, answer in refused.items()} == dict.fromkeys(refused, 401)
    assert {answer.json()["error"] for answer in refused.values()} == {"invalid_client"}
    assert ask_token(str(client.pk), secret, scope="system/Condition.read").json()["error"] == "invalid_scope"
    assert ask_token(str(client.pk), secret, grant_type="password").status_code == 400
    tries = AuditEvent.objects.filter(action="api.refused").count()
    assert tries == 3, "those of a connection that there is"


def test_wrong_secrets_are_slowed_down(shared) -> None:
    client, secret = connected.connection(shared.nurse)
    answers = [ask_token(str(client.pk), "x").status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert ask_token(str(client.pk), secret).status_code == 429


def test_the_database_holds_no_secret_and_no_token(shared) -> None:
    client, secret = connected.connection(shared.nurse)
    row = str(ApiClient.objects.filter(pk=client.pk).values())
    assert secret not in row
    assert len(secret) >= 40


def a_token(by) -> tuple[ApiClient, str]:
    """A connection and a token of it."""
    client, secret = connected.connection(by)
    return client, token_for(str(client.pk), secret).text


def test_a_token_counts_for_five_minutes_and_for_its_secret_alone(shared) -> None:
    boss = connected.manager(shared.nurse)
    client, token = a_token(shared.nurse)
    asking = Asking(token)
    assert asking.get("Patient").status_code == 200
    with clock.at(clock.now() + TOKEN_LIVES):
        assert asking.get("Patient").status_code == 401
    with clock.at(world.at_noon(client.expires_on + timedelta(days=1))):
        assert asking.get("Patient").status_code == 401
    ApiClient.objects.filter(pk=client.pk).update(scopes=["system/Task.read"])
    assert asking.get("Patient").status_code == 403, "what is taken from a connection is gone from its tokens"
    ApiClient.objects.filter(pk=client.pk).update(scopes=sorted(KNOWN))
    connecting.give_secret(client=client, by=boss)
    assert asking.get("Patient").status_code == 401
    client, token = a_token(shared.nurse)
    connecting.end(client=client, by=boss)
    assert Asking(token).get("Patient").status_code == 401
    for forged in ("x", token + "x", token[::-1], ""):
        assert Asking(forged or " ").get("Patient").status_code == 401


def test_every_request_is_in_the_log_with_who_what_and_whom(shared) -> None:
    service, person = shared.nurse.service, shared.episode.person
    client, token = a_token(shared.nurse)
    asking = Asking(token)
    asking.get(f"Patient/{person.pk}")
    asking.get("Condition?code=wrist&_count=5")
    asking.post("Patient/_search", {"identifier": person.identifiers.get().value})
    asking.get(f"Binary/{shared.letter.pk}")
    asking.get("Task?code=never")
    rows = AuditEvent.objects.filter(service=service, user=f"connection {client.pk}").order_by("pk")
    told = [(row.action, row.subject, row.person) for row in rows]
    key = str(person.pk)
    assert told == [
        ("api.read", f"Patient/{key}", key),
        ("api.search", "Condition", key),
        ("api.search", "Patient", key),
        ("api.read", f"Binary/{shared.letter.pk}", key),
        ("api.search", "Task", ""),
    ]
    assert verify(service)[1] == []
    for row in rows:
        for secret in (person.family_name, person.identifiers.get().value, "wrist"):
            assert secret not in str(row.detail) + row.subject


def test_who_asks_too_often_is_told_when_to_ask_again(shared, monkeypatch) -> None:
    monkeypatch.setattr(door, "PACE", Pace("api", 2))
    answers = [shared.client.get("Task?code=never") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert answers[-1].json()["issue"][0]["code"] == "throttled"
    assert shared.stranger.get("Task").status_code == 200, "one client does not slow another"
    # Another process of the server counts in the same place.
    monkeypatch.setattr(door, "PACE", Pace("api", 2))
    assert shared.client.get("Task").status_code == 429
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert shared.client.get("Task?code=never").status_code == 200


def test_who_asks_without_https_is_refused_and_not_led_on(shared, settings) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = real.SECURE_REDIRECT_EXEMPT
    for method, path in sorted(ADDRESSES):
        answer = Client().generic(method, path.replace("{key}", "x"))
        assert (answer.status_code, answer.headers.get("Location")) == (403, None), path
        assert answer.json()["issue"][0]["code"] == "security"
    assert Client().get("/fhir/R4/metadata", secure=True).status_code == 200
    assert Client().get("/sign-in/").status_code == 301


def test_cards_need_a_scope_of_their_own(shared) -> None:
    asking = Asking(connected.token(shared.nurse, *(KNOWN - {CARDS})))
    answer = asking.client.post("/cds-services/fragility-fracture", {}, headers=asking.headers)
    assert answer.status_code == 403


def test_a_fault_says_nothing_of_anybody(shared, monkeypatch, caplog) -> None:
    person = shared.episode.person

    def fail(*_: object) -> None:
        raise ValueError(f"{person.name} {person.pk}")

    monkeypatch.setattr("openfls.web.api.fhir.resource_of", fail)
    answer = shared.client.get(f"Patient/{person.pk}")
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (500, "exception")
    written = answer.content.decode() + caplog.text
    assert "ValueError" in caplog.text
    assert not [secret for secret in (person.family_name, str(person.pk)) if secret in written]
