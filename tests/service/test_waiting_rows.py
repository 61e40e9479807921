"""Rows that wait: each decision goes through the normal door, leaves a trace, can be taken back while harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.record.people import NHS_NUMBER, Identifier
from openfls.record.reasons import Closing, NotForUs
from openfls.record.sites import Side, Site
from openfls.service.actions import closing, finding
from openfls.service.actor import Actor, NotAllowed
from openfls.service.feeds import bringing_back, deciding, merging
from openfls.service.feeds.waiting import rows_waiting, waiting_of
from openfls.service.models import (
    AuditEvent,
    Episode,
    FeedRow,
    Letter,
    MergedPerson,
    Person,
    PersonIdentifier,
    RowDecision,
    Service,
    SourceRecord,
)
from service import invariants
from service import waiting_world as ww
from service.snapshot import tables


def test_a_row_that_waits_shows_whom_it_could_be_about(nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    waiting = waiting_of(row)
    assert list(rows_waiting(nurse.service)) == [row]
    assert waiting.people == (ww.owner_of(row),)
    assert waiting.told.family_name == "Stranger"
    assert list(rows_waiting(world.service("south"))) == []


def test_it_is_this_person(nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    person = ww.owner_of(row)
    deciding.this_person(row=row, person=person, by=nurse)
    row.refresh_from_db()
    assert (row.person, row.outcome, row.reason, row.waiting) == (person, FeedRow.Outcome.NEW, "", None)
    assert person.source_records.count() == 2
    assert sorted(person.fractures.values_list("site", flat=True)) == ["hip", "wrist"]
    person.refresh_from_db()
    assert person.family_name == "Example", "who somebody is does not change by a doubtful row"
    assert list(rows_waiting(nurse.service)) == []
    with pytest.raises(NotPossible, match="already"):
        deciding.somebody_else(row=row, by=nurse)


def test_it_is_somebody_else(nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    owner = ww.owner_of(row)
    made = deciding.somebody_else(row=row, by=nurse).person
    assert made is not None
    assert (made.family_name, made.birth_date) == ("Stranger", date(1939, 9, 9))
    assert made != owner
    assert [number.valid for number in made.identifiers.all()] == [False]
    assert [number.valid for number in owner.identifiers.all()] == [True]
    assert made.numbers[0].fault == "Taken away, or also somebody else’s"
    assert ww.states(nurse.service) == [("Example", "found"), ("Stranger", "found")]
    world.deliver(nurse.service, world.report(owner.demographics(), site=Site.HUMERUS))
    assert Person.objects.count() == 2
    assert owner.source_records.count() == 2


@pytest.mark.parametrize("decide", ["this_person", "somebody_else"])
def test_the_same_doubt_is_not_asked_twice(decide: str, nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    told, owner = waiting_of(row).told, ww.owner_of(row)
    if decide == "this_person":
        chosen = deciding.this_person(row=row, person=owner, by=nurse).person
    else:
        chosen = deciding.somebody_else(row=row, by=nurse).person
    assert chosen is not None
    world.deliver(nurse.service, world.report(told, site=Site.PELVIS, record="later"))
    assert list(rows_waiting(nurse.service)) == []
    assert FeedRow.objects.get(record="later").person == chosen
    third = replace(told, family_name="Third", birth_date=date(1930, 1, 1))
    world.deliver(nurse.service, world.report(third, record="third"))
    assert [waiting.record for waiting in rows_waiting(nurse.service)] == ["third"], "another doubt is asked"


def test_after_an_undo_the_doubt_is_asked_again(nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    told = waiting_of(row).told
    deciding.undo(decision=deciding.this_person(row=row, person=ww.owner_of(row), by=nurse), by=nurse)
    world.deliver(nurse.service, world.report(told, record="later"))
    assert {waiting.record for waiting in rows_waiting(nurse.service)} == {row.record, "later"}


def test_numbers_of_two_people_go_to_the_one_that_is_named(nurse: Actor) -> None:
    one = world.demographics(identifiers=(Identifier(NHS_NUMBER, world.nhs_number()),))
    two = world.demographics(identifiers=(ww.hospital_number("B2"),), given_name="Eve")
    world.deliver(nurse.service, world.report(one), world.report(two))
    both = replace(one, identifiers=one.identifiers + two.identifiers)
    world.deliver(nurse.service, world.report(both, record="both"))
    row = FeedRow.objects.get(record="both")
    people = waiting_of(row).people
    assert len(people) == 2
    chosen = ww.person_of(nurse.service, one)
    deciding.this_person(row=row, person=chosen, by=nurse)
    assert sorted(chosen.identifiers.values_list("value", "valid")) == sorted(
        [(one.identifiers[0].value, True), ("B2", False)]
    )
    assert PersonIdentifier.objects.get(value="B2", valid=True).person == ww.Person.objects.get(
        given_name="Eve"
    )


def test_leave_it_out_needs_a_reason_that_stays(nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    with pytest.raises(NotPossible, match="Say why"):
        deciding.leave_out(row=row, reason="  ", by=nurse)
    deciding.leave_out(row=row, reason="A test record of the laboratory", by=nurse)
    row.refresh_from_db()
    assert (row.outcome, row.person, row.waiting) == (FeedRow.Outcome.REJECTED, None, None)
    assert row.reason == "left out by a person: A test record of the laboratory"
    assert Person.objects.count() == 1


@pytest.mark.parametrize("kind", ["this_person", "somebody_else", "leave_out"])
def test_undo_leaves_nothing_but_its_mark(kind: str, nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    marks = ("RowDecision", "Fracture", "Status", "Episode")
    before, episodes = tables(without=marks), ww.states(nurse.service)
    acts = {
        "this_person": lambda: deciding.this_person(row=row, person=ww.owner_of(row), by=nurse),
        "somebody_else": lambda: deciding.somebody_else(row=row, by=nurse),
        "leave_out": lambda: deciding.leave_out(row=row, reason="No", by=nurse),
    }
    decision = acts[kind]()
    assert tables(without=marks) != before
    assert deciding.can_undo(decision)
    deciding.undo(decision=decision, by=nurse)
    assert tables(without=marks) == before
    put_forward = [each for each in ww.states(nurse.service) if each[1] != "not_for_us"]
    assert put_forward == episodes
    for episode in Episode.objects.all():
        invariants.check(episode.pk)
    decision.refresh_from_db()
    assert decision.undone_at is not None
    with pytest.raises(NotPossible, match="already"):
        deciding.undo(decision=decision, by=nurse)


@pytest.mark.parametrize("kind", ["this_person", "somebody_else"])
def test_undo_is_refused_once_somebody_has_built_upon_it(kind: str, nurse: Actor) -> None:
    row = ww.doubtful(nurse)
    if kind == "this_person":
        decision = deciding.this_person(row=row, person=ww.owner_of(row), by=nurse)
    else:
        decision = deciding.somebody_else(row=row, by=nurse)
    episode = Episode.objects.get(fractures__site=Site.HIP)
    finding.confirm(episode=episode, by=nurse)
    before = tables()
    with pytest.raises(NotPossible, match="decided about the fracture"):
        deciding.undo(decision=decision, by=nurse)
    assert tables() == before


def test_a_correction_given_to_somebody_else_takes_its_evidence_along(nurse: Actor) -> None:
    """A record whose corrected version is of another person no longer tells of the first one's bone."""
    known = world.demographics()
    world.deliver(nurse.service, world.report(known, record="r1"))
    world.deliver(nurse.service, world.report(ww.stranger_to(known), record="r1", text="Corrected: broken."))
    row = FeedRow.objects.get(record="r1", waiting__isnull=False)
    deciding.somebody_else(row=row, by=nurse)
    assert ww.states(nurse.service) == [("Example", "not_for_us"), ("Stranger", "found")]
    assert SourceRecord.objects.filter(superseded=True).get().person.family_name == "Example"


# Two records of one person.


def _merge(nurse: Actor) -> tuple[FeedRow, Person, Person]:
    kept, gone = ww.two_people(nurse, postcode="BM1 1AA")
    world.deliver(nurse.service, world.report(kept), world.report(gone, site=Site.HIP, side=Side.RIGHT))
    row = ww.merge_message(nurse, kept, gone)
    return row, ww.person_of(nurse.service, kept), ww.person_of(nurse.service, gone)


def test_same_person_moves_everything(nurse: Actor) -> None:
    row, keep, gone = _merge(nurse)
    episode = finding.confirm(episode=gone.episodes.get(), by=nurse)
    waiting = waiting_of(row)
    assert (waiting.is_merge, waiting.kept, waiting.gone) == (True, keep, gone)
    key = gone.pk
    merging.same_person(keep=keep, gone=gone, row=row, words="One passport", by=nurse)
    assert not Person.objects.filter(pk=key).exists()
    keep.refresh_from_db()
    assert keep.identifiers.filter(valid=True).count() == 2
    assert keep.source_records.count() == 2
    assert sorted(keep.episodes.values_list("state", flat=True)) == ["found", "to_assess"]
    assert set(keep.fractures.values_list("person_id", flat=True)) == {keep.pk}
    assert keep.postcode == "BM1 1AA", "what was not known of the one is known from the other"
    row.refresh_from_db()
    assert (row.person, row.outcome, row.waiting) == (keep, FeedRow.Outcome.NEW, None)
    assert merging.merged_into(nurse.service, key) == keep
    assert merging.merged_into(world.service("south"), key) is None
    invariants.check(episode.pk)
    event = AuditEvent.objects.get(action="identity.same_person")
    assert (event.person, event.detail["gone"], event.user) == (str(keep.pk), str(key), nurse.name)
    kept = MergedPerson.objects.get()
    assert kept.was["postcode"] == "BM1 1AA"
    assert set(kept.moved) >= {"person_identifier", "source_record", "episode", "fracture", "feed_row"}


def test_one_fracture_that_both_records_tell_of_becomes_one_episode(nurse: Actor) -> None:
    kept, gone = ww.two_people(nurse)
    world.deliver(nurse.service, world.report(kept), world.report(gone))
    keep, other = ww.person_of(nurse.service, kept), ww.person_of(nurse.service, gone)
    under_care = finding.confirm(episode=other.episodes.get(), by=nurse)
    merging.same_person(keep=keep, gone=other, words="One passport", by=nurse)
    states = dict(keep.episodes.values_list("pk", "state"))
    assert states.pop(under_care.pk) == "to_assess"
    assert list(states.values()) == ["not_for_us"]
    assert under_care.fractures.get().source_records.count() == 2


def test_letters_and_calls_move_along_and_stay_as_they_were(nurse: Actor) -> None:
    kept, gone = ww.two_people(nurse)
    world.deliver(nurse.service, world.report(kept))
    episode = world.planned(nurse, person=gone, on=date(2026, 5, 1))
    from openfls.service.actions import writing

    letter = writing.write(episode=episode, kind="gp", by=nurse)
    content = letter.content
    keep = ww.person_of(nurse.service, kept)
    merging.same_person(keep=keep, gone=episode.person, words="One passport", by=nurse)
    assert Letter.objects.get().person == keep
    assert Letter.objects.get().content == content


def test_two_under_care_are_not_put_together_until_one_is_closed(nurse: Actor) -> None:
    row, keep, gone = _merge(nurse)
    finding.confirm(episode=keep.episodes.get(), by=nurse)
    second = finding.confirm(episode=gone.episodes.get(), by=nurse)
    before = tables()
    with pytest.raises(NotPossible, match="Close one of them"):
        merging.same_person(keep=keep, gone=gone, row=row, words="One passport", by=nurse)
    assert tables() == before
    closing.close(episode=second, reason=Closing.NOT_APPROPRIATE, by=nurse)
    merging.same_person(keep=keep, gone=gone, row=row, words="One passport", by=nurse)
    assert keep.episodes.count() == 2


def test_a_number_that_the_service_did_not_know_joins_its_person(nurse: Actor) -> None:
    known = world.demographics(identifiers=(ww.hospital_number("OLD"),))
    world.deliver(nurse.service, world.report(known))
    row = ww.merge_message(nurse, replace(known, identifiers=(ww.hospital_number("NEW"),)), known)
    waiting = waiting_of(row)
    assert (waiting.kept, waiting.gone) == (None, ww.person_of(nurse.service, known))
    merging.same_person(keep=waiting.people[0], row=row, by=nurse)
    world.deliver(
        nurse.service, world.report(replace(known, identifiers=(ww.hospital_number("NEW"),)), site=Site.HIP)
    )
    assert Person.objects.count() == 1


def test_not_the_same_is_remembered(nurse: Actor) -> None:
    row, keep, gone = _merge(nurse)
    assert [(pair.one, pair.other) for pair in merging.possible_duplicates(nurse.service)] == [
        tuple(sorted((keep, gone), key=lambda each: str(each.pk)))
    ]
    with pytest.raises(NotPossible, match="Say how"):
        merging.not_same(one=keep, other=gone, words=" ", row=row, by=nurse)
    merging.not_same(one=keep, other=gone, words="Twins", row=row, by=nurse)
    assert merging.possible_duplicates(nurse.service) == []
    assert Person.objects.count() == 2
    row.refresh_from_db()
    assert (row.waiting, row.reason) == (None, "not the same person: Twins")
    assert RowDecision.objects.get().kind == RowDecision.Kind.NOT_SAME


def test_people_of_two_services_are_never_put_together(nurse: Actor, service: Service) -> None:
    mine = world.found(service).person
    theirs = world.found(world.service("south")).person
    with pytest.raises(NotAllowed, match="another service"):
        merging.same_person(keep=mine, gone=theirs, words="One passport", by=nurse)
    row = ww.doubtful(nurse)
    with pytest.raises(NotAllowed, match="another service"):
        deciding.this_person(row=row, person=theirs, by=nurse)


# What the rules left out.


@pytest.mark.parametrize(
    "columns",
    [{}, {"person": world.demographics(birth_date=date(1990, 1, 1))}],
    ids=["a finger", "a young person’s finger"],
)
def test_a_row_that_was_left_out_is_put_forward_with_the_reason(columns, nurse: Actor) -> None:
    row = ww.left_out(nurse, **columns)
    assert row.outcome == FeedRow.Outcome.REJECTED
    with pytest.raises(NotPossible, match="Say why"):
        bringing_back.put_forward(row=row, reason="", by=nurse)
    episode = bringing_back.put_forward(row=row, reason="The wrist is meant", by=nurse)
    assert (episode.state, episode.triage) == ("found", "review")
    assert "The wrist is meant" in episode.reason
    row.refresh_from_db()
    assert row.outcome == FeedRow.Outcome.NEW
    assert episode.fractures.get().source_records.get().row == row
    with pytest.raises(NotPossible, match="not left out"):
        bringing_back.put_forward(row=row, reason="Again", by=nurse)


def test_it_stays_put_forward_and_a_verdict_stays_whatever_comes_later(nurse: Actor) -> None:
    row = ww.left_out(nurse)
    episode = bringing_back.put_forward(row=row, reason="The wrist is meant", by=nurse)
    person = row.person
    world.deliver(
        nurse.service, world.report(person.demographics(), site=Site.HIP, side=Side.LEFT, on=date(2025, 1, 1))
    )
    episode.refresh_from_db()
    assert episode.state == "found"
    finding.refute(episode=episode, reason=NotForUs.NO_FRACTURE, by=nurse)
    world.deliver(nurse.service, world.report(person.demographics(), site=Site.PELVIS, on=date(2024, 1, 1)))
    episode.refresh_from_db()
    assert episode.state == "not_for_us"
    invariants.check(episode.pk)


def test_a_person_under_fifty_is_put_forward_too(nurse: Actor) -> None:
    observation = world.report(world.demographics(birth_date=date(1985, 1, 1)), record="young")
    world.deliver(nurse.service, observation)
    row = FeedRow.objects.get(record="young")
    assert "under 50" in row.reason
    assert bringing_back.put_forward(row=row, reason="On steroids", by=nurse).state == "found"
