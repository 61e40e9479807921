"""A review has its time: not before its window, and nobody is given up before the promised day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import world
from openfls.record.pathway import NotPossible, State
from openfls.record.reasons import ReviewOutcome
from openfls.service import clock
from openfls.service.actions import reviewing
from openfls.service.actor import Actor
from openfls.service.models import Episode, Review
from service.doings import TAKING
from service.snapshot import tables

FRACTURE = world.TODAY - timedelta(days=10)
GIVEN_UP = reviewing.Heard(ReviewOutcome.NOT_REACHED)
DIED = reviewing.Heard(ReviewOutcome.DIED)
WEEK_16, WEEK_52 = Review.Kind.WEEK_16, Review.Kind.WEEK_52


def _on(day: int) -> date:
    return FRACTURE + timedelta(days=day)


def _review(episode: Episode, kind: Review.Kind, heard: reviewing.Heard, day: int, by: Actor) -> None:
    with clock.at(world.at_noon(max(_on(day), world.TODAY))):
        reviewing.record(episode=episode, kind=kind, heard=heard, reviewed_on=_on(day), by=by)


@pytest.mark.parametrize(
    ("kind", "heard", "day", "why"),
    [
        (WEEK_16, TAKING, 83, "from 14 August 2026 on"),
        (WEEK_16, TAKING, 84, ""),
        (WEEK_16, GIVEN_UP, 111, "Record a contact instead"),
        (WEEK_16, GIVEN_UP, 112, ""),
        (WEEK_16, DIED, 20, ""),
        (WEEK_52, TAKING, 335, "from 23 April 2027 on"),
        (WEEK_52, TAKING, 336, ""),
        (WEEK_52, GIVEN_UP, 363, "Record a contact instead"),
        (WEEK_52, GIVEN_UP, 364, ""),
        (WEEK_52, DIED, 130, ""),
    ],
)
def test_when_a_review_can_be(
    kind: Review.Kind, heard: reviewing.Heard, day: int, why: str, nurse: Actor
) -> None:
    episode = world.planned(nurse, on=FRACTURE)
    if kind is WEEK_52:
        _review(episode, WEEK_16, TAKING, 120, nurse)
    if not why:
        _review(episode, kind, heard, day, nurse)
        return
    before = tables()
    with pytest.raises(NotPossible, match=why):
        _review(episode, kind, heard, day, nurse)
    assert tables() == before


def test_the_second_review_is_after_the_first(nurse: Actor) -> None:
    episode = world.planned(nurse, on=FRACTURE)
    _review(episode, WEEK_16, TAKING, 340, nurse)
    for day in (339, 340):
        with pytest.raises(NotPossible, match="dated after the one of"):
            _review(episode, WEEK_52, TAKING, day, nurse)
    _review(episode, WEEK_52, TAKING, 341, nurse)
    assert Episode.objects.get(pk=episode.pk).state == State.CLOSED
