"""Signing in with the organisation: only who is known or invited comes in, and nothing else of it is believed."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

import world
from openfls.record.errors import BadInput
from openfls.service.access import door
from openfls.service.models import AuditEvent, Membership, User
from openfls.web.accounts.adapters import Organisation
from service import access_world as aw
from web.accounts.provider import CLIENT, SECRET, SERVER, Provider, id_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings) -> Provider:
    """The organisation's server, named in the settings."""
    app = {
        "provider_id": "organisation",
        "name": "Trust",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": SERVER},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    server = Provider(email="ivy@trust.example")

    def session(self):
        made = requests.Session()
        made.mount("https://", server)
        return made

    monkeypatch.setattr(Organisation, "get_requests_session", session)
    return server


def there(client: Client) -> str:
    """Press the button; the address of the organisation's server."""
    assert b"Sign in with your organisation" in client.get("/sign-in/").content
    page = client.post("/sign-in/organisation/", {"next": "/feeds/"})
    assert page.status_code == 200, "no form leads out of here: a page with a link does"
    return html.unescape(re.search(r'<a href="([^"]+)"', page.content.decode()).group(1))


def come_back(client: Client, provider: Provider):
    """There and back."""
    return client.get("/sign-in/organisation/back/?" + provider.consent(there(client)))


def test_who_is_invited_comes_in_and_is_known_from_then_on(nurse, provider: Provider) -> None:
    aw.invited(nurse.service)
    client = Client()
    answer = come_back(client, provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/feeds/")
    user = User.objects.get(email="ivy@trust.example")
    assert Membership.objects.get(user=user).service == nurse.service
    assert client.get("/worklist/", follow=True).status_code == 200
    assert AuditEvent.objects.filter(action="account.sign_in", user=user.username).exists()

    provider.claims |= {"email": "married@trust.example"}
    again = Client()
    assert come_back(again, provider).headers["Location"] == "/feeds/", "the subject counts, not the address"
    assert User.objects.filter(email="ivy@trust.example").count() == 1


@pytest.mark.parametrize(
    "claims", [{"email": "stranger@trust.example"}, {"email_verified": False}, {"email": ""}]
)
def test_whoever_is_not_known_stays_outside(claims: dict, nurse, provider: Provider) -> None:
    aw.invited(nurse.service)
    provider.claims |= claims
    client = Client()
    answer = come_back(client, provider)
    assert answer.headers["Location"] == "/sign-in/not-known/"
    assert b"nobody has invited you" in client.get(answer.headers["Location"]).content
    assert client.get("/").status_code == 302
    assert not User.objects.filter(email__endswith="@trust.example").exists()


def test_a_second_factor_is_asked_of_who_has_one(nurse, provider: Provider) -> None:
    aw.with_app(nurse.user)
    User.objects.filter(pk=nurse.user.pk).update(email="ivy@trust.example")
    client = Client()
    assert come_back(client, provider).headers["Location"].startswith("/sign-in/code/")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("fault", ["other state", "code twice", "called off"])
def test_what_does_not_fit_lets_nobody_in(fault: str, nurse, provider: Provider) -> None:
    User.objects.filter(pk=nurse.user.pk).update(email="ivy@trust.example")
    client = Client()
    query = provider.consent(there(client))
    code = parse_qs(query)["code"][0]
    query = {
        "other state": f"code={code}&state=made-up",
        "code twice": query,
        "called off": f"error=access_denied&state={parse_qs(query)['state'][0]}",
    }[fault]
    if fault == "code twice":
        provider.codes.clear()
    answer = client.get(f"/sign-in/organisation/back/?{query}")
    assert urlsplit(answer.headers["Location"]).path == "/sign-in/not-done/"
    assert client.get("/").status_code == 302
    assert client.get("/sign-in/not-done/").status_code == 403


FORGED = {
    "its own": id_token,
    "somebody else's key": lambda: id_token(ec.generate_private_key(ec.SECP256R1())),
    "a shared secret": lambda: id_token("x" * 40, "HS256"),
    "no signature": lambda: id_token(None, "none"),
    "another issuer": lambda: id_token(iss="https://evil.example"),
    "for another": lambda: id_token(aud="another"),
    "over": lambda: id_token(exp=1),
    "no token": lambda: "x",
    "none at all": lambda: None,
    "of another": lambda: id_token(sub="staff-18"),
}


@pytest.mark.parametrize("token", FORGED)
def test_a_token_counts_with_the_servers_own_signature_alone(token: str, nurse, provider: Provider) -> None:
    User.objects.filter(pk=nurse.user.pk).update(email="ivy@trust.example")
    provider.token = FORGED[token]()
    client = Client()
    answer = come_back(client, provider)
    led = urlsplit(answer.headers["Location"]).path
    assert led == ("/feeds/" if token == "its own" else "/sign-in/not-done/")
    assert (client.get("/").status_code == 200) is (token == "its own")


def test_a_server_that_calls_itself_another_is_not_asked_on(nurse, provider: Provider) -> None:
    User.objects.filter(pk=nurse.user.pk).update(email="ivy@trust.example")
    client = Client()
    back = "/sign-in/organisation/back/?" + provider.consent(there(client))
    provider.issuer = "https://evil.example"
    for answer in (client.post("/sign-in/organisation/"), client.get(back)):
        assert urlsplit(answer.headers["Location"]).path == "/sign-in/not-done/"
    assert provider.codes, "the code was not told to it"


@pytest.mark.parametrize("broken", ["unreachable", "no JSON", "no fields", "not the fields"])
@pytest.mark.parametrize("when", ["on the way there", "on the way back"])
def test_a_server_that_does_not_answer_is_said_plainly(
    when: str, broken: str, nurse, provider: Provider, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    def answer(request: requests.PreparedRequest) -> requests.Response:
        if broken == "unreachable":
            raise requests.ConnectionError("ivy@trust.example")
        said = requests.Response()
        said.status_code = 200
        said._content = {"no JSON": b"<html>", "no fields": b"[]", "not the fields": b"{}"}[broken]
        return said

    client = Client()
    back = "/sign-in/organisation/back/?" + provider.consent(there(client))
    monkeypatch.setattr(provider, "_about", answer)
    led = client.get(back) if when == "on the way back" else client.post("/sign-in/organisation/")
    page = client.get(led.headers["Location"])
    assert (page.status_code, b"does not answer just now" in page.content) == (503, True)
    assert "the organisation's sign-in does not answer: " in caplog.text
    assert not re.search("ivy|code=", caplog.text)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"SERVER": "http://login.trust.example"}, "begins with https://"),
        ({"SERVER": SERVER}, "OPENFLS_OIDC_CLIENT is missing"),
        ({"SERVER": SERVER, "CLIENT": CLIENT}, "OPENFLS_OIDC_SECRET is missing"),
        ({"SERVER": SERVER, "CLIENT": CLIENT, "SECRET": SECRET}, ""),
    ],
)
def test_a_server_is_told_whole_or_the_start_says_what_is_missing(
    given: dict[str, str], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"OPENFLS_OIDC_{name}", value)
    if fault:
        with pytest.raises(BadInput, match=fault):
            door.settings(https=True)
        return
    (app,) = door.settings(https=True)["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["client_id"], app["settings"]) == (CLIENT, {"server_url": SERVER})


def test_without_a_server_there_is_no_such_door(nurse) -> None:
    client = Client()
    assert b"your organisation" not in client.get("/sign-in/").content
    assert client.post("/sign-in/organisation/").status_code == 404
    assert client.get("/sign-in/organisation/back/").status_code == 404


def test_who_is_signed_in_is_not_joined_to_somebody_elses_account(nurse, provider: Provider) -> None:
    other = world.member(nurse.service, username="other")
    User.objects.filter(pk=other.user.pk).update(email="ivy@trust.example")
    client = Client()
    way = there(client)
    client.force_login(nurse.user)
    client.get("/sign-in/organisation/back/?" + provider.consent(way))
    assert not nurse.user.socialaccount_set.exists()
