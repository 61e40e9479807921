"""The transition table: nothing unreachable, nobody stuck, and one answer whoever asks."""

from __future__ import annotations

from itertools import product

import pytest

from openfls.record.pathway import (
    OPEN,
    PLACES,
    TRANSITIONS,
    UNDER_CARE,
    NotPossible,
    State,
    Step,
    can_step,
    check_step,
    diagram,
)


def test_every_state_is_reached_from_found() -> None:
    reached, before = {State.FOUND}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {moves[state] for moves in TRANSITIONS.values() for state in before if state in moves}
    assert reached == set(State)


def test_every_state_has_a_place_and_every_step_a_row() -> None:
    assert set(PLACES) == set(State)
    assert {state: place.state for state, place in PLACES.items()} == {state: state for state in State}
    assert set(TRANSITIONS) == set(Step)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_an_open_state_names_its_next_step_has_a_day_and_a_way_out(state: State) -> None:
    place = PLACES[state]
    assert place.next_step
    assert 0 <= place.not_before < place.within
    assert any(state in moves for moves in TRANSITIONS.values())


def test_from_every_open_state_the_episode_can_end() -> None:
    ended = set(State) - OPEN
    for _ in State:
        ended |= {source for moves in TRANSITIONS.values() for source, to in moves.items() if to in ended}
    assert ended == set(State)


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_the_question_and_the_check_agree(state: State, step: Step) -> None:
    if can_step(state, step):
        assert check_step(state, step) is TRANSITIONS[step][state]
    else:
        with pytest.raises(NotPossible, match=PLACES[state].list_title):
            check_step(state, step)


def test_only_confirming_brings_somebody_under_care() -> None:
    entries = {
        step
        for step, moves in TRANSITIONS.items()
        for source, target in moves.items()
        if target in UNDER_CARE and source not in UNDER_CARE
    }
    assert entries == {Step.CONFIRM}


def test_the_diagram_draws_every_state_and_every_move() -> None:
    lines = diagram().splitlines()
    moves = [
        f"    {source} --> {target}: {step}"
        for step, row in TRANSITIONS.items()
        for source, target in row.items()
    ]
    assert [line for line in lines if ":" in line] == moves
    assert all(any(state in line for line in lines) for state in State)
    assert {line.split()[0] for line in lines if line.endswith("--> [*]")} == set(State) - OPEN
