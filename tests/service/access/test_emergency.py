"""A record of another service in an emergency: who may, what it takes, what stays behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.access import emergency
from openfls.service.access.morning import asks_of
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Emergency, EmergencyAccess, Outcome, Service
from service import access_world as aw

pytestmark = pytest.mark.django_db


def ask(by: Actor, number: str, **given: object) -> EmergencyAccess | None:
    """Ask for a record."""
    asked = {
        "born": world.demographics().birth_date,
        "kind": Emergency.IN_FRONT,
        "words": "She is with me now.",
    }
    return emergency.open_record(number=number, by=by, **(asked | given))


def number_of(person: object) -> str:
    """The NHS number."""
    return str(person.identifiers.get().value)


def test_both_logs_tell_of_it_and_the_other_manager_is_asked(nurse: Actor) -> None:
    person = aw.elsewhere()
    row = ask(nurse, number_of(person))
    assert row is not None
    own = AuditEvent.objects.get(service=nurse.service, action="emergency.open")
    theirs = AuditEvent.objects.get(service=person.service, action="emergency.opened")
    assert (own.user, own.person, theirs.user, theirs.person) == ("nurse", "", "nurse", str(person.pk))
    assert number_of(person) not in str(own.detail)
    assert [page for _, page in asks_of(aw.manager(person.service))] == ["emergencies"]
    assert asks_of(aw.manager(nurse.service)) == []


@pytest.mark.parametrize("wrong", ["number", "birth date", "own service", "real and fictional", "room"])
def test_what_opens_nothing(wrong: str, nurse: Actor) -> None:
    person = aw.elsewhere() if wrong != "own service" else world.found(nurse.service).person
    if wrong == "real and fictional":
        Service.objects.filter(pk=person.service_id).update(is_fictional=True)
    if wrong == "room":
        Service.objects.filter(pk=person.service_id).update(practice_of=nurse.user)
    given = {"born": world.TODAY} if wrong == "birth date" else {}
    number = "1234567890" if wrong == "number" else number_of(person)
    assert ask(nurse, number, **given) is None
    event = AuditEvent.objects.get(service=nurse.service, action="emergency.open")
    assert (event.detail["found"], event.subject) == (False, "no record")
    assert not EmergencyAccess.objects.exists()


def test_nobody_tries_numbers_all_day(nurse: Actor) -> None:
    person = aw.elsewhere()
    for _ in range(emergency.TRIES_AN_HOUR):
        ask(nurse, "1234567890")
    with pytest.raises(NotPossible, match="too often"):
        ask(nurse, number_of(person))
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        assert ask(nurse, number_of(person)) is not None


def test_it_takes_a_reason_and_ends_by_itself(nurse: Actor) -> None:
    with pytest.raises(NotPossible, match="sentence"):
        ask(nurse, "1234567890", words="urgent")
    row = aw.opened(nurse)
    assert emergency.of(nurse.user, row.pk) == row
    assert emergency.of(world.member(nurse.service, username="other").user, row.pk) is None
    with clock.at(clock.now() + timedelta(hours=1)):
        assert emergency.of(nurse.user, row.pk) is None
    emergency.close(key=row.pk, by=nurse)
    assert emergency.of(nurse.user, row.pk) is None


def test_it_is_judged_once_and_not_by_who_opened_it(nurse: Actor) -> None:
    row = aw.opened_here(nurse)
    manager = aw.manager(nurse.service)
    herself = Actor(nurse.service, manager.role, row.user)
    with pytest.raises(NotPossible, match="else"):
        emergency.judge(emergency=row, outcome=Outcome.IN_ORDER, words="", by=herself)
    with pytest.raises(NotPossible, match="came of it"):
        emergency.judge(emergency=row, outcome=Outcome.REPORTED, words=" ", by=manager)
    emergency.judge(emergency=row, outcome=Outcome.REPORTED, words="Told the board", by=manager)
    with pytest.raises(NotPossible, match="already"):
        emergency.judge(emergency=row, outcome=Outcome.IN_ORDER, words="", by=manager)
    assert emergency.to_judge(nurse.service) == []
    assert [one.outcome for one in emergency.judged(nurse.service)] == [Outcome.REPORTED]
