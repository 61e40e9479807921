"""Clinic days on the page: levelled to the places, moved by hand; a calendar by a secret address, without a name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

import world
from openfls.intervention.calendar import add_months
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions import clinics, flagging, treating
from openfls.service.calls import longer
from openfls.service.clinic.days import clinic_of
from openfls.service.clinic.hours import hours_of
from openfls.service.clinic.promised import promised_of
from openfls.service.models import (
    CalendarFeed,
    ClinicAbsence,
    ClinicDayChosen,
    Membership,
    PersonFlag,
    Slot,
    Treatment,
)
from openfls.service.roles import Role
from service.sharing import connected
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
WEEK = [2, 2, 2, 2, 2, 0, 0]


@pytest.fixture
def waiting(nurse):
    clinics.set_hours(wish=clinics.Wish(WEEK, starts=["09:00"] + [""] * 6, minutes=20), by=nurse)
    clinics.add_absence(absent=clinics.Absent("closed", world.TODAY, world.TODAY, "Training"), by=nurse)
    return [world.planned(nurse, on=world.TODAY - timedelta(days=110 + number)) for number in range(4)]


def placed(service) -> dict:
    clinic = clinic_of(service, clock.today(), weeks=26)
    return {line.promised.episode.pk: day.on for week in clinic.weeks for day in week for line in day.lines}


def test_who_was_promised_first_comes_first_and_no_day_is_closed(waiting, nurse) -> None:
    found = placed(nurse.service)
    assert set(found) == {episode.pk for episode in waiting}
    assert found[waiting[3].pk] <= found[waiting[0].pk]
    assert world.TODAY not in found.values(), "that day is closed"
    page = Page(signed_in(nurse).get("/clinic/").content)
    assert waiting[0].person.name in page.words
    assert "no clinic: Training" in page.words


def test_nobody_who_must_not_be_called_has_a_place(waiting, nurse) -> None:
    waiting[1].person.deceased = True
    waiting[1].person.save()
    assert waiting[1].pk not in placed(nurse.service)
    flagging.set_flag(person=waiting[2].person, kind=PersonFlag.Kind.NO_CONTACT, words="Told us", by=nurse)
    with pytest.raises(NotPossible, match="does not want to be contacted"):
        clinics.choose(episode=waiting[2], slot=Slot.WEEK_16, on=world.TODAY + timedelta(days=3), by=nurse)


def test_somebody_is_moved_by_hand_and_levelled_again(waiting, nurse) -> None:
    client, episode = signed_in(nurse), waiting[0]
    day = world.TODAY + timedelta(days=9)
    told = {"slot": "week_16", "on": f"{day.day} {day.month} {day.year}"}
    page = Page(client.post(f"/clinic/{episode.pk}/", told, follow=True).content)
    assert "That is after the promised day, 3 June 2026." in page.words
    assert placed(nurse.service)[episode.pk] == day
    for wrong, why in (("1 1 2020", "from today on"), ("soon", "Enter a date")):
        answer = client.post(f"/clinic/{episode.pk}/", {"slot": "week_16", "on": wrong}, follow=True)
        assert why in Page(answer.content).words
    early = world.planned(nurse, on=world.TODAY - timedelta(days=10))
    answer = client.post(f"/clinic/{early.pk}/", {"slot": "week_16", "on": "9 6 2026"}, follow=True)
    assert "It may be made from" in Page(answer.content).words
    client.post(f"/clinic/{episode.pk}/", {"slot": "week_16", "release": "1"})
    assert placed(nurse.service)[episode.pk] != day
    assert ClinicDayChosen.objects.filter(taken_back=False).count() == 0


def test_the_places_are_set_on_the_page_by_a_manager_too(nurse) -> None:
    client = signed_in(connected.manager(nurse))
    form = {f"{name}{at}": "1" for name in ("places", "assess") for at in range(7)}
    form |= {f"starts{at}": "" for at in range(7)} | {"minutes": "20", "assess_minutes": "45"}
    wrong = form | {"places2": "many", "assess3": "100", "starts0": "nine", "minutes": "0"}
    answer = client.post("/clinic/hours/", wrong)
    assert answer.status_code == 422
    assert {field for field, _ in Page(answer.content).summary} == {
        *("id_places2", "id_assess3", "id_starts0", "id_minutes"),
    }
    answer = client.post("/clinic/hours/", form | {"places2": "²", "starts0": "0²:30", "minutes": "9" * 5000})
    assert {field for field, _ in Page(answer.content).summary} == {"id_places2", "id_starts0", "id_minutes"}
    assert client.post("/clinic/hours/", form | {"starts0": "9.30"}).status_code == 302
    page = client.get("/clinic/hours/").content.decode()
    assert "09:30" in page
    assert hours_of(nurse.service, world.TODAY).bank_holidays is False, "the box was not ticked"


DAYS = {"kind": "away", "words": "Nina", "first_on": "8 6 2026", "last_on": "12 6 2026", "fewer": "1"}


def test_closed_days_and_leave_are_told_and_taken_back(waiting, nurse) -> None:
    client = signed_in(connected.manager(nurse))
    assert "Summer bank holiday" in Page(client.get("/clinic/absences/").content).words
    assert client.post("/clinic/absences/", DAYS).status_code == 302
    hours = hours_of(nurse.service, world.TODAY)
    assert [hours.places_on(date(2026, 6, day)) for day in (5, 8, 12, 15)] == [2, 1, 1, 2]
    row = ClinicAbsence.objects.get(kind="away")
    client.post(f"/clinic/absences/{row.pk}/over/")
    assert hours_of(nurse.service, world.TODAY).places_on(date(2026, 6, 8)) == 2
    again = client.post(f"/clinic/absences/{row.pk}/over/", follow=True)
    assert "taken back already" in Page(again.content).words


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"kind": ""}, "Choose what is different"),
        ({"words": " "}, "Enter why, or who is away"),
        ({"first_on": "Christmas"}, "First day: enter a date"),
        ({"last_on": "7 6 2026"}, "The last day is before the first"),
        ({"first_on": "1 5 2026", "last_on": "2 5 2026"}, "These days are over"),
        ({"last_on": "12 6 2029"}, "at most a year at a time"),
        ({"fewer": "many"}, "Enter a whole number"),
        ({"fewer": ""}, "Say how many fewer a day"),
    ],
)
def test_days_that_make_no_sense_are_refused(wrong, why, client) -> None:
    answer = client.post("/clinic/absences/", DAYS | wrong)
    assert (answer.status_code, ClinicAbsence.objects.count()) == (422, 0)
    assert why in Page(answer.content).words


def test_no_clinic_on_a_bank_holiday_unless_somebody_says_so(nurse) -> None:
    clinics.set_hours(wish=clinics.Wish([1] * 7), by=nurse)
    summer = date(2026, 8, 31)
    assert hours_of(nurse.service, world.TODAY).why_closed(summer) == "Summer bank holiday"
    clinics.add_absence(absent=clinics.Absent("open", summer, summer, "Catching up"), by=nurse)
    assert hours_of(nurse.service, world.TODAY).places_on(summer) == 1


def test_assessments_and_treatments_are_levelled_too(nurse) -> None:
    clinics.set_hours(wish=clinics.Wish(WEEK), by=nurse)
    to_assess = world.confirmed(nurse)
    taking = world.planned(nurse, on=world.TODAY - timedelta(days=60))
    given = world.TODAY - timedelta(days=178)
    treating.start(episode=taking, drug="denosumab", started_on=given, by=nurse)
    found = {
        line.promised.slot: (day.on, line)
        for week in clinic_of(nurse.service, world.TODAY, weeks=26).weeks
        for day in week
        for line in day.lines
    }
    assert Slot.ASSESS not in found, "nobody has said how many assessments the staff can do"
    on, line = found[Slot.TREATMENT]
    assert line.promised.words == "Next denosumab"
    assert add_months(given, 6) <= on <= add_months(given, 7), "never before its day"
    clinics.set_hours(wish=clinics.Wish(WEEK, [0, 1, 0, 0, 0, 0, 0]), by=nurse)
    assert placed(nurse.service)[to_assess.pk].weekday() == 1
    client = signed_in(nurse)
    assert f"/episodes/{taking.pk}/treatment/" in client.get("/clinic/").content.decode()
    day = add_months(given, 6) + timedelta(days=3)
    told = {"slot": "treatment", "on": f"{day.day} {day.month} {day.year}"}
    client.post(f"/clinic/{taking.pk}/", told)
    assert ClinicDayChosen.objects.get().kind == "treatment"
    early = client.post(f"/clinic/{taking.pk}/", told | {"on": "1 6 2026"}, follow=True)
    assert "It may be made from" in Page(early.content).words
    dosed = Treatment.objects.get()
    with clock.at(world.at_noon(day - timedelta(days=2))):
        treating.dose(episode=taking, treatment=dosed, on=day - timedelta(days=2), by=nurse)
        assert day not in placed(nurse.service).values(), "a day chosen for this dose is not the next one's"


def test_a_yearly_review_hides_no_dose_and_a_dose_leaves_time_for_who_does_not_come(nurse) -> None:
    clinics.set_hours(wish=clinics.Wish(WEEK), by=nurse)
    waits = world.planned(nurse, on=world.TODAY - timedelta(days=110))
    given = world.TODAY - timedelta(days=355)
    treating.start(episode=waits, drug="zoledronate", started_on=given, by=nurse)
    day = promised_of(waits, Slot.TREATMENT, world.TODAY)
    assert day.words == "Next zoledronate", (
        "the yearly review of that day is held with the review at 16 weeks"
    )
    assert day.opens == add_months(given, 12)
    later = world.planned(nurse, on=world.TODAY - timedelta(days=10))
    treating.start(episode=later, drug="denosumab", started_on=world.TODAY - timedelta(days=30), by=nurse)
    dose = promised_of(later, Slot.TREATMENT, world.TODAY)
    assert (dose.due - dose.opens).days == 14
    overdue = world.planned(nurse, on=world.TODAY - timedelta(days=8))
    course = treating.start(
        episode=overdue, drug="denosumab", started_on=world.TODAY - timedelta(days=400), by=nurse
    )
    treating.dose(episode=overdue, treatment=course, on=world.TODAY - timedelta(days=190), by=nurse)
    assert promised_of(overdue, Slot.TREATMENT, world.TODAY).words == "Next denosumab"
    listed = [one.what for one in longer(nurse.service, world.TODAY) if one.treatment.pk == course.pk]
    assert listed == ["Yearly review of the treatment", "Next denosumab"]
    alone = world.planned(nurse, on=world.TODAY - timedelta(days=9))
    start = world.TODAY - timedelta(days=360)
    treating.start(episode=alone, drug="alendronate", started_on=start, by=nurse)
    review = promised_of(alone, Slot.TREATMENT, world.TODAY)
    assert review.due == add_months(start, 12), (
        "the review at 16 weeks may not be made by then: it holds nothing"
    )


def test_what_is_not_levelled_is_said_and_a_chosen_day_stays(waiting, nurse) -> None:
    chosen = world.TODAY + timedelta(days=1)
    to_assess = world.confirmed(nurse)
    clinics.set_hours(wish=clinics.Wish([0] * 7, [1] * 5 + [0, 0]), by=nurse)
    clinics.choose(episode=to_assess, slot=Slot.ASSESS, on=chosen, by=nurse)
    clinics.choose(episode=waiting[0], slot=Slot.WEEK_16, on=chosen, by=nurse)
    clinics.add_absence(absent=clinics.Absent("away", chosen, chosen, "Leave", 0, 1), by=nurse)
    words = Page(signed_in(nurse).get("/clinic/").content).words
    assert "4 reviews and treatments wait" in words
    assert placed(nurse.service) == {waiting[0].pk: chosen, to_assess.pk: chosen}
    assert "1 of 0; assessments 1 of 0 somebody is away more than its places" in words


@pytest.mark.parametrize("slot", ["", "assess", "strange"])
def test_nobody_is_put_on_a_day_for_what_is_not_waited_for(slot, waiting, client) -> None:
    answer = client.post(f"/clinic/{waiting[0].pk}/", {"slot": slot, "on": "9 6 2026"}, follow=True)
    assert answer.status_code == 200
    assert ClinicDayChosen.objects.count() == 0


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
