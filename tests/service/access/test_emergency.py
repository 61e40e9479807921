"""A record of another service in an emergency: who may, what it takes, what stays behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.access import emergency, emergency_judging, emergency_tries
from openfls.service.access.morning import asks_of
from openfls.service.actor import Actor
from openfls.service.auditing import reading
from openfls.service.auditing.odd import odd_access, reviews_of
from openfls.service.auditing.reading import Days
from openfls.service.auditing.reviewing import review
from openfls.service.models import AuditEvent, Emergency, EmergencyAccess, Outcome, Service
from openfls.service.models.audit import Judged
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
    said = []
    for _ in range(emergency_tries.AN_HOUR):
        ask(nurse, "1234567890")
        said.append(emergency_tries.warning(nurse)[:18])
    assert said[-5:] == [
        "",
        "You have 3 tries l",
        "You have 2 tries l",
        "You have 1 try lef",
        "You have tried too",
    ]
    with pytest.raises(NotPossible, match="too often"):
        ask(nurse, number_of(person))
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        assert ask(nurse, number_of(person)) is not None


def test_it_takes_a_reason_and_ends_by_itself(nurse: Actor) -> None:
    with pytest.raises(NotPossible, match="sentence"):
        ask(nurse, "1234567890", words="urgent")
    row = aw.opened(nurse)
    other = world.member(nurse.service, username="other")
    assert list(emergency.open_of(nurse)) == [row]
    assert emergency.own(other, row.pk) is None
    with clock.at(clock.now() + timedelta(hours=1)):
        assert not emergency.open_of(nurse)
    with pytest.raises(NotPossible, match="closed already"):
        emergency.close(key=row.pk, by=other)


def test_an_open_record_is_one_however_often_it_is_asked_for_and_closing_closes_it(nurse: Actor) -> None:
    person = aw.elsewhere()
    row = aw.opened(nurse, person)
    assert aw.opened(nurse, person) == row
    again = ask(nurse, number_of(person), words="Her daughter rang again.")
    assert again == row
    assert again.words.endswith("Her daughter rang again.")
    manager = aw.manager(person.service)
    assert asks_of(manager)[0][0].startswith("1 record was opened in an emergency")
    emergency_judging.judge(emergency=row, outcome=Outcome.IN_ORDER, words="", by=manager)
    new = ask(nurse, number_of(person))
    assert new != row, "what has been judged is not added to"
    # As an older version left them: two open at once.
    EmergencyAccess.objects.filter(pk=row.pk).update(ends_at=new.ends_at, reviewed_at=None)
    assert len(emergency.open_people(nurse)) == 1
    assert asks_of(manager)[0][0].startswith("1 record was opened, 2 times, in an emergency")
    emergency.close(key=row.pk, by=nurse)
    assert emergency.open_people(nurse) == []
    logs = AuditEvent.objects.filter(action__in=("emergency.close", "emergency.closed"))
    assert set(logs.values_list("service", "person")) == {
        (nurse.service.pk, ""),
        (person.service_id, str(person.pk)),
    }
    assert "daughter" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_who_guesses_is_known_where_the_record_is_and_learns_nothing(nurse: Actor) -> None:
    person = aw.elsewhere()
    for number in (number_of(person), number_of(person), "1234567890"):
        assert ask(nurse, number, born=world.TODAY) is None
    own = AuditEvent.objects.filter(service=nurse.service)
    assert {(row.action, row.subject, str(row.detail)) for row in own} == {
        ("emergency.open", "no record", "{'found': False}")
    }
    assert own.count() == 3
    (tries,) = emergency_tries.against(person.service)
    assert (tries.who, tries.of_service, tries.count) == (nurse.user.full_name, nurse.service.name, 2)
    (odd,) = odd_access(person.service, Days.until(world.TODAY))
    assert (odd.rule, odd.count, odd.of_service) == ("tried", 2, nurse.service.name)
    seen = reading.entries(reading.of_person(person, Days.until(world.TODAY)))
    assert {row.of_service for row in seen if row.event.action == "emergency.tried"} == {nurse.service.name}
    assert emergency_tries.against(nurse.service) == []


def test_it_is_judged_once_and_not_by_who_opened_it(nurse: Actor) -> None:
    row = aw.opened_here(nurse)
    manager = aw.manager(nurse.service)
    herself = Actor(nurse.service, manager.role, row.user)
    with pytest.raises(NotPossible, match="else"):
        emergency_judging.judge(emergency=row, outcome=Outcome.IN_ORDER, words="", by=herself)
    with pytest.raises(NotPossible, match="came of it"):
        emergency_judging.judge(emergency=row, outcome=Outcome.REPORTED, words=" ", by=manager)
    emergency_judging.judge(emergency=row, outcome=Outcome.REPORTED, words="Told the board", by=manager)
    with pytest.raises(NotPossible, match="since you opened"):
        emergency_judging.judge(emergency=row, outcome=Outcome.IN_ORDER, words="", by=manager)
    assert emergency_judging.to_judge(nurse.service) == []
    assert [one.outcome for one in emergency_judging.judged(nurse.service)] == [Outcome.REPORTED]
    (odd,) = (odd for odd in odd_access(nurse.service, Days.until(world.TODAY)) if odd.opening)
    shown = reviews_of(nurse.service, [odd])[odd.key]
    assert (shown.judged, shown.by, shown.words) == (Outcome.REPORTED, manager.user, "Told the board")
    with pytest.raises(NotPossible, match="under Access"):
        review(odd=odd, judged=Judged.IN_ORDER, words="", by=manager)
