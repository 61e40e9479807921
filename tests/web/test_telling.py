"""The page that adds a fracture by hand: who could be meant is shown first, and the way back stands in the message."""

from __future__ import annotations

import pytest

import world
from openfls.record.people import NHS_NUMBER
from openfls.service.models import AuditEvent, Episode, Person
from web.page import Page

pytestmark = pytest.mark.django_db
WHO = {
    "nhs_number": "",
    "hospital_number": "",
    "family_name": "Quarry",
    "given_name": "May",
    "birth_date": "3 4 1944",
    "sex": "female",
    "telephone": "",
    "postcode": "",
}
BONE = {
    "on": "20 5 2026",
    "site": "hip",
    "side": "left",
    "levels": "",
    "certainty": "present",
    "energy": "low",
    "channel": "ward",
    "teller": "Sister Okoro",
    "then": "wait",
}


def test_nobody_found_leads_to_a_new_person_and_back(nurse, client) -> None:
    missed = client.post("/people/", {"q": "Quarry, May"})
    assert "Nobody found: add a fracture that was told to you" in Page(missed.content).words
    begun = Page(client.post("/fractures/add/", {"q": "Quarry, May"}).content)
    assert (begun.fields["family_name"], begun.fields["given_name"]) == ("Quarry", "May")
    number = world.nhs_number()
    answer = client.post("/fractures/add/", WHO | BONE | {"nhs_number": number}, follow=True)
    words = Page(answer.content).words
    assert "Is this a fragility fracture?" in words
    assert "A person, 20 May 2026" in words
    assert "Told on a ward round by Sister Okoro" in words
    person = Person.objects.get()
    assert [(each.system, each.value) for each in person.identifiers.all()] == [(NHS_NUMBER, number)]
    back = f"/fractures/told/{person.feed_rows.get().pk}/take-back/"
    assert back in answer.content.decode()
    assert "Say why it is taken back" in Page(client.post(back, {"reason": ""}).content).words
    client.post(back, {"reason": "Another ward"})
    assert not Person.objects.exists()
    assert client.get(back).headers["Location"] == "/people/"


def test_who_looks_alike_is_shown_before_a_second_record_is_made(nurse, client) -> None:
    known = world.found(
        nurse.service, person=world.demographics(family_name="Quarry", given_name="May")
    ).person
    answer = client.post("/fractures/add/", WHO | BONE)
    words = Page(answer.content).words
    assert answer.status_code == 422
    assert "Is it one of these people? Nothing is kept yet." in words
    assert "the same name, born on another day" in words
    assert Person.objects.count() == 1
    assert AuditEvent.objects.filter(action="person.view", person=str(known.pk)).exists()
    client.post("/fractures/add/", WHO | BONE | {"who": str(known.pk)})
    assert Person.objects.count() == 1
    client.post("/fractures/add/", WHO | BONE | {"who": "new", "then": "confirm"})
    assert Person.objects.count() == 2
    assert Episode.objects.exclude(person=known).get().state == "to_assess"


def test_it_is_reached_from_the_list_and_the_person_and_confirmed_at_once(nurse, client) -> None:
    episode = world.confirmed(nurse)
    path = f"/people/{episode.person_id}/add-fracture/"
    assert path in client.get(f"/people/{episode.person_id}/").content.decode()
    assert "/fractures/add/" in client.get("/worklist/to-confirm/").content.decode()
    assert "family_name" not in Page(client.get(path).content).fields
    answer = client.post(path, BONE | {"on": "2 2 2026", "then": "confirm"}, follow=True)
    assert "Kept and confirmed" in Page(answer.content).words
    assert sorted(Episode.objects.values_list("state", flat=True)) == ["to_assess", "to_assess"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"nhs_number": "999 000 0010"}, "its last digit does not fit"),
        ({"family_name": ""}, "Enter the family name"),
        ({"birth_date": ""}, "Enter the date"),
        ({"site": ""}, "Choose the bone"),
        ({"on": "1 7 2026"}, "The date must be today or in the past"),
        ({"on": "1 7 1940"}, "The fracture is before the birth."),
        ({"teller": ""}, "Say who told it"),
        ({"channel": ""}, "Choose how it was told"),
        ({"energy": "", "certainty": "", "then": ""}, "Choose what happens now"),
    ],
)
def test_what_is_missing_or_wrong_is_named(given, said: str, nurse, client) -> None:
    answer = client.post("/fractures/add/", WHO | BONE | given)
    assert answer.status_code == 422
    assert said in Page(answer.content).words
    assert not Person.objects.exists()
