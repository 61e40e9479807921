"""The row of the national audit says what the record says, and leaves blank what it does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import world
from openfls.record.reasons import Channel, Closing, ContactOutcome, DxaDecision, ReviewOutcome
from openfls.service import clock
from openfls.service.actions import assessing, closing, reviewing, treating, undoing
from openfls.service.actor import Actor
from openfls.service.models import Episode, FlsdbRow, Review
from openfls.service.picture import picture_of
from openfls.service.quality.measures import people_of
from openfls.service.quality.trends import times
from openfls.service.spans import Span
from service import invariants

INDEX = world.TODAY - timedelta(days=10)


def _row(episode: Episode) -> FlsdbRow:
    return FlsdbRow.objects.get(episode=episode)


@pytest.mark.parametrize(
    ("decision", "scanned", "expected"),
    [
        (DxaDecision.DONE, INDEX - timedelta(days=1), ("No", "Recent scan", None)),
        (DxaDecision.DONE, None, ("No", "Recent scan", None)),
        (DxaDecision.DONE, INDEX, ("Ordered", None, INDEX)),
        (DxaDecision.ORDERED, None, ("Ordered", None, None)),
        (DxaDecision.ORDERED, world.TODAY, ("Ordered", None, world.TODAY)),
        (DxaDecision.ORDERED, INDEX - timedelta(days=1), ("Ordered", None, None)),
        (DxaDecision.DECLINED, world.TODAY, ("No", "Offered, and declined", None)),
    ],
)
def test_the_scan(
    decision: DxaDecision, scanned: date | None, expected: tuple[object, ...], nurse: Actor
) -> None:
    episode = world.confirmed(nurse)
    answers = {"bone_density.on": scanned.isoformat() if scanned else None, "care_home": False}
    assessing.answer(episode=episode, answers=answers, by=nurse)
    assessing.finish(episode=episode, assessed_on=world.TODAY, by=nurse)
    world.agree(episode, replace(world.AGREED, dxa=decision), nurse)
    row = _row(episode)
    assert (row.dxa, row.dxa_not_ordered_reason, row.dxa_date) == expected


def test_who_is_not_known_to_have_died_is_blank(nurse: Actor) -> None:
    assert _row(world.confirmed(nurse)).deceased is None


@pytest.mark.parametrize(("answer", "said"), [("alendronate", "Alendronate"), ("none", "None"), (None, None)])
def test_the_drug_at_the_fracture_in_words(answer: str | None, said: str | None, nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    assessing.answer(episode=episode, answers={"bone_drug_now": answer}, by=nurse)
    assert _row(episode).bone_therapy_at_fracture == said


def test_the_first_contact_is_the_earliest_and_not_after_the_assessment(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    assert _row(episode).fls_contact_date == world.TODAY
    reviewing.contact(
        episode=episode,
        channel=Channel.WARD,
        outcome=ContactOutcome.REACHED,
        on=world.TODAY - timedelta(days=3),
        by=nurse,
    )
    assert _row(episode).fls_contact_date == world.TODAY - timedelta(days=3)
    assessing.answer(episode=episode, answers={"care_home": False}, by=nurse)
    assessing.finish(episode=episode, assessed_on=world.TODAY - timedelta(days=5), by=nurse)
    assert _row(episode).fls_contact_date == world.TODAY - timedelta(days=5)


@pytest.mark.parametrize(
    ("outcome", "followed_up", "dated"),
    [
        (ReviewOutcome.NOT_STARTED, "Yes", True),
        (ReviewOutcome.NOT_REACHED, "No", False),
        (ReviewOutcome.DIED, "Died", False),
    ],
)
def test_a_follow_up_that_was_not_has_no_day(
    outcome: ReviewOutcome, followed_up: str, dated: bool, nurse: Actor
) -> None:
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=120))
    reviewing.record(
        episode=episode,
        kind=Review.Kind.WEEK_16,
        heard=reviewing.Heard(outcome),
        reviewed_on=clock.today(),
        by=nurse,
    )
    row = _row(episode)
    assert row.followed_up_16_weeks == followed_up
    assert row.follow_up_16_weeks_date == (world.TODAY if dated else None)


def test_the_start_of_treatment_is_the_first_since_the_diagnosis_and_counts(nurse: Actor) -> None:
    episode = world.planned(nurse, on=INDEX)
    assert _row(episode).bone_therapy_started_date is None
    for drug, days in (("denosumab", -400), ("alendronate", 5), ("zoledronate", 7)):
        day = INDEX + timedelta(days=days)
        treating.start(episode=episode, drug=drug, started_on=day, by=nurse)
    assert _row(episode).bone_therapy_started_date == INDEX + timedelta(days=5)
    (start,) = [
        each for each in times(nurse.service, world.TODAY, Span(None, None)) if each.step.key == "start_gap"
    ]
    assert (start.made, start.median) == (1, 5)
    states = {row.record_id: row.state for row in people_of(nurse.service, "started", world.TODAY, "pathway")}
    assert states == {str(episode.pk): "met"}


@pytest.mark.parametrize("dose_on", [None, INDEX])
def test_a_start_that_nobody_told_is_blank(dose_on: date | None, nurse: Actor) -> None:
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=120))
    heard = reviewing.Heard(ReviewOutcome.ON_TREATMENT, drug="zoledronate", dose_on=dose_on)
    reviewing.record(
        episode=episode, kind=Review.Kind.WEEK_16, heard=heard, reviewed_on=clock.today(), by=nurse
    )
    assert episode.treatments.count() == 1
    assert _row(episode).bone_therapy_started_date == dose_on


def test_the_kind_of_fracture_is_left_blank_while_the_options_are_not_known(nurse: Actor) -> None:
    """Our word for an ordinary fracture is "traumatic", which to the audit would say that it was no fragility one."""
    assert _row(world.confirmed(nurse)).fracture_type is None


def test_what_was_no_case_has_no_row_and_no_fracture_for_the_rules(nurse: Actor) -> None:
    episode = world.planned(nurse)
    before = picture_of(episode, world.TODAY).fractures
    assert before
    closing.close(episode=episode, reason=Closing.NOT_A_CASE, by=nurse)
    assert not FlsdbRow.objects.filter(episode=episode).exists()
    assert set(episode.fractures.values_list("fragility", flat=True)) == {False}
    assert picture_of(episode, world.TODAY).fractures == ()
    invariants.check(episode.pk)
    undoing.undo(episode=episode, by=nurse)
    assert _row(episode)
    assert picture_of(episode, world.TODAY).fractures == before
    invariants.check(episode.pk)


def test_advice_that_was_given_is_kept_when_its_assessment_is_taken_back(nurse: Actor) -> None:
    episode = world.assessed(nurse)
    given = episode.assessment.advice
    for answered in (2, 3):
        undoing.undo(episode=episode, by=nurse)
        assert Episode.objects.get(pk=episode.pk).assessment.assessed_on is None
        assessing.answer(episode=episode, answers={"falls_last_year": answered}, by=nurse)
        assessing.finish(episode=episode, assessed_on=world.TODAY, by=nurse)
    advice = Episode.objects.get(pk=episode.pk).assessment.advice
    assert advice["earlier"][0] == given
    assert [each["picture"]["falls_last_year"] for each in [*advice["earlier"], advice]] == [1, 2, 3]
