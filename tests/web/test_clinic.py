"""Clinic days on the page: levelled to the places, moved by hand; a calendar by a secret address, without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

import world
from openfls.service.actions import clinics
from openfls.service.clinic.days import clinic_of
from openfls.service.models import CalendarFeed, ClinicDayChosen, Membership
from openfls.service.roles import Role
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
WEEK = [2, 2, 2, 2, 2, 0, 0]


@pytest.fixture
def waiting(nurse):
    clinics.set_hours(places=WEEK, starts=["09:00"] + [""] * 6, closed=[world.TODAY], minutes=20, by=nurse)
    return [world.planned(nurse, on=world.TODAY - timedelta(days=110 + number)) for number in range(4)]


def placed(service) -> dict:
    clinic = clinic_of(service, world.TODAY)
    return {line.episode.pk: day.on for week in clinic.weeks for day in week for line in day.lines}


def test_who_was_promised_first_comes_first_and_no_day_is_closed(waiting, nurse) -> None:
    found = placed(nurse.service)
    assert set(found) == {episode.pk for episode in waiting}
    assert found[waiting[3].pk] <= found[waiting[0].pk]
    assert world.TODAY not in found.values(), "that day is closed"
    page = Page(signed_in(nurse).get("/clinic/").content)
    assert waiting[0].person.name in page.words
    assert "no clinic" in page.words


def test_nobody_who_must_not_be_called_has_a_place(waiting, nurse) -> None:
    waiting[1].person.deceased = True
    waiting[1].person.save()
    assert waiting[1].pk not in placed(nurse.service)


def test_somebody_is_moved_by_hand_and_levelled_again(waiting, nurse) -> None:
    client, episode = signed_in(nurse), waiting[0]
    day = world.TODAY + timedelta(days=9)
    client.post(f"/clinic/{episode.pk}/", {"on": f"{day.day} {day.month} {day.year}"})
    assert placed(nurse.service)[episode.pk] == day
    for wrong, why in (("1 1 2020", "from today on"), ("soon", "Enter a date")):
        answer = client.post(f"/clinic/{episode.pk}/", {"on": wrong}, follow=True)
        assert why in Page(answer.content).words
    early = world.planned(nurse, on=world.TODAY - timedelta(days=10))
    answer = client.post(f"/clinic/{early.pk}/", {"on": "9 6 2026"}, follow=True)
    assert "The review is made from" in Page(answer.content).words
    client.post(f"/clinic/{episode.pk}/", {"release": "1"})
    assert placed(nurse.service)[episode.pk] != day
    assert ClinicDayChosen.objects.filter(taken_back=False).count() == 0


def test_the_places_are_set_on_the_page(nurse) -> None:
    client = signed_in(nurse)
    form = {f"places{at}": "1" for at in range(7)} | {f"starts{at}": "" for at in range(7)}
    wrong = form | {"places2": "many", "starts0": "nine", "closed": "Christmas", "minutes": "0"}
    answer = client.post("/clinic/hours/", wrong)
    assert answer.status_code == 422
    assert {field for field, _ in Page(answer.content).summary} == {
        *("id_places2", "id_starts0", "id_closed", "id_minutes"),
    }
    answer = client.post("/clinic/hours/", form | {"places2": "²", "starts0": "0²:30", "minutes": "9" * 5000})
    assert {field for field, _ in Page(answer.content).summary} == {"id_places2", "id_starts0", "id_minutes"}
    good = form | {"starts0": "9.30", "closed": "25 12 2026", "minutes": "20"}
    assert client.post("/clinic/hours/", good).status_code == 302
    page = client.get("/clinic/hours/").content.decode()
    assert "09:30" in page
    assert "25 12 2026" in page


def test_the_calendar_names_nobody_and_ends_when_it_is_revoked(waiting, nurse) -> None:
    client, anybody = signed_in(nurse), Client()
    answer = client.post("/clinic/calendar/")
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.content.decode()
    path = "/calendar/" + text.split("/calendar/")[-1].split(".ics")[0] + ".ics"
    assert len(path) > 50
    assert path not in client.get("/clinic/calendar/").content.decode(), "it is shown once"
    answer = anybody.get(path)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    assert sum(int(event["summary"].split()[1]) for event in found.events) == 4
    for episode in waiting:
        for private in (
            episode.person.family_name,
            episode.person.telephone,
            str(episode.pk),
            str(episode.person_id),
        ):
            assert private.encode() not in answer.content
    row = CalendarFeed.objects.get()
    assert row.secret_hash not in path
    assert row.read_on == world.TODAY
    assert anybody.get("/calendar/" + "x" * 43 + ".ics").status_code == 404
    client.post("/clinic/calendar/", {"revoke": "1"})
    assert anybody.get(path).status_code == 404


def test_a_new_address_ends_the_old_and_a_leaver_has_none(nurse) -> None:
    old, new = clinics.make_calendar(by=nurse), clinics.make_calendar(by=nurse)
    anybody = Client()
    assert anybody.get(f"/calendar/{old}.ics").status_code == 404
    assert anybody.get(f"/calendar/{new}.ics").status_code == 200
    Membership.objects.filter(user=nurse.user).update(role=Role.VIEWER)
    assert anybody.get(f"/calendar/{new}.ics").status_code == 404
