"""The manager's pages about other systems: a secret is seen once, uses are shown, what ended stays ended."""

from __future__ import annotations

import re

import pytest
from django.test import Client

import world
from openfls.service.models import ApiClient, AuditEvent, OutboxMessage, Webhook
from openfls.service.sharing.client import actor_with, token_for
from service.sharing import connected
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
SECRET = re.compile(r'fls-secret">([\w+/=-]{40,})<')
FORM = {
    "name": "Shared record",
    "purpose": "Direct care",
    "scopes": ["system/Patient.read"],
    "expires_on": "27 3 2027",
}
HOOK = {"name": "Warehouse", "url": connected.HERE, "kinds": ["plan.signed"]}


@pytest.fixture
def boss(nurse) -> Client:
    """The manager's browser."""
    return signed_in(connected.manager(nurse))


def test_a_connection_is_made_gets_its_secret_once_is_used_and_ends(boss, nurse) -> None:
    made = boss.post("/connections/", FORM)
    client = ApiClient.objects.get()
    place = f"/connections/{client.pk}/"
    assert (made.status_code, made.headers["Location"]) == (302, place)
    assert "It reads nothing before it has one" in Page(boss.get(place).content).words

    shown = boss.post(place, {"do": "secret"}).content.decode()
    (secret,) = [found for found in SECRET.findall(shown) if found != str(client.pk)]
    assert secret not in boss.get(place).content.decode(), "it is shown once"
    token = token_for(str(client.pk), secret).text
    person = world.found(nurse.service).person
    Client().get(f"/fhir/R4/Patient/{person.pk}", headers={"Authorization": f"Bearer {token}"})
    uses = boss.get(place).content.decode()
    assert f"/people/{person.pk}/" in uses
    assert person.family_name.upper() not in uses

    boss.post(place, {"do": "end"})
    assert actor_with(token) is None
    assert boss.post(place, {"do": "secret"}).status_code == 302, "an ended connection gets no secret"
    assert "ended" in Page(boss.get("/connections/").content).words
    told = list(AuditEvent.objects.filter(action__startswith="connection.").values_list("action", flat=True))
    assert [each for each in told if each != "connection.view"] == [
        f"connection.{step}" for step in ("make", "secret", "end")
    ]
    assert secret not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter which system it is"),
        ({"purpose": ""}, "Enter what it needs the data for"),
        ({"scopes": []}, "Choose what it may read"),
        ({"scopes": ["system/Patient.write"]}, "Choose what it may read"),
        ({"expires_on": "1 6 2026"}, "The date must be after today"),
        ({"expires_on": "1 6 2036"}, "within two years"),
    ],
)
def test_a_connection_that_lacks_something_is_not_made(wrong: dict, said: str, boss) -> None:
    answer = boss.post("/connections/", FORM | wrong)
    assert (answer.status_code, ApiClient.objects.count()) == (422, 0)
    assert said in Page(answer.content).words


def test_an_address_is_told_shown_tried_again_and_stopped(boss, nurse) -> None:
    refused = boss.post("/connections/events/", HOOK | {"url": "https://10.1.1.1/"})
    assert refused.status_code == 422
    assert "private network" in Page(refused.content).words
    boss.post("/connections/events/", HOOK)
    hook = Webhook.objects.get()
    place = f"/connections/events/{hook.pk}/"
    assert "whsec_" not in boss.get(place).content.decode()
    assert "whsec_" in boss.post(place, {"do": "secret"}).content.decode()

    message = connected.given_up(nurse)
    assert "1 given up" in Page(boss.get("/connections/").content).words
    listed = boss.get("/connections/events/").content.decode()
    assert "HTTP 503" in listed
    assert "Example" not in listed.replace("Manager Of North Example", "").replace("Nurse Example", "")
    boss.post(f"/connections/messages/{message.pk}/again/")
    assert OutboxMessage.objects.get(pk=message.pk).given_up_at is None

    assert "Choose what to do" in Page(boss.post(place, {"do": "x"}, follow=True).content).words
    boss.post(place, {"do": "end"})
    assert "stopped" in Page(boss.get("/connections/events/").content).words.lower()
    assert boss.post(place, {"do": "secret"}).status_code == 302


def test_the_letters_page_offers_it_for_other_systems_once_it_is_approved(client, nurse) -> None:
    locked = connected.approved(nurse)
    link = f"/letters/{locked.pk}.fhir.json"
    assert link in client.get(f"/letters/{locked.pk}/").content.decode()
    answer = client.get(link)
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gp-2026-06-01.json"'
    assert answer.json()["entry"][0]["resource"]["resourceType"] == "Composition"

    locked.content["subject"] = "Something else"
    locked.content["letter"] = locked.content["letter"].replace("alendronate", "zoledronate")
    locked.save()
    assert client.get(link).status_code == 302, "what is not what was locked does not leave"
