"""A wrong birth date or a death recorded in error is corrected on a page, with a reason that stays."""

from __future__ import annotations

from datetime import date

import pytest

import world
from openfls.record.pathway import State
from openfls.record.reasons import TaskKind
from openfls.service.actions.tasks import ensure_task
from openfls.service.audit import verify
from openfls.service.models import AuditEvent, Person
from web.page import Page

pytestmark = pytest.mark.django_db

GIVEN = {
    "family_name": "Example",
    "given_name": "Ada",
    "birth_date": "1 3 1950",
    "sex": "female",
    "deceased": "no",
    "deceased_on": "",
    "telephone": "01632 960123",
    "general_practice": "Harbour View Surgery",
    "reason": "Her daughter rang",
}


def corrected(client, person: Person, **given: str):
    """The answer to the form, and the person after it."""
    answer = client.post(f"/people/{person.pk}/correct/", {**GIVEN, **given})
    person.refresh_from_db()
    return answer


def test_the_form_stands_there_as_the_record_does(nurse, client) -> None:
    person = world.found(nurse.service).person
    assert f"/people/{person.pk}/correct/" in client.get(f"/people/{person.pk}/").content.decode()
    page = Page(client.get(f"/people/{person.pk}/correct/").content)
    assert page.fields["birth_date"] == "1 3 1950"
    assert page.fields["sex"] == "female"
    assert page.checked["deceased"] == "no"


def test_a_death_in_error_is_taken_back(nurse, client) -> None:
    person = world.confirmed(nurse).person
    Person.objects.filter(pk=person.pk).update(deceased=True, deceased_on=date(2026, 5, 1))
    assert corrected(client, person).status_code == 302
    assert (person.deceased, person.deceased_on) == (False, None)
    event = AuditEvent.objects.get(action="person.correct")
    assert (event.user, event.person) == ("nurse", str(person.pk))
    assert event.detail == {"changed": ["deceased", "deceased_on"], "reason": "Her daughter rang"}
    assert verify(nurse.service)[1] == []


def test_a_death_ends_the_calls(nurse, client) -> None:
    episode = world.confirmed(nurse)
    call = ensure_task(episode, TaskKind.CALL_AGAIN, world.TODAY)
    corrected(client, episode.person, deceased="yes", deceased_on="20 5 2026")
    call.refresh_from_db()
    assert episode.person.deceased_on == date(2026, 5, 20)
    assert call.cancelled_at is not None


def test_a_fracture_that_a_wrong_birth_date_hid_waits_to_be_confirmed(nurse, client) -> None:
    world.deliver(nurse.service, world.report(world.demographics(birth_date=date(1990, 3, 1))))
    person = Person.objects.get()
    assert not person.episodes.exists()
    corrected(client, person)
    assert person.episodes.get().state == State.FOUND
    assert AuditEvent.objects.get(action="episode.find").user == "nurse"


def test_what_a_feed_took_for_old_enough_is_left_for_a_person_to_refute(nurse, client) -> None:
    episode = world.found(nurse.service)
    corrected(client, episode.person, birth_date="1 3 1990")
    episode.refresh_from_db()
    assert episode.state == State.FOUND


def test_what_is_under_care_stays(nurse, client) -> None:
    episode = world.confirmed(nurse)
    corrected(client, episode.person, birth_date="1 3 1990")
    episode.refresh_from_db()
    assert (episode.state, episode.person.birth_date) == (State.TO_ASSESS, date(1990, 3, 1))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": ""}, "Say why it is corrected"),
        ({}, "Nothing is different from what stands there."),
        ({"deceased_on": "1 5 2026"}, "A date of death is given, but the person has not died."),
        ({"deceased": "yes", "deceased_on": "1 5 1940"}, "The death is before the birth."),
        ({"birth_date": "1 3 2027"}, "The date must be today or in the past"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(given, said, nurse, client) -> None:
    person = world.found(nurse.service).person
    answer = corrected(client, person, **given)
    assert (answer.status_code, said in Page(answer.content).words) == (422, True)
    assert (person.birth_date, person.deceased) == (date(1950, 3, 1), False)
    assert not AuditEvent.objects.filter(action="person.correct").exists()
