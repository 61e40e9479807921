"""The measures of a small world equal a plain count, and each number the list behind it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

import world
from openfls.quality.states import State
from openfls.record.clocks import ASSESS_WITHIN
from openfls.service import clock
from openfls.service.actions import assessing, finding
from openfls.service.actor import Actor
from openfls.service.models import Episode, Service
from openfls.service.quality.measures import measures_of, people_of

AS_OF = world.TODAY


@pytest.fixture
def small_world(nurse: Actor) -> Actor:
    """Nine episodes: found, refuted, confirmed, assessed at days 90 and 91, planned."""
    world.found(nurse.service)
    finding.refute(episode=world.found(nurse.service), reason=finding.NotForUs.HIGH_ENERGY, by=nurse)
    for days in (10, 200):
        world.confirmed(nurse, on=AS_OF - timedelta(days=days))
    for late in (ASSESS_WITHIN, ASSESS_WITHIN + 1):
        fracture = AS_OF - timedelta(days=150)
        with clock.at(world.at_noon(fracture + timedelta(days=late))):
            world.assessed(nurse, on=fracture)
    for days in (20, 30, 40):
        world.planned(nurse, on=AS_OF - timedelta(days=days))
    return nurse


def test_assessed_in_time_is_a_plain_count(small_world: Actor) -> None:
    (measure,) = [
        row
        for row in measures_of(small_world.service, AS_OF)
        if "90 days" in row.title.lower() or "90 days" in row.words.lower()
    ][:1]
    episodes = Episode.objects.filter(service=small_world.service).exclude(state__in=("found", "not_for_us"))
    in_time = sum(
        (episode.assessment.assessed_on - episode.index_date).days <= ASSESS_WITHIN
        for episode in episodes
        if hasattr(episode, "assessment") and episode.assessment.assessed_on
    )
    assert in_time == 4
    assert measure.numerator == in_time


def test_every_number_equals_the_list_behind_it(small_world: Actor) -> None:
    confirmed = set(
        map(
            str,
            Episode.objects.filter(service=small_world.service)
            .exclude(state__in=("found", "not_for_us"))
            .values_list("pk", flat=True),
        )
    )
    rows = [row for row in measures_of(small_world.service, AS_OF) if row.has_people]
    assert len(rows) > 5
    for row in rows:
        people = people_of(small_world.service, row.key, AS_OF)
        assert {person.record_id for person in people} <= confirmed
        assert len({person.record_id for person in people}) == len(people)
        states = Counter(person.state for person in people)
        assert states[State.MET] == row.numerator, row.key
        assert states[State.NOT_ELIGIBLE] == row.not_eligible, row.key
        assert all(person.reason for person in people if person.state != State.MET), row.key


def test_an_empty_service_has_every_measure_and_no_value(service: Service) -> None:
    rows = measures_of(service, AS_OF)
    assert rows
    assert all(row.denominator == 0 and row.value is None for row in rows)


def test_a_measure_follows_the_record_at_once(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    key = next(
        row.key
        for row in measures_of(nurse.service, AS_OF)
        if "90 days" in row.words.lower() or "90 days" in row.title.lower()
    )
    (before,) = people_of(nurse.service, key, AS_OF)
    assessing.answer(episode=episode, answers={"falls_last_year": 1}, by=nurse)
    assessing.finish(episode=episode, assessed_on=AS_OF, by=nurse)
    (after,) = people_of(nurse.service, key, AS_OF)
    assert (before.state, after.state) != (State.MET, State.MET)
    assert after.state == State.MET
