"""CDS Hooks: a card about a confirmed fracture to who shows its person, and nothing about anybody else."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import world
from openfls.integration.fhir.systems import NHS_NUMBER
from openfls.service.actions import planning
from openfls.service.models import AuditEvent, Person, PlanDetail
from openfls.service.roles import Role
from service.sharing import connected
from web.api.asking import Asking

pytestmark = pytest.mark.django_db
CALL = "/cds-services/fragility-fracture"
EXAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "ukcore_examples"


def shown(number: str, **columns: object) -> dict:
    """The person whom the other system has open."""
    patient = {"resourceType": "Patient", "identifier": [{"system": NHS_NUMBER, "value": number}], **columns}
    return call({"patient": patient})


def call(prefetch: object) -> dict:
    """A call of the hook."""
    return {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "context": {"userId": "Practitioner/1", "patientId": "theirs"},
        "prefetch": prefetch,
    }


def ask(shared, said: object):
    """The answer to a call."""
    body = said if isinstance(said, str | bytes) else json.dumps(said)
    return shared.client.client.post(
        CALL, body, content_type="application/json", headers=shared.client.headers
    )


def cards(shared, said: object) -> list[dict]:
    """The cards of a call."""
    answer = ask(shared, said)
    assert answer.status_code == 200, answer.content
    return answer.json()["cards"]


def number_of(episode) -> str:
    """The NHS number of an episode's person."""
    return episode.person.identifiers.get().value


def test_discovery_names_the_service_and_what_it_needs() -> None:
    (service,) = Asking().client.get("/cds-services").json()["services"]
    assert (service["hook"], service["id"]) == ("patient-view", "fragility-fracture")
    assert service["prefetch"] == {"patient": "Patient/{{context.patientId}}"}


def test_a_fracture_that_waits_for_its_assessment_is_said_with_its_source(shared) -> None:
    episode = world.confirmed(shared.nurse, on=date(2026, 3, 3))
    (card,) = cards(shared, shown(number_of(episode), birthDate="1950-03-01"))
    assert card["summary"] == "Fragility fracture on 3 March 2026, not yet assessed"
    assert card["indicator"] == "warning"
    assert card["source"]["label"] == "North Fracture Liaison Service"
    assert card["links"][0]["url"] == f"http://testserver/people/{episode.person_id}/"
    assert "Left wrist" in card["detail"]
    last = AuditEvent.objects.filter(service=shared.nurse.service).order_by("-pk").first()
    assert (last.action, last.person) == ("api.card", str(episode.person_id))


def test_a_plan_is_said_in_its_words(shared) -> None:
    (card,) = cards(shared, shown(number_of(shared.episode)))
    assert "plan agreed, 52-week review to come" in card["summary"]
    assert "Alendronate" in card["detail"]
    assert card["indicator"] == "info"


def test_a_drug_that_waits_for_its_prescriber_is_not_said(shared) -> None:
    agreed = replace(world.AGREED, signing=PlanDetail.Signing.PRESCRIBER)
    episode = world.planned(shared.nurse, agreed=agreed)
    (card,) = cards(shared, shown(number_of(episode)))
    assert "a plan waits for the signature of a prescriber" in card["summary"]
    assert card["indicator"] == "warning"
    assert "Agreed" not in card["detail"]
    assert "Alendronate" not in json.dumps(card)
    prescriber = world.member(shared.nurse.service, Role.CLINICIAN, "prescriber")
    planning.sign(episode=episode, plan=episode.plans.get(), by=prescriber)
    (card,) = cards(shared, shown(number_of(episode)))
    assert "Agreed: A drug is recommended (Alendronate)" in card["detail"]


def test_nothing_is_said_of_strangers_the_dead_the_unconfirmed_and_the_mixed_up(shared) -> None:
    found = world.found(shared.nurse.service)
    dead = world.confirmed(shared.nurse)
    Person.objects.filter(pk=dead.person_id).update(deceased=True)
    confirmed = world.confirmed(shared.nurse)
    number = number_of(confirmed)
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    calls = {
        "unconfirmed": shown(number_of(found)),
        "dead": shown(number_of(dead)),
        "stranger": shown(world.nhs_number()),
        "wrong digit": shown(other),
        "other birth": shown(number, birthDate="1950-03-02"),
        "no number": call({"patient": {"resourceType": "Patient"}}),
        "another system": call(
            {"patient": {"resourceType": "Patient", "identifier": [{"system": "x", "value": number}]}}
        ),
    }
    assert {name: cards(shared, said) for name, said in calls.items()} == {name: [] for name in calls}
    assert len(cards(shared, shown(number))) == 1
    stranger = Asking(connected.token(shared.neighbour))
    answer = stranger.client.post(
        CALL, json.dumps(shown(number)), content_type="application/json", headers=stranger.headers
    )
    assert answer.json() == {"cards": []}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("{", 400),
        ("[" * 100_000, 400),
        (b"\xff", 400),
        ([], 400),
        ({"hook": "order-sign"}, 400),
        ({**call({}), "hookInstance": "1"}, 400),
        ({**call({}), "context": 1}, 400),
        (call(None), 412),
        (call({"patient": {"resourceType": "Bundle"}}), 412),
        (call({"patient": None}), 412),
    ],
)
def test_a_call_that_is_none_is_refused_in_words(said: object, status: int, shared) -> None:
    answer = ask(shared, said)
    assert answer.status_code == status
    assert answer.json()["issue"][0]["diagnostics"]


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason=f"the official examples are not at {EXAMPLES}")
def test_the_number_of_an_official_example_is_read(shared) -> None:
    import re

    text = (EXAMPLES / "UKCore-Patient-RichardSmith-Example.xml").read_text(encoding="utf-8-sig")
    system, number = re.search(r'<system value="([^"]+)" />\s*<value value="(\d{10})" />', text).groups()
    person = world.demographics(
        identifiers=(world.Identifier(world.NHS_NUMBER, number),), birth_date=date(1970, 9, 11)
    )
    world.confirmed(shared.nurse, person=person, on=world.TODAY - timedelta(days=9))
    assert system == NHS_NUMBER
    assert len(cards(shared, shown(number, birthDate="1970-09-11"))) == 1
