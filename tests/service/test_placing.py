"""Day and place of a fracture put right by a person: kept, shown beside what was told, and not undone by a feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import world
from openfls.record.findings import Finding
from openfls.record.pathway import NotPossible, State
from openfls.record.people import Demographics
from openfls.record.sites import Side, Site
from openfls.service.actions import finding, undoing
from openfls.service.actions.placing import Placed, as_told, correction_of, place, placed_of
from openfls.service.actor import Actor
from openfls.service.models import Episode, FlsdbRow, Fracture, FractureCorrection
from service import invariants
from service.feed_world import episodes, told

pytestmark = pytest.mark.django_db
BROKE = date(2026, 3, 14)


def _undated(by: Actor, person: Demographics, record: str = "undated") -> Fracture:
    world.deliver(by.service, replace(told(person, record), on=None))
    return Fracture.objects.get(source_records__row__record=record)


def _right(fracture: Fracture, by: Actor, **changed: object) -> Fracture:
    placed = replace(placed_of(fracture), **changed)
    return place(fracture=fracture, placed=placed, reason="She told the day", by=by)


def test_an_undated_fracture_gets_its_day_and_the_clock_follows(nurse: Actor) -> None:
    person = world.demographics()
    fracture = _right(_undated(nurse, person), nurse, on=BROKE)
    episode = fracture.episode
    assert (episode.index_date, fracture.on) == (BROKE, BROKE)
    assert "not known" not in episode.reason
    kept = correction_of(fracture)
    assert kept is not None
    assert (kept.told_on, kept.on, kept.by, kept.reason) == (None, BROKE, nurse.user, "She told the day")
    finding.confirm(episode=episode, by=nurse)
    assert FlsdbRow.objects.get(episode=episode).index_diagnosis_date == BROKE
    world.deliver(nurse.service, replace(told(person, "undated again"), on=None))
    assert [(row.index_date, row.state) for row in Episode.objects.all()] == [(BROKE, State.TO_ASSESS)]
    invariants.check(episode.pk)


def test_a_record_that_tells_the_right_day_joins_and_a_repeat_of_the_wrong_one_too(nurse: Actor) -> None:
    person = world.demographics()
    world.deliver(nurse.service, told(person, "wrong", side=Side.LEFT))
    _right(Fracture.objects.get(), nurse, on=BROKE, side=Side.RIGHT)
    world.deliver(
        nurse.service,
        replace(told(person, "right", side=Side.RIGHT), on=BROKE + timedelta(days=2)),
        told(person, "the wrong again", day=30, side=Side.LEFT),
    )
    [(day, state, [(on, site, side, records)])] = episodes(nurse.service)
    assert (day, state, on, site, side) == (BROKE, State.FOUND, BROKE, Site.WRIST, Side.RIGHT)
    assert records == ("right", "the wrong again", "wrong")


def test_a_new_version_of_the_record_does_not_undo_it(nurse: Actor) -> None:
    person = world.demographics()
    world.deliver(nurse.service, told(person, "a", version="1"))
    _right(Fracture.objects.get(), nurse, site=Site.HUMERUS)
    world.deliver(
        nurse.service, replace(told(person, "a", version="2"), text="Fracture of the left wrist again.")
    )
    assert [row.site for row in Fracture.objects.all()] == [Site.HUMERUS]


def test_the_other_bone_of_the_same_report_stays(nurse: Actor) -> None:
    report = told(world.demographics(), "both bones")
    two = (Finding(Site.WRIST, Side.LEFT), Finding(Site.HIP, Side.RIGHT))
    world.deliver(nurse.service, replace(report, findings=two))
    wrist = Fracture.objects.get(site=Site.WRIST)
    _right(wrist, nurse, site=Site.HUMERUS)
    assert sorted(Fracture.objects.values_list("site", "side")) == [("hip", "right"), ("humerus", "left")]
    assert Episode.objects.count() == 1


def test_taken_back_it_stands_as_told(nurse: Actor) -> None:
    person = world.demographics()
    world.deliver(nurse.service, told(person, "a"))
    before = episodes(nurse.service)
    fracture = _right(Fracture.objects.get(), nurse, on=BROKE, site=Site.ANKLE)
    as_told(fracture=fracture, by=nurse)
    assert episodes(nurse.service) == before
    with pytest.raises(NotPossible, match="Nothing of this fracture was put right"):
        as_told(fracture=Fracture.objects.get(), by=nurse)


def test_under_care_the_promises_follow_the_day(nurse: Actor) -> None:
    episode = world.planned(nurse)
    fracture = episode.index_fracture
    _right(fracture, nurse, on=fracture.on - timedelta(days=7))
    episode.refresh_from_db()
    due = dict(episode.tasks.values_list("kind", "due"))
    assert episode.index_date == world.TODAY - timedelta(days=17)
    assert due["review_16"] == episode.index_date + timedelta(days=112)
    assert FlsdbRow.objects.get(episode=episode).index_diagnosis_date == episode.index_date
    as_told(fracture=fracture, by=nurse)
    episode.refresh_from_db()
    assert episode.index_date == world.TODAY - timedelta(days=10)
    invariants.check(episode.pk)


def test_what_turns_out_to_be_a_known_fracture_joins_it_and_stays_put_right(nurse: Actor) -> None:
    person = world.demographics()
    known = world.confirmed(nurse, person=person, on=BROKE)
    world.deliver(nurse.service, replace(told(person, "coded wrongly", site=Site.HUMERUS), on=None))
    _right(Fracture.objects.get(site=Site.HUMERUS), nurse, on=BROKE, site=Site.WRIST)
    states = {row.pk: row.state for row in Episode.objects.all()}
    assert states.pop(known.pk) == State.TO_ASSESS
    assert set(states.values()) <= {State.NOT_FOR_US}
    world.deliver(nurse.service, told(person, "another", day=300, site=Site.ANKLE))
    assert known.fractures.get().source_records.count() == 2
    assert FractureCorrection.objects.get().ended_at is None


def test_two_bones_of_an_episode_under_care_are_not_torn_apart(nurse: Actor) -> None:
    report = world.report(side=Side.LEFT)
    two = (Finding(Site.WRIST, Side.LEFT), Finding(Site.HIP, Side.RIGHT))
    [episode] = world.deliver(nurse.service, replace(report, findings=two))
    finding.confirm(episode=episode, by=nurse)
    wrist = episode.fractures.get(site=Site.WRIST)
    with pytest.raises(NotPossible, match="Take the confirming back first"):
        _right(wrist, nurse, on=BROKE)
    undoing.undo(episode=episode, by=nurse)
    _right(Fracture.objects.get(site=Site.WRIST), nurse, on=BROKE)
    assert [row.index_date for row in Episode.objects.order_by("index_date")] == [BROKE, report.on]


@pytest.mark.parametrize(
    ("placed", "reason", "said"),
    [
        ({}, "why", "Nothing is different"),
        ({"side": Side.RIGHT}, " ", "Say why it is put right"),
        ({"on": world.TODAY + timedelta(days=1)}, "why", "not in the future"),
        ({"on": date(1949, 1, 1)}, "why", "before the birth"),
        ({"on": None}, "why", "Enter the day"),
        ({"site": Site.HAND}, "why", "Say “Not for us” instead"),
        ({"levels": ("L1",)}, "why", "fracture of the spine alone"),
    ],
)
def test_what_cannot_have_been_is_refused(placed: dict, reason: str, said: str, nurse: Actor) -> None:
    fracture = world.found(nurse.service).index_fracture
    value: Placed = replace(placed_of(fracture), **placed)
    with pytest.raises(NotPossible, match=said):
        place(fracture=fracture, placed=value, reason=reason, by=nurse)
    assert not FractureCorrection.objects.exists()


def test_a_day_after_what_was_done_about_it_is_refused(nurse: Actor) -> None:
    fracture = world.assessed(nurse).index_fracture
    later = world.clock.at(world.at_noon(world.TODAY + timedelta(days=9)))
    with later, pytest.raises(NotPossible, match="Something was done about it on"):
        _right(fracture, nurse, on=world.TODAY + timedelta(days=5))
