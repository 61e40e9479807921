"""A red alert about who somebody is leads to the act that resolves it."""

from __future__ import annotations

import pytest

import world
from openfls.service.actions import finding
from openfls.service.models import Alert, Episode, Person
from openfls.service.nightly import nightly
from service.feed_world import load
from service.identification_world import unnumbered
from service.test_aside import _result
from web.page import Page

pytestmark = pytest.mark.django_db


def test_the_alert_leads_to_the_number_which_ends_it_and_wakes_what_waited(nurse, client) -> None:
    person = unnumbered(nurse)
    finding.confirm(episode=Episode.objects.get(), by=nurse)
    nightly(nurse.service)
    number = world.nhs_number()
    load(nurse.service, [_result(world.demographics(identifiers=(world.Identifier("nhs_number", number),)))])
    path = f"/people/{person.pk}/who/"
    assert path in client.get("/alerts/").content.decode()
    words = Page(client.get(path).content).words
    assert "No number that passes its check stands on this record" in words
    wrong = client.post(path, {"number": "999 000 0010", "how": "Traced"})
    assert "its last digit does not fit" in Page(wrong.content).words
    answer = client.post(path, {"number": number, "how": "Traced"}, follow=True)
    assert "The NHS number is kept" in Page(answer.content).words
    assert Alert.objects.get(rule="WRONG-PT").ended_at is not None
    assert person.told_values.count() == 1
    # The way back.
    assert path in answer.content.decode()
    assert "Is the NHS number right?" in Page(client.get(path).content).words
    assert "Say why the number is not right" in Page(client.post(path, {"reason": ""}).content).words
    client.post(path, {"reason": "Her sister’s"})
    assert not person.identifiers.filter(value=number, valid=True).exists(), (
        "known as wrong, and never matched on"
    )


def test_a_number_of_somebody_else_leads_to_the_two_side_by_side(nurse, client) -> None:
    known = world.found(nurse.service).person
    person = unnumbered(nurse)
    number = known.identifiers.get().value
    answer = client.post(f"/people/{person.pk}/who/", {"number": number, "how": "Told by the practice"})
    assert answer.status_code == 422
    assert f"/people/{person.pk}/same-as/{known.pk}/" in answer.content.decode()
    assert Person.objects.count() == 2
