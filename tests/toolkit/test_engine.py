"""The engine's rules: shapes, tunnels, time, draws, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from openfls.toolkit.engine import (
    ANY,
    REST,
    BySteps,
    CohortModel,
    ModelError,
    Reward,
    Tunnel,
    hazard_value,
    transition_table,
    weibull_cumulative_hazard,
)
from toolkit.anchors import hiv


def test_a_row_that_does_not_sum_to_one_is_named_by_state_and_cycle():
    matrices = np.tile(np.array([[0.9, 0.1], [0.0, 1.0]]), (5, 1, 1))
    matrices[3, 0, 1] = 0.08
    model = CohortModel(matrices, {"Well": 1}, states=["Well", "Dead"], cycles=5)
    with pytest.raises(ModelError, match=r"from state 'Well' in cycle 4 sum to 0.98, not to 1"):
        model.run()


@pytest.mark.parametrize("value", [-0.1, 1.2, float("nan")])
def test_what_is_no_probability_is_named_by_both_states(value):
    with pytest.raises(ModelError, match=r"from state 'Well' to '(Dead|Well)' in cycle 1"):
        transition_table(["Well", "Dead"], {("Well", "Dead"): value, ("Well", "Well"): REST}, cycles=3)


def test_the_draw_is_named_too():
    with pytest.raises(ModelError, match=r"'Well' in cycle 2 \(draw 1\) sum to 0.9"):
        transition_table(
            ["Well", "Dead"],
            {
                ("Well", "Dead"): np.array([[0.1, 0.1], [0.1, 0.1]]),
                ("Well", "Well"): np.array([[0.9, 0.9], [0.9, 0.8]]),
            },
            cycles=2,
        )


def test_a_plain_array_as_long_as_the_draws_gets_a_hint():
    with pytest.raises(ModelError, match=r"7 values for 3 cycles .*shape \(7, 1\)"):
        transition_table(["A", "B"], {("A", "B"): np.full(7, 0.1), ("A", "A"): REST}, cycles=3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": {"Wel": 1}}, "'Wel' is no state of this model; its states are Well, Dead"),
        ({"start": [1.0, -1.0]}, "negative number of people"),
        ({"rewards": {"cost": Reward({"Ill": 1})}}, "'Ill' is no state"),
        (
            {"rewards": {"cost": Reward({"Well": [1.0, 2.0]})}},
            "reward 'cost' of state 'Well': 2 values for 5 cycles",
        ),
        ({"correction": "simpson"}, "even number of cycles, got 5"),
        ({"correction": "halfcycle"}, "unknown correction"),
        ({"cycles": 0}, "at least one cycle"),
        ({"transitions": np.eye(3)}, r"shape \(1, 3, 3\)"),
    ],
)
def test_what_cannot_be_run_says_why(change, message):
    given_ = {
        "transitions": np.array([[0.9, 0.1], [0.0, 1.0]]),
        "start": {"Well": 1},
        "states": ["Well", "Dead"],
        "cycles": 5,
    }
    with pytest.raises(ModelError, match=message):
        CohortModel(**{**given_, **change}).run()


def test_the_same_model_in_every_form_of_transitions():
    one = np.array([[0.7, 0.2, 0.1], [0.0, 0.6, 0.4], [0.0, 0.0, 1.0]])
    cells = {("A", "B"): 0.2, ("A", "C"): 0.1, ("A", "A"): REST, ("B", "C"): 0.4, ("B", "B"): REST}
    forms = [
        one,
        np.tile(one, (6, 1, 1)),
        np.tile(one, (4, 6, 1, 1)),
        np.tile(one, (4, 1, 1, 1)),
        lambda when: one,
    ]
    expected = None
    for form in forms:
        model = CohortModel(form, {"A": 1}, states="ABC", cycles=6, rewards={"x": Reward({"B": 3})})
        total = np.unique(np.round(model.run().total("x"), 12))
        expected = total if expected is None else expected
        assert total == pytest.approx(expected, abs=1e-12)
    table = CohortModel(transition_table("ABC", cells, cycles=6), {"A": 1}, rewards={"x": Reward({"B": 3})})
    assert table.run().total("x") == pytest.approx(expected[0], abs=1e-12)


def test_draws_are_the_single_models_side_by_side():
    risks = np.array([0.05, 0.1, 0.3])
    costs = np.array([100.0, 50.0, 10.0])

    def model(risk, cost):
        table = transition_table(
            ["Well", "Dead"], {("Well", "Dead"): risk, ("Well", "Well"): REST}, cycles=10
        )
        reward = Reward(
            {"Well": cost},
            transitions={("Well", "Dead"): cost},
            initial=cost if np.ndim(cost) == 0 else cost[:, 0],
        )
        return CohortModel(table, {"Well": 1}, rewards={"cost": reward}).run()

    together = model(risks[:, None], costs[:, None])
    assert together.trace.shape == (3, 11, 2)
    assert together.by_year("cost").shape == (3, 10)
    for draw in range(3):
        alone = model(risks[draw], costs[draw])
        assert together.total("cost")[draw] == pytest.approx(alone.total("cost"), rel=1e-12)
        assert together.by_year("cost")[draw] == pytest.approx(alone.by_year("cost"), rel=1e-12)


def test_tunnel_states_remember_how_long():
    # The risk of death falls with the cycles since the event: 0.5, then 0.2, then 0.1 for ever.
    table = transition_table(
        ["Well", Tunnel("Event", 3), "Dead"],
        {
            ("Well", "Event"): 0.25,
            ("Well", "Well"): REST,
            ("Event", "Dead"): BySteps([0.5, 0.2, 0.1]),
            ("Event", "Event"): REST,
        },
        cycles=4,
    )
    assert table.layout.states == ("Well", "Event 1", "Event 2", "Event 3", "Dead")
    result = CohortModel(
        table,
        {"Event": 1},
        rewards={"cost": Reward({"Event": BySteps([9, 3, 1])}), "time": Reward({"Event": 1})},
    ).run()
    assert result.occupancy("Event") == pytest.approx([1, 0.5, 0.4, 0.36, 0.324])
    assert result.trace[3] == pytest.approx([0, 0, 0, 0.36, 0.64])
    assert result.total("cost") == pytest.approx(9 + 0.5 * 3 + 0.4 + 0.36)
    assert result.total("time") == pytest.approx(1 + 0.5 + 0.4 + 0.36)
    assert result.flow("Event", "Dead") == pytest.approx([0.5, 0.1, 0.04, 0.036])


def test_a_tunnel_may_lead_out_at_its_end():
    table = transition_table(
        ["Ill", Tunnel("Treated", 2, then="Cured"), "Cured"],
        {("Ill", "Treated"): 1.0, ("Treated", "Ill"): 0.1, ("Treated", "Treated"): REST},
        cycles=3,
    )
    trace = CohortModel(table, {"Ill": 1}).run().trace
    assert trace[3] == pytest.approx([0.09, 0.1, 0, 0.81])


def test_time_in_a_tunnel_drives_a_weibull_hazard():
    def hazard(t):
        return weibull_cumulative_hazard(t, scale=0.1, shape=2.0)

    table = transition_table(
        [Tunnel("Ill", 8), "Dead"],
        {("Ill", "Dead"): hazard_value(hazard, in_state=True), ("Ill", "Ill"): REST},
        cycles=8,
        cycle_length=0.5,
    )
    alive = CohortModel(table, {"Ill": 1}).run().occupancy("Ill")
    assert alive == pytest.approx(np.exp(-0.1 * (np.arange(9) * 0.5) ** 2), rel=1e-12)


def test_age_and_time_reach_a_function_of_time():
    seen = []
    table = transition_table(
        ["Well", "Dead"],
        {
            ("Well", "Dead"): lambda when: seen.append((when.cycle, when.time, when.age)) or 0.1,
            ("Well", "Well"): REST,
        },
        cycles=3,
        cycle_length=0.5,
        age=60,
    )
    assert table.clock.age == 60
    assert seen == [(0, 0.0, 60.0), (1, 0.5, 60.5), (2, 1.0, 61.0)]


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(float, (4, 3, 3), elements=st.floats(0.01, 1)), st.integers(0, 2))
def test_people_are_neither_made_nor_lost(raw, first):
    matrices = raw / raw.sum(axis=-1, keepdims=True)
    trace = CohortModel(matrices, {"ABC"[first]: 5}, states="ABC", cycles=4).run().trace
    assert (trace >= 0).all()
    assert trace.sum(axis=1) == pytest.approx([5] * 5)


def test_a_thousand_draws_of_the_hiv_model_hold_its_result():
    drawn = hiv("combination")
    matrices = np.broadcast_to(np.asarray(drawn.transitions), (1000, 20, 4, 4))
    result = CohortModel(
        matrices, drawn.start, drawn.rewards, states=drawn.states, cycles=20, counting="end"
    ).run()
    assert result.total("cost") == pytest.approx(
        np.full(1000, hiv("combination").run().total("cost")), rel=1e-12
    )


def test_a_probability_for_each_point_is_refused():
    with pytest.raises(ModelError, match="transition 'A' to 'B': 4 values for 3 cycles"):
        transition_table(["A", "B"], {("A", "B"): [0.1, 0.1, 0.1, 0.1], ("A", "A"): REST}, cycles=3)
    move = Reward(transitions={("A", "B"): [1.0, 1.0, 1.0, 1.0]})
    with pytest.raises(ModelError, match="moving from 'A' to 'B': 4 values for 3 cycles"):
        CohortModel(np.eye(2), [1, 0], {"x": move}, states="AB", cycles=3).run()


@pytest.mark.parametrize("change", [{"cycle_length": 0.5}, {"age": 60}, {"cycles": 4}, {"states": "BA"}])
def test_a_model_cannot_contradict_its_transitions(change):
    table = transition_table("AB", {("A", "B"): 0.1, ("A", "A"): REST}, cycles=3)
    with pytest.raises(ModelError, match="transitions"):
        CohortModel(table, {"A": 1}, **change).run()


def test_a_table_steps_as_its_own_matrices_do():
    risk = np.array([[0.05, 0.1, 0.2, 0.1, 0.0, 0.3], [0.2, 0.0, 0.1, 0.4, 0.1, 0.1]])
    table = transition_table(
        ["Well", Tunnel("Event", 3), "Dead"],
        {
            ("Well", "Event"): risk,
            ("Well", "Dead"): lambda when: 0.01 * when.number,
            ("Well", "Well"): REST,
            ("Event", "Dead"): BySteps([0.5, [0.2, 0.1, 0.0, 0.0, 0.1, 0.2], 0.1]),
            ("Event", "Well"): 0.05,
            ("Event", "Event"): REST,
        },
        cycles=6,
    )
    whole = np.stack([table.at(cycle) for cycle in range(6)], axis=1)
    assert whole.shape == (2, 6, 5, 5)
    rewards = {"x": Reward({"Event": BySteps([3, 2, 1])}, transitions={(ANY, "Dead"): 7})}
    by_moves = CohortModel(table, {"Well": 1}, rewards).run()
    by_matrices = CohortModel(
        whole, [1, 0, 0, 0, 0], rewards, states=["Well", Tunnel("Event", 3), "Dead"], cycles=6
    ).run()
    assert by_moves.trace == pytest.approx(by_matrices.trace, abs=1e-14)
    assert by_moves.total("x") == pytest.approx(by_matrices.total("x"), abs=1e-13)
    assert by_moves.flow("Event", "Dead") == pytest.approx(by_matrices.flow("Event", "Dead"), abs=1e-14)
