"""What the person said never takes the place of another value unseen, and contradictions are named before it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.service.actions import assessing, telling
from openfls.service.actor import Actor
from openfls.service.known import known_of, values_of
from openfls.service.models import AuditEvent, Episode, ToldValue
from openfls.service.told import doubts_of, person_says, waiting_for
from service import results_world as rw

TODAY = world.TODAY
BROKE = {"previous_fracture": False, "previous_hip_fracture": True}


@pytest.fixture
def episode(nurse: Actor) -> Episode:
    return world.confirmed(nurse)


def says(episode: Episode, field: str, value: object, days_ago: int = 20, reference: str = "q1") -> ToldValue:
    on = TODAY - timedelta(days=days_ago)
    told = person_says(person=episode.person, field=field, value=value, on=on, reference=reference)  # type: ignore[arg-type]
    assert told is not None
    return told


def words(episode: Episode) -> dict[str, str]:
    """The doubts by field."""
    found = doubts_of(episode, known_of(episode, TODAY), TODAY)
    return {
        row.field: found[f"told-{row.pk}"].words for row in waiting_for(episode) if f"told-{row.pk}" in found
    }


def test_an_older_answer_from_home_never_replaces_a_newer_clinical_value_unseen(
    episode: Episode, nurse: Actor
) -> None:
    rw.bring(episode, weight_kg=61.0)  # five days ago
    told, other = says(episode, "weight_kg", 70.0), says(episode, "falls_last_year", 2)
    assert words(episode) == {
        "weight_kg": "On record stands 61 kg (WINPATH RXX, 27 May 2026, newer). Choose which of the two counts."
    }
    assert telling.accept_all(episode=episode, seen=[told.pk, other.pk], by=nurse) == 1
    assert values_of(episode) == {"weight_kg": 61.0, "falls_last_year": 2}
    assert [row.field for row in waiting_for(episode)] == ["weight_kg"]
    with pytest.raises(NotPossible, match="61 kg"):
        telling.accept(episode=episode, told=told, by=nurse)
    (key,) = [claim.key for claim in [known_of(episode, TODAY)["weight_kg"].counts] if claim]
    # What stood there has changed since the page was shown: what is chosen is chosen of what is seen.
    assessing.answer(episode=episode, answers={"weight_kg": 62.0}, by=nurse)
    with pytest.raises(NotPossible, match="62 kg"):
        telling.accept(episode=episode, told=told, instead=key, by=nurse)
    stands = known_of(episode, TODAY)["weight_kg"].counts
    assert stands is not None
    telling.accept(episode=episode, told=told, instead=stands.key, by=nurse)
    assert values_of(episode)["weight_kg"] == 70.0
    event = AuditEvent.objects.filter(action="told.accept").last()
    assert event is not None
    assert stands.key in str(event.detail)


@pytest.mark.parametrize(
    ("stands", "told", "named"),
    [
        ({"previous_fracture": False}, {"previous_hip_fracture": True}, {"previous_hip_fracture"}),
        ({}, BROKE, set(BROKE)),
        ({"type_1_diabetes": True}, {"type_2_diabetes": True}, {"type_2_diabetes"}),
        ({"cardiovascular_disease": False}, {"myocardial_infarction_or_stroke": True},
         {"myocardial_infarction_or_stroke"}),
        ({}, {"postmenopausal": False}, {"postmenopausal"}),
        ({}, {"weight_kg": 24.0}, {"weight_kg"}),
        ({}, {"previous_fracture": True, "previous_hip_fracture": True}, set()),
    ],
)  # fmt: skip
def test_contradictions_and_odd_values_are_named_before_anything_is_accepted(
    episode: Episode, nurse: Actor, stands: dict[str, object], told: dict[str, object], named: set[str]
) -> None:
    if stands:
        assessing.answer(episode=episode, answers=stands, by=nurse)
    rows = [says(episode, field, value) for field, value in told.items()]
    assert set(words(episode)) == named
    seen = [row.pk for row in rows]
    if named == set(told):
        with pytest.raises(NotPossible, match="a choice of its own"):
            telling.accept_all(episode=episode, seen=seen, by=nurse)
    else:
        assert telling.accept_all(episode=episode, seen=seen, by=nurse) == len(told) - len(named)
    clash = doubts_of(episode, known_of(episode, TODAY), TODAY)
    for row in waiting_for(episode):
        if clash[f"told-{row.pk}"].clash:
            with pytest.raises(NotPossible, match="Put one of the two right first"):
                telling.accept(episode=episode, told=row, by=nurse)


def test_what_says_the_same_is_accepted_and_the_record_keeps_its_source(
    episode: Episode, nurse: Actor
) -> None:
    rw.bring(episode, weight_kg=61.0)
    telling.accept(episode=episode, told=says(episode, "weight_kg", 61), by=nurse)
    counts = known_of(episode, TODAY)["weight_kg"].counts
    assert counts is not None
    assert (counts.source, counts.on, waiting_for(episode)) == (rw.LAB, TODAY - timedelta(days=5), [])


def test_two_different_answers_of_the_person_to_one_question_are_chosen_between(
    episode: Episode, nurse: Actor
) -> None:
    rows = [says(episode, "falls_last_year", 1), says(episode, "falls_last_year", 3, 2, "q2")]
    assert "different answers" in words(episode)["falls_last_year"]
    with pytest.raises(NotPossible, match="a choice of its own"):
        telling.accept_all(episode=episode, seen=[row.pk for row in rows], by=nurse)
    telling.accept(episode=episode, told=rows[1], by=nurse)
    assert values_of(episode)["falls_last_year"] == 3
    assert "3" in words(episode)["falls_last_year"]
