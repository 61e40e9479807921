"""Undo takes a step back with all that it made, for a day; after that a correction needs its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Channel, Closing, ContactOutcome, NotForUs
from openfls.service import clock
from openfls.service.actions import assessing, closing, finding, planning, reviewing, undoing, writing
from openfls.service.actor import Actor
from openfls.service.models import Episode, Review
from service import invariants
from service.doings import TAKING, seen_of

Make = Callable[[Actor], Episode]


def _answered(by: Actor) -> Episode:
    episode = world.confirmed(by)
    assessing.answer(episode=episode, answers={"falls_last_year": 1}, by=by)
    _call_again(episode, by)
    return episode


def _call_again(episode: Episode, by: Actor) -> None:
    reviewing.contact(
        episode=episode, channel=Channel.TELEPHONE, outcome=ContactOutcome.NO_ANSWER, on=clock.today(), by=by
    )


def _planned(by: Actor) -> Episode:
    episode = world.planned(by, on=world.TODAY - timedelta(days=370))
    _call_again(episode, by)
    return episode


def _reviewed(by: Actor) -> Episode:
    episode = world.planned(by, on=world.TODAY - timedelta(days=370))
    _record(episode, by, Review.Kind.WEEK_16)
    _call_again(episode, by)
    return episode


def _record(episode: Episode, by: Actor, kind: Review.Kind) -> None:
    on = clock.today() - timedelta(days=100 if kind is Review.Kind.WEEK_16 else 0)
    reviewing.record(episode=episode, kind=kind, heard=TAKING, reviewed_on=on, by=by)


def _refuted(by: Actor) -> Episode:
    return finding.refute(episode=world.found(by.service), reason=NotForUs.KNOWN, by=by)


STEPS: list[tuple[str, Make, Callable[[Episode, Actor], object]]] = [
    ("confirm", lambda by: world.found(by.service), lambda e, by: finding.confirm(episode=e, by=by)),
    (
        "refute",
        lambda by: world.found(by.service),
        lambda e, by: finding.refute(episode=e, reason=NotForUs.KNOWN, by=by),
    ),
    ("bring_back", _refuted, lambda e, by: finding.bring_back(episode=e, by=by)),
    (
        "finish_assessment",
        _answered,
        lambda e, by: assessing.finish(episode=e, assessed_on=world.TODAY, by=by),
    ),
    (
        "agree_plan",
        world.assessed,
        lambda e, by: planning.agree(episode=e, agreed=world.AGREED, agreed_on=world.TODAY, by=by),
    ),
    ("review_at_16_weeks", _planned, lambda e, by: _record(e, by, Review.Kind.WEEK_16)),
    ("review_at_52_weeks", _reviewed, lambda e, by: _record(e, by, Review.Kind.WEEK_52)),
    ("close", _planned, lambda e, by: closing.close(episode=e, reason=Closing.MOVED, by=by)),
]


def _standing(episode: Episode) -> dict[str, object]:
    """What a reader sees of the episode: not its history, but all that counts now."""
    episode = Episode.objects.get(pk=episode.pk)
    assessment = getattr(episode, "assessment", None)
    return {
        "state": episode.state,
        "fragility": list(episode.fractures.values_list("fragility", flat=True)),
        "assessed": (assessment.assessed_on, assessment.finished_by_id) if assessment else None,
        "plans": list(episode.plans.filter(withdrawn=False).values()),
        "reviews": list(episode.reviews.filter(withdrawn=False).values()),
        "tasks": sorted(episode.tasks.filter(done_at=None, cancelled_at=None).values_list("kind", "due")),
        "audit row": getattr(episode, "flsdb_row", None) is not None,
    }


@pytest.mark.parametrize(("step", "make", "act"), STEPS, ids=[step for step, _, _ in STEPS])
def test_undo_restores_what_was(step: str, make: Make, act: Callable[..., object], nurse: Actor) -> None:
    episode = make(nurse)
    before = _standing(episode)
    with clock.at(clock.now() + timedelta(hours=1)):
        act(episode, nurse)
        assert _standing(episode) != before
        assert undoing.undo(episode=episode, by=nurse) == step
    assert _standing(episode) == before
    invariants.check(episode.pk)


@pytest.mark.parametrize(("step", "make", "act"), STEPS, ids=[step for step, _, _ in STEPS])
def test_it_can_be_done_again_after_an_undo(
    step: str, make: Make, act: Callable[..., object], nurse: Actor
) -> None:
    episode = make(nurse)
    act(episode, nurse)
    done = _standing(episode)
    undoing.undo(episode=episode, by=nurse)
    act(episode, nurse)
    again = _standing(episode)
    for rows in ("plans", "reviews"):
        assert len(again.pop(rows)) == len(done.pop(rows))  # type: ignore[arg-type]
    assert again == done
    invariants.check(episode.pk)


@pytest.mark.parametrize(
    ("later", "possible"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)]
)
def test_undo_is_for_a_day(later: timedelta, possible: bool, nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    with clock.at(clock.now() + later):
        assert undoing.can_undo(episode) is possible
        if possible:
            undoing.undo(episode=episode, by=nurse)
        else:
            with pytest.raises(NotPossible, match="more than a day old"):
                undoing.undo(episode=episode, by=nurse)


def test_an_approved_letter_ends_the_undo_and_a_draft_does_not(nurse: Actor) -> None:
    episode = world.planned(nurse)
    letter = writing.write(episode=episode, kind="gp", by=nurse)
    assert undoing.can_undo(episode)
    writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=nurse)
    with pytest.raises(NotPossible, match="letter has been approved"):
        undoing.undo(episode=episode, by=nurse)
    undoing.correct(episode=episode, reason="The wrong drug", by=nurse)
    assert episode.letters.get().approved_at is not None
    assert Episode.objects.get(pk=episode.pk).state == "to_plan"


def test_a_correction_keeps_its_reason_and_needs_one(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    with clock.at(clock.now() + timedelta(days=40)):
        for reason in ("", "  \n"):
            with pytest.raises(NotPossible, match="Say why"):
                undoing.correct(episode=episode, reason=reason, by=nurse)
        undoing.correct(episode=episode, reason=" Another person ", by=nurse)
    status = episode.statuses.last()
    assert (status.step, status.reason, status.by) == ("undo", "Another person", nurse.user)


def test_a_found_fracture_has_nothing_to_take_back(nurse: Actor) -> None:
    episode = world.found(nurse.service)
    assert not undoing.can_undo(episode)
    with pytest.raises(NotPossible, match="no step"):
        undoing.correct(episode=episode, reason="A slip", by=nurse)


def test_steps_are_taken_back_one_after_the_other(nurse: Actor) -> None:
    episode = world.planned(nurse)
    taken = [undoing.undo(episode=episode, by=nurse) for _ in range(3)]
    assert taken == ["agree_plan", "finish_assessment", "confirm"]
    assert not undoing.can_undo(episode)
    assert episode.statuses.count() == 7
