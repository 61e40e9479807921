"""The door to a person's own questionnaire: secret, for a time, for one sending, and locked against guessing."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Closing
from openfls.service import clock
from openfls.service import questionnaires as door
from openfls.service.actions import asking, closing, flagging, telling
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds import correcting
from openfls.service.known import known_of
from openfls.service.models import Answer, AuditEvent, PersonFlag, Questionnaire, ToldValue, WrongCode
from service import asking_world as aw
from service.snapshot import tables

pytestmark = pytest.mark.django_db
BORN, WRONG = date(1950, 3, 1), date(1950, 3, 2)


def test_of_the_secrets_nothing_but_a_keyed_hash_is_kept(nurse: Actor) -> None:
    made = aw.asked(nurse)
    token, code = made.secrets.token, made.secrets.code
    assert len(base64.urlsafe_b64decode(token + "=")) * 8 >= 128
    everything = repr(tables()) + repr(list(AuditEvent.objects.values()))
    assert token not in everything
    assert code not in everything
    assert token not in repr(made.secrets)
    assert door.by_link(token) == door.by_code(f" {code[:4].lower()} {code[4:]} ") == made.questionnaire
    assert door.by_link(code) is door.by_code(token) is door.by_link(made.questionnaire.link_hash) is None
    assert aw.asked(nurse).secrets != made.secrets


def test_a_door_is_open_for_four_weeks_and_a_new_one_closes_the_one_before(nurse: Actor) -> None:
    first = aw.open_one(nurse)
    assert door.why_closed(first) == ""
    assert door.why_closed(first, clock.now() + door.LASTS) == "too old"
    asking.invite(episode=first.episode, by=nurse)
    first.refresh_from_db()
    assert door.why_closed(first) == "revoked"


def test_five_wrong_dates_lock_it_until_a_nurse_opens_it_again(nurse: Actor) -> None:
    one, system = aw.open_one(nurse), system_actor(nurse.service)
    for _ in range(door.TRIES):
        assert not asking.knock(questionnaire=one, birth_date=WRONG, by=system)
    with pytest.raises(NotPossible, match="locked"):
        asking.knock(questionnaire=one, birth_date=BORN, by=system)
    asking.reopen(questionnaire=one, by=nurse)
    assert asking.knock(questionnaire=one, birth_date=BORN, by=system)


def test_guessing_codes_is_slowed_down_without_keeping_an_address(nurse: Actor) -> None:
    for _ in range(door.GUESSES_BY_ONE):
        assert not door.too_many_guesses("192.0.2.7")
        door.note_wrong_code("192.0.2.7")
    assert door.too_many_guesses("192.0.2.7")
    assert not door.too_many_guesses("192.0.2.8")
    assert not door.too_many_guesses(""), "behind a proxy nobody answers for the others"
    assert "192.0.2.7" not in repr(list(WrongCode.objects.values()))
    WrongCode.objects.bulk_create(
        WrongCode(at=clock.now(), origin=str(n)) for n in range(door.GUESSES_BY_ALL)
    )
    assert door.too_many_guesses("192.0.2.8")
    with clock.at(clock.now() + door.GUESSED_WITHIN + timedelta(seconds=1)):
        assert not door.too_many_guesses("192.0.2.7")


def test_it_is_sent_once_and_every_answer_waits_to_be_accepted(nurse: Actor) -> None:
    one = aw.sent(nurse)
    told = ToldValue.objects.get()
    assert (told.field, told.value, told.origin, told.state) == ("falls_last_year", 2, "person", "waiting")
    assert not Answer.objects.exists()
    assert known_of(one.episode, world.TODAY)["falls_last_year"].value is None, "it does not count yet"
    system = system_actor(nurse.service)
    for act in (
        lambda: asking.answer(questionnaire=one, answers={"care_home": True}, by=system),
        lambda: asking.send(questionnaire=one, by=system),
        lambda: asking.knock(questionnaire=one, birth_date=BORN, by=system),
    ):
        with pytest.raises(NotPossible, match="sent"):
            act()
    assert list(door.came_back(nurse.service)) == [one]
    with pytest.raises(NotPossible, match="still wait"):
        asking.seen(questionnaire=one, by=nurse)
    telling.accept(episode=one.episode, told=told, by=nurse)
    asking.seen(questionnaire=one, by=nurse)
    assert not door.came_back(nurse.service)
    counts = known_of(one.episode, world.TODAY)["falls_last_year"]
    assert (counts.value, counts.counts.source) == (2, "the person’s own questionnaire")


def test_opened_again_by_a_nurse_alone_it_keeps_what_was_answered_and_tells_only_what_is_new(
    nurse: Actor,
) -> None:
    one, system = aw.sent(nurse), system_actor(nurse.service)
    asking.reopen(questionnaire=one, by=nurse)
    assert door.answers_of(one)["falls_last_year"] == 2
    asking.answer(questionnaire=one, answers={"falls_last_year": 3}, by=system)
    asking.send(questionnaire=one, by=system)
    assert list(ToldValue.objects.filter(state="waiting").values_list("value", flat=True)) == [3]


def test_what_a_later_answer_took_away_is_not_told(nurse: Actor) -> None:
    one, system = aw.open_one(nurse), system_actor(nurse.service)
    asking.answer(questionnaire=one, answers={"falls_last_year": 1, "lost_consciousness": True}, by=system)
    asking.answer(questionnaire=one, answers={"falls_last_year": 0}, by=system)
    asking.send(questionnaire=one, by=system)
    assert list(ToldValue.objects.values_list("field", "value")) == [("falls_last_year", 0)]


def test_nobody_is_asked_who_must_not_be(nurse: Actor) -> None:
    unborn = world.confirmed(nurse, person=world.demographics(birth_date=None))
    shy, gone, done = world.confirmed(nurse), aw.open_one(nurse), aw.open_one(nurse)
    flagging.set_flag(person=shy.person, kind=PersonFlag.Kind.NO_CONTACT, words="Her letter", by=nurse)
    for episode, why in (
        (unborn, "date of birth"),
        (shy, "does not want"),
        (world.found(nurse.service), "To confirm"),
    ):
        with pytest.raises(NotPossible, match=why):
            asking.invite(episode=episode, by=nurse)
    # What became so after the invitation closes the door as well.
    person = gone.episode.person
    died = replace(correcting.corrected_of(person), deceased=True)
    correcting.correct_person(person=person, corrected=died, reason="The family rang", by=nurse)
    closing.close(episode=done.episode, reason=Closing.DECLINED, by=nurse)
    for one, why in ((gone, "died"), (done, "Closed")):
        assert why in door.why_closed(Questionnaire.objects.get(pk=one.pk))
    with pytest.raises(KeyError):
        asking.answer(
            questionnaire=aw.open_one(nurse), answers={"no_such_field": 1}, by=system_actor(nurse.service)
        )
