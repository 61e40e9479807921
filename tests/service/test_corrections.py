"""What a person set right stays against later feeds; what they say instead is shown, and somebody chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import world
from openfls.information.letter import LetterKind
from openfls.record.feeds import Notice, Source, SourceKind
from openfls.record.findings import Triage
from openfls.record.pathway import NotPossible, State
from openfls.record.people import Demographics
from openfls.service import letters
from openfls.service.actions import flagging, writing
from openfls.service.actor import Actor
from openfls.service.feeds import contradictions, correcting
from openfls.service.feeds.deciding import this_person, undo
from openfls.service.feeds.identity import attach
from openfls.service.flags import why_no_contact
from openfls.service.models import Person, PersonFlag
from service import invariants
from service import waiting_world as ww

pytestmark = pytest.mark.django_db
RIGHT = date(1948, 3, 1)


def _corrected(by: Actor, told: Demographics, **right: object) -> Person:
    world.deliver(by.service, world.report(told))
    person = ww.person_of(by.service, told)
    value = replace(correcting.corrected_of(person), **right)
    return correcting.correct_person(person=person, corrected=value, reason="Her passport", by=by)


def _tell(by: Actor, told: Demographics, version: str = "", record: str = "A08") -> None:
    world.deliver(by.service, Notice(Source("adt.hl7", record, SourceKind.ENCOUNTER, "1", version), told))


@pytest.mark.parametrize("version", ["20990101", ""], ids=["a newer version", "no version"])
def test_a_later_feed_does_not_overwrite_and_is_shown(version: str, nurse: Actor) -> None:
    told = world.demographics()
    person = _corrected(nurse, told, birth_date=RIGHT)
    _tell(nurse, replace(told, birth_date=date(1950, 3, 2), telephone="01632 960555"), version)
    person.refresh_from_db()
    assert (person.birth_date, person.telephone) == (RIGHT, "01632 960555")
    [row] = contradictions.contradicted(person)
    assert (row.field, row.was, row.value, row.told) == (
        "birth_date",
        "1950-03-01",
        "1948-03-01",
        "1950-03-02",
    )
    assert (row.by, row.reason) == (nurse.user, "Her passport")


def test_a_feed_that_agrees_contradicts_nothing(nurse: Actor) -> None:
    told = world.demographics()
    person = _corrected(nurse, told, birth_date=RIGHT)
    _tell(nurse, replace(told, birth_date=RIGHT), "20990101")
    assert contradictions.contradicted(person) == []


def test_ours_is_kept_and_not_asked_about_again(nurse: Actor) -> None:
    row = ww.contradicted(nurse)
    correcting.keep_ours(correction=row, by=nurse)
    _tell(nurse, replace(row.person.demographics(), telephone="01632 960777"), "20990101", "again")
    assert contradictions.contradicted(row.person) == []
    row.person.refresh_from_db()
    assert row.person.telephone == "01632 960999"
    with pytest.raises(NotPossible, match="decided about this already"):
        correcting.keep_ours(correction=row, by=nurse)


def test_theirs_is_taken_and_feeds_tell_it_again(nurse: Actor) -> None:
    row = ww.contradicted(nurse)
    person = correcting.take_theirs(correction=row, by=nurse)
    assert (person.telephone, contradictions.standing(person)) == ("01632 960777", {})
    _tell(nurse, replace(person.demographics(), telephone="01632 960111"), "20990101", "again")
    person.refresh_from_db()
    assert person.telephone == "01632 960111"


def test_a_death_told_again_stops_letters_until_somebody_has_settled_it(nurse: Actor) -> None:
    told = world.demographics(deceased=True, deceased_on=date(2026, 5, 1))
    person = _corrected(nurse, told, deceased=False, deceased_on=None)
    assert why_no_contact(person) == ""
    _tell(nurse, told, record="A08 again")
    person.refresh_from_db()
    assert (person.deceased, person.deceased_on) == (False, None)
    assert "somebody has to settle that" in why_no_contact(person)
    taken = correcting.take_theirs(correction=contradictions.contradicted(person)[0], by=nurse)
    assert (taken.deceased, taken.deceased_on) == (True, date(2026, 5, 1))
    assert contradictions.standing(taken) == {}


def test_a_contradiction_goes_with_the_decision_that_brought_it(nurse: Actor) -> None:
    told = world.demographics()
    person = _corrected(nurse, told, birth_date=RIGHT)
    row = ww.doubtful(nurse, known=told)  # which tells the old birth date once more
    decision = this_person(row=row, person=person, by=nurse)
    assert [each.told for each in contradictions.contradicted(person)] == ["1939-09-09"]
    undo(decision=decision, by=nurse)
    assert [each.told for each in contradictions.contradicted(person)] == ["1950-03-01"]


def test_whoever_wants_no_contact_gets_no_letter_but_the_gp_does(nurse: Actor) -> None:
    episode = world.planned(nurse)
    flag = flagging.set_flag(
        person=episode.person, kind=PersonFlag.Kind.NO_CONTACT, words="Her letter of May", by=nurse
    )
    why = {kind: reason for kind, _, reason in letters.kinds_for(episode)}
    assert "does not want to be contacted" in why[LetterKind.PERSON]
    assert why[LetterKind.GP] == ""
    with pytest.raises(NotPossible, match="does not want to be contacted"):
        writing.write(episode=episode, kind="person", by=nurse)
    with pytest.raises(NotPossible, match="stands already"):
        flagging.set_flag(person=episode.person, kind=flag.kind, words="Again", by=nurse)
    flagging.end_flag(flag=flag, words="She rang and asked for it", by=nurse)
    assert writing.write(episode=episode, kind="person", by=nurse)


@pytest.mark.parametrize("kind", [PersonFlag.Kind.NO_CONTACT, PersonFlag.Kind.SAFEGUARDING])
def test_a_flag_that_needs_words_is_refused_without(kind: PersonFlag.Kind, nurse: Actor) -> None:
    person = world.found(nurse.service).person
    with pytest.raises(NotPossible, match="Say "):
        flagging.set_flag(person=person, kind=kind, words=" ", by=nurse)


def test_what_was_left_out_for_a_death_that_was_none_waits_again(nurse: Actor) -> None:
    told = world.demographics()
    world.deliver(nurse.service, world.report(told))
    person = Person.objects.get()
    dead = replace(told, deceased=True, deceased_on=date(2026, 5, 25))
    world.deliver(nurse.service, world.report(dead, record="tells of the death"))
    person.refresh_from_db()
    assert person.episodes.get().state == State.NOT_FOR_US
    alive = replace(correcting.corrected_of(person), deceased=False, deceased_on=None)
    correcting.correct_person(person=person, corrected=alive, reason="She rang", by=nurse)
    episode = person.episodes.get()
    assert (episode.state, episode.triage) == (State.FOUND, Triage.CASE)
    assert "died" not in episode.reason
    invariants.check(episode.pk)


def test_a_feed_writes_only_what_it_tells(nurse: Actor) -> None:
    told = world.demographics()
    world.deliver(nurse.service, world.report(told))
    read_before = Person.objects.get()
    Person.objects.update(deceased=True)  # staff were told, while a file was being read
    attach(read_before, replace(told, telephone="01632 960777"), "20990101")
    person = Person.objects.get()
    assert (person.deceased, person.telephone) == (True, "01632 960777")
