"""A death that staff tell of: on the record at once, in the audit row, and gone again with the step's undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Channel, Closing, ContactOutcome, NotForUs, ReviewOutcome
from openfls.service import clock
from openfls.service.actions import closing, finding, reviewing, undoing, writing
from openfls.service.actor import Actor
from openfls.service.models import Episode, FlsdbRow, Person, Review
from service import invariants
from service.results_world import result

DIED = reviewing.Heard(ReviewOutcome.DIED)
FRACTURE = world.TODAY - timedelta(days=120)


def _review(kind: Review.Kind) -> Callable[[Episode, Actor], object]:
    return lambda e, by: reviewing.record(episode=e, kind=kind, heard=DIED, reviewed_on=clock.today(), by=by)


def _close(episode: Episode, by: Actor) -> object:
    return closing.close(episode=episode, reason=Closing.DIED, by=by)


def _seen_at_16(by: Actor) -> Episode:
    episode = world.planned(by, on=world.TODAY - timedelta(days=370))
    reviewing.record(
        episode=episode,
        kind=Review.Kind.WEEK_16,
        heard=reviewing.Heard(ReviewOutcome.NOT_STARTED),
        reviewed_on=world.TODAY - timedelta(days=200),
        by=by,
    )
    return episode


TOLD = {
    "refuted": (
        lambda by: world.found(by.service),
        lambda e, by: finding.refute(episode=e, reason=NotForUs.DIED, by=by),
        "found",
    ),
    "closed": (lambda by: world.planned(by, on=FRACTURE), _close, "review_16"),
    "at 16 weeks": (lambda by: world.planned(by, on=FRACTURE), _review(Review.Kind.WEEK_16), "review_16"),
    "at 52 weeks": (_seen_at_16, _review(Review.Kind.WEEK_52), "review_52"),
}


def _died(episode: Episode) -> bool:
    return Person.objects.get(pk=episode.person_id).deceased


def _call_again(episode: Episode, by: Actor) -> None:
    reviewing.contact(
        episode=episode, channel=Channel.TELEPHONE, outcome=ContactOutcome.NO_ANSWER, on=clock.today(), by=by
    )


def _open_calls(episode: Episode) -> int:
    return episode.tasks.filter(kind="call_again", done_at=None, cancelled_at=None).count()


@pytest.mark.parametrize("how", TOLD)
def test_the_record_says_so_and_the_undo_takes_it_back(how: str, nurse: Actor) -> None:
    make, tell, state = TOLD[how]
    episode = make(nurse)
    _call_again(episode, nurse)
    with clock.at(clock.now() + timedelta(hours=1)):
        tell(episode, nurse)
        assert _died(episode)
        assert Episode.objects.get(pk=episode.pk).state in ("closed", "not_for_us")
        assert _open_calls(episode) == 0
        invariants.check(episode.pk)
        for kind in ("person", "invitation", "could_not_reach"):
            with pytest.raises(NotPossible, match="cannot be written"):
                writing.write(episode=Episode.objects.get(pk=episode.pk), kind=kind, by=nurse)
        undoing.undo(episode=episode, by=nurse)
    assert not _died(episode)
    assert Episode.objects.get(pk=episode.pk).state == state
    assert _open_calls(episode) == 1
    invariants.check(episode.pk)


@pytest.mark.parametrize("how", ["closed", "at 16 weeks", "at 52 weeks"])
def test_the_audit_row_says_so(how: str, nurse: Actor) -> None:
    make, tell, _ = TOLD[how]
    episode = make(nurse)
    tell(episode, nurse)
    assert FlsdbRow.objects.get(episode=episode).deceased == "Yes"
    undoing.undo(episode=episode, by=nurse)
    assert FlsdbRow.objects.get(episode=episode).deceased is None


def test_the_other_episodes_of_the_person_follow(nurse: Actor) -> None:
    person = world.demographics()
    one = world.planned(nurse, person=person, on=FRACTURE)
    other = world.confirmed(nurse, person=person)
    _call_again(other, nurse)
    with clock.at(clock.now() + timedelta(hours=1)):
        _close(one, nurse)
        assert (_open_calls(other), FlsdbRow.objects.get(episode=other).deceased) == (0, "Yes")
        undoing.undo(episode=one, by=nurse)
    assert (_open_calls(other), FlsdbRow.objects.get(episode=other).deceased) == (1, None)


def test_an_undo_keeps_a_death_that_a_feed_told_of(nurse: Actor) -> None:
    episode = world.planned(nurse, on=FRACTURE)
    Person.objects.filter(pk=episode.person_id).update(deceased=True)
    _close(episode, nurse)
    undoing.undo(episode=episode, by=nurse)
    assert _died(episode)


@pytest.mark.parametrize("first", [0, 1])
def test_a_death_told_twice_goes_with_the_last_undo(first: int, nurse: Actor) -> None:
    person = world.demographics()
    episodes = [world.planned(nurse, person=person, on=FRACTURE), world.confirmed(nurse, person=person)]
    for episode in episodes:
        _close(episode, nurse)
    undoing.undo(episode=episodes[first], by=nurse)
    assert _died(episodes[0])
    undoing.undo(episode=episodes[1 - first], by=nurse)
    assert not _died(episodes[0])


def test_it_can_be_told_again_after_an_undo(nurse: Actor) -> None:
    episode = world.planned(nurse, on=FRACTURE)
    for _ in range(2):
        _close(episode, nurse)
        undoing.undo(episode=episode, by=nurse)
    assert not _died(episode)


def test_a_death_that_a_laboratory_tells_of_first_puts_the_found_to_rest(nurse: Actor) -> None:
    episode = world.found(nurse.service)
    told = result(episode, "egfr", 60.0)
    world.deliver(nurse.service, replace(told, person=replace(told.person, deceased=True)))
    assert _died(episode)
    assert Episode.objects.get(pk=episode.pk).state == "not_for_us"


def _undo(episode: Episode, by: Actor) -> object:
    return undoing.undo(episode=episode, by=by)


@pytest.mark.parametrize("step", [_close, _review(Review.Kind.WEEK_16), _undo])
def test_a_step_that_may_tell_of_a_death_locks_the_person_first(step, nurse: Actor) -> None:
    episode = world.planned(nurse, on=FRACTURE)
    with CaptureQueriesContext(connection) as queries:
        step(episode, nurse)
    people, episodes = Person._meta.db_table, Episode._meta.db_table
    reads = [each["sql"] for each in queries.captured_queries if each["sql"].startswith("SELECT")]
    first = next(sql for sql in reads if f'FROM "{people}"' in sql or f'FROM "{episodes}"' in sql)
    assert f'FROM "{people}"' in first
    if connection.vendor == "postgresql":
        assert first.endswith(f'FOR NO KEY UPDATE OF "{people}"')
