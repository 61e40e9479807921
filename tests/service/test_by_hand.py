"""A fracture told on the telephone: like one of a feed, joined with what feeds tell, and taken back without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import world
from openfls.record.feeds import Energy
from openfls.record.findings import Certainty
from openfls.record.pathway import NotPossible
from openfls.record.people import NHS_NUMBER, Demographics, Identifier
from openfls.record.sites import Side, Site
from openfls.service import audit
from openfls.service.actions import finding, undoing
from openfls.service.actor import Actor
from openfls.service.by_hand.alike import candidates
from openfls.service.by_hand.numbers import drop_number, nhs_numbers_of
from openfls.service.by_hand.telling import can_untell, tell, untell
from openfls.service.models import AuditEvent, Delivery, Episode, FeedRow, Person
from service.feed_world import accounted, load, told
from service.identification_world import TOLD, by_hand


def test_it_stands_among_the_found_with_who_told_it(nurse: Actor) -> None:
    added = by_hand(nurse)
    episode = Episode.objects.get()
    assert (episode.state, episode.triage, added.joined) == ("found", "case", False)
    assert episode.reason == "new fracture at 76, told by a person; low-energy injury"
    (record,) = episode.index_fracture.source_records.all()
    assert record.display == "Told on the telephone by the ward sister"
    assert record.row.position.endswith("kept by Nurse Example")
    event = AuditEvent.objects.get(action="fracture.tell")
    assert (event.person, event.detail["how"]) == (str(episode.person_id), "telephone")
    assert accounted(Delivery.objects.counted().get())
    assert audit.verify(nurse.service)[1] == []


@pytest.mark.parametrize("feed_first", [False, True])
def test_a_feed_that_tells_of_it_too_joins_it_whichever_came_first(feed_first: bool, nurse: Actor) -> None:
    person = world.demographics()
    report = world.report(person, on=TOLD.placed.on + timedelta(days=2), site=Site.HIP, side=Side.RIGHT)
    if feed_first:
        world.deliver(nurse.service, report)
        assert by_hand(nurse, person=Person.objects.get()).joined
    else:
        by_hand(nurse, person=person)
        world.deliver(nurse.service, report)
    episode = Episode.objects.get()
    assert episode.index_date == TOLD.placed.on
    assert episode.index_fracture.source_records.count() == 2


def test_what_is_under_care_gains_evidence_and_no_second_episode(nurse: Actor) -> None:
    episode = finding.confirm(episode=by_hand(nurse).episode, by=nurse)
    assert by_hand(nurse, person=episode.person).joined
    assert Episode.objects.get().state == "to_assess"


def test_one_whom_the_rules_leave_out_is_put_forward_all_the_same(nurse: Actor) -> None:
    young = world.demographics(birth_date=world.TODAY.replace(year=1986))
    assert by_hand(nurse, person=young).episode.state == "found"
    assert "Told on the telephone" in Episode.objects.get().reason


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (replace(TOLD, teller=" "), "Say who told it"),
        (replace(TOLD, placed=replace(TOLD.placed, on=world.TODAY + timedelta(days=1))), "not in the future"),
        (replace(TOLD, placed=replace(TOLD.placed, on=world.TODAY.replace(year=1949))), "before the birth"),
        (replace(TOLD, placed=replace(TOLD.placed, site=Site.HAND)), "not for this service"),
        (replace(TOLD, placed=replace(TOLD.placed, levels=("T12",))), "spine alone"),
    ],
)
def test_what_cannot_be_is_refused_and_makes_nobody(told, said: str, nurse: Actor) -> None:
    with pytest.raises(NotPossible, match=said):
        tell(told=told, new=world.demographics(), by=nurse)
    assert not Person.objects.exists()


def test_nobody_named_and_a_number_of_somebody_else_are_refused(nurse: Actor) -> None:
    with pytest.raises(NotPossible, match="whose fracture"):
        by_hand(nurse, person=Demographics(given_name="Ada"))
    known = world.demographics()
    by_hand(nurse, person=known)
    with pytest.raises(NotPossible, match="known already"):
        by_hand(nurse, person=replace(known, family_name="Other"))
    dead = world.demographics(deceased=True)
    with pytest.raises(NotPossible, match="has died"):
        by_hand(nurse, person=dead)


def test_what_is_not_certain_or_has_no_day_is_for_review(nurse: Actor) -> None:
    added = tell(
        told=replace(
            TOLD, placed=replace(TOLD.placed, on=None), certainty=Certainty.POSSIBLE, energy=Energy.HIGH
        ),
        new=world.demographics(),
        by=nurse,
    )
    assert added.episode.triage == "review"
    assert "day of the fracture is not known" in added.episode.reason
    assert "high-energy" in added.episode.reason


def test_taken_back_it_leaves_no_person_that_nothing_else_tells_of(nurse: Actor) -> None:
    row = by_hand(nurse).row
    with pytest.raises(NotPossible, match="Say why"):
        untell(row=row, reason=" ", by=nurse)
    assert untell(row=row, reason="Another patient", by=nurse) is None
    assert not Person.objects.exists()
    row.refresh_from_db()
    assert (row.outcome, row.reason) == (FeedRow.Outcome.REJECTED, "taken back by a person: Another patient")
    assert accounted(Delivery.objects.counted().get())
    assert not can_untell(FeedRow.objects.get())


def test_taken_back_it_leaves_what_feeds_told(nurse: Actor) -> None:
    person = world.demographics()
    world.deliver(nurse.service, world.report(person))
    added = by_hand(nurse, person=Person.objects.get(), site=Site.HIP)
    # Within two weeks it is one event with the wrist that a report told of.
    assert [each.site for each in Episode.objects.get().fractures.all()] == ["wrist", "hip"]
    assert untell(row=added.row, reason="Not she", by=nurse) == added.episode.person
    assert [each.site for each in Episode.objects.get().fractures.all()] == ["wrist"]


def test_what_somebody_has_decided_about_is_not_taken_back(nurse: Actor) -> None:
    added = by_hand(nurse)
    finding.confirm(episode=added.episode, by=nurse)
    with pytest.raises(NotPossible, match="Take that back first"):
        untell(row=added.row, reason="Not she", by=nurse)
    undoing.undo(episode=added.episode, by=nurse)
    assert untell(row=added.row, reason="Not she", by=nurse) == added.episode.person
    assert Episode.objects.get().state == "not_for_us"


def test_who_could_be_meant_is_shown_the_likeliest_first(nurse: Actor) -> None:
    known = world.demographics(family_name="O'Brien", given_name="Mary Ann")
    world.deliver(
        nurse.service, world.report(known), world.report(world.demographics(family_name="Obrienson"))
    )

    def why(**columns: object) -> list[str]:
        told = world.demographics(**{"family_name": "X", "given_name": "Zoe", "birth_date": None, **columns})
        return [each.why for each in candidates(nurse.service, told)]

    assert why(identifiers=known.identifiers) == ["the same number"]
    assert why(family_name="o'brien", birth_date=known.birth_date) == [
        "the same family name and date of birth"
    ]
    assert why(family_name="Smith", given_name="Mary", birth_date=known.birth_date) == [
        "the same given name and date of birth"
    ]
    assert why(family_name="O'BRIEN", given_name="mary") == ["the same name; a date of birth is not known"]
    assert why(family_name="Zebra", given_name="Zoe") == []
    assert candidates(world.service("south"), known) == []


def test_a_number_that_is_not_hers_is_not_brought_back_by_the_next_message(nurse: Actor) -> None:
    hers, wrong = Identifier("urn:hospital", "H1"), Identifier(NHS_NUMBER, world.nhs_number())
    person = Demographics(
        identifiers=(hers, wrong), family_name="Smith", given_name="Jane", birth_date=date(1950, 5, 5)
    )
    load(nurse.service, [told(person, "one")])
    drop_number(person=Person.objects.get(), reason="Her sister’s", by=nurse)
    load(nurse.service, [told(person, "two", day=3)])
    assert nhs_numbers_of(Person.objects.get()) == []
