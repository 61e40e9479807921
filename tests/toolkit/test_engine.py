"""The engine's rules: shapes, tunnels, time, rewards, discounting, draws, and what it refuses."""

from __future__ import annotations

import textwrap

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
    Discount,
    LifeTable,
    ModelError,
    Reward,
    Tunnel,
    compare,
    competing,
    draws_from_counts,
    draws_of,
    gompertz_cumulative_hazard,
    gompertz_probability,
    hazard_value,
    matrix_from_counts,
    matrix_from_rates,
    point_weights,
    probability_from_rate,
    probability_with_ratio,
    rate_from_probability,
    rescaled_probability,
    simulate,
    transition_table,
    weibull_cumulative_hazard,
)
from toolkit.anchors import hiv, sick_sicker


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


def test_a_gompertz_hazard_gives_the_gompertz_survival():
    table = transition_table(
        ["Well", "Dead"],
        {("Well", "Dead"): lambda w: gompertz_probability(w, scale=0.01, shape=0.1), ("Well", "Well"): REST},
        cycles=30,
    )
    alive = CohortModel(table, {"Well": 1}).run().occupancy("Well")
    assert alive == pytest.approx(np.exp(-gompertz_cumulative_hazard(np.arange(31), scale=0.01, shape=0.1)))


def test_life_table_death_within_half_years_gives_its_survivors():
    table = LifeTable.from_probabilities([0.1, 0.2, 0.3], first_age=80)
    model = transition_table(
        ["Alive", "Dead"],
        {("Alive", "Dead"): table.death_probability, ("Alive", "Alive"): REST},
        cycles=6,
        cycle_length=0.5,
        age=80,
    )
    alive = CohortModel(model, {"Alive": 1}).run().occupancy("Alive")
    assert alive[::2] == pytest.approx([1, 0.9, 0.72, 0.504])


@pytest.mark.parametrize(
    ("correction", "counting", "first", "expected"),
    [
        # a cohort of 8, 4, 2 that loses half in each of two cycles; 100 % a year so the factors are 1, ½, ¼
        ("none", "start", 0, 8 + 4 / 2),
        ("none", "start", 1, 8 / 2 + 4 / 4),
        ("none", "end", 0, 4 + 2 / 2),
        ("none", "end", 1, 4 / 2 + 2 / 4),
        ("life-table", "start", 0, 6 + 3 / 2),
        ("trapezoid", "start", 1, 6 / 2 + 3 / 4),
        ("half-cycle", "start", 0, 8 / 2 + 4 / 2 + 2 / 2 / 4),
        ("simpson", "start", 0, 8 / 3 + 4 * 4 / 3 / 2 + 2 / 3 / 4),
        ([1.0, 0.0, 2.0], "start", 0, 8 + 2 * 2 / 4),
    ],
)
def test_counting_and_discounting_by_hand(correction, counting, first, expected):
    result = CohortModel(
        np.array([[0.5, 0.5], [0, 1]]),
        {"Well": 8},
        states=["Well", "Dead"],
        cycles=2,
        correction=correction,
        counting=counting,
        rewards={"years": Reward({"Well": 1}, discount=Discount(1.0, first=first))},
    ).run()
    assert result.total("years") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        (Discount(0.1), [1, 1.1**-0.5, 1.1**-1, 1.1**-1.5]),
        (Discount(0.1, first=0.5), [1.1**-0.25, 1.1**-0.75, 1.1**-1.25, 1.1**-1.75]),
        (Discount(0.1, whole_years=True), [1, 1, 1 / 1.1, 1 / 1.1]),
        (Discount(0.1, continuous=True), np.exp([0, -0.05, -0.1, -0.15])),
        (Discount(factors=[4, 3, 2, 1]), [4, 3, 2, 1]),
    ],
)
def test_discount_conventions_of_half_years(discount, expected):
    result = CohortModel(
        np.eye(1),
        [1.0],
        states=["Alive"],
        cycles=4,
        cycle_length=0.5,
        rewards={"x": Reward({"Alive": 1}, discount=discount), "year": Reward({"Alive": 1}, per_year=True)},
    ).run()
    assert result.by_cycle("x") == pytest.approx(expected)
    assert result.total("year") == pytest.approx(2.0)
    assert result.by_year("year") == pytest.approx([1, 1])


def test_moves_are_earned_once_and_discounted_apart_from_states():
    def total(**reward):
        return (
            CohortModel(
                np.array([[0.5, 0.5], [0, 1]]),
                {"Well": 8},
                states=["Well", "Dead"],
                cycles=2,
                correction=reward.pop("by", "none"),
                rewards={
                    "deaths": Reward(transitions={("Well", "Dead"): 1}, discount=Discount(1.0), **reward)
                },
            )
            .run()
            .total("deaths")
        )

    assert total() == pytest.approx(4 + 2 / 2)
    assert total(transitions_first=1) == pytest.approx(4 / 2 + 2 / 4)
    assert total(by="half-cycle") == pytest.approx(4 / 2 + 2 / 4)
    assert total(by="half-cycle", transitions_first=0) == pytest.approx(4 + 2 / 2)
    assert total(by="half-cycle", transitions_weighted=True) == pytest.approx(4 / 2 + 2 / 4 / 2)


def test_a_move_from_anywhere_leaves_out_staying():
    table = transition_table(
        ["A", Tunnel("B", 2), "Dead"],
        {("A", "B"): 0.5, ("A", "Dead"): 0.1, ("A", "A"): REST, ("B", "Dead"): 0.2, ("B", "B"): REST},
        cycles=5,
    )
    result = CohortModel(
        table,
        {"A": 1},
        rewards={
            "deaths": Reward(transitions={(ANY, "Dead"): 1}),
            "entries": Reward(transitions={(ANY, "B"): 1}),
            "as an array": Reward(transitions=np.array([[0, 0, 0, 1.0]] * 3 + [[0] * 4])),
        },
    ).run()
    assert result.total("deaths") == pytest.approx(result.trace[-1, -1])
    assert result.total("as an array") == pytest.approx(result.trace[-1, -1])
    assert result.total("entries") == pytest.approx(result.flow("A", "B").sum())


def test_rewards_as_arrays_equal_rewards_by_name():
    values = np.arange(12.0).reshape(6, 2)
    matrix = np.array([[0.8, 0.2], [0.1, 0.9]])
    result = CohortModel(
        matrix,
        [1.0, 0.0],
        states="AB",
        cycles=6,
        correction="life-table",
        rewards={
            "array": Reward(values),
            "named": Reward({"A": values[:, 0], "B": values[:, 1]}),
            "drawn": Reward(values[None].repeat(2, axis=0)),
        },
    ).run()
    assert result.total("array") == pytest.approx(result.total("named"))
    assert result.total("drawn") == pytest.approx([result.total("named")] * 2)


def test_values_at_points_are_averaged_within_the_cycle():
    at_points = [10.0, 20.0, 40.0]
    result = CohortModel(
        np.eye(1),
        [1.0],
        states=["Alive"],
        cycles=2,
        correction="life-table",
        rewards={"x": Reward({"Alive": at_points})},
    ).run()
    assert result.by_cycle("x") == pytest.approx([15, 30])


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(float, (4, 3, 3), elements=st.floats(0.01, 1)), st.integers(0, 2))
def test_people_are_neither_made_nor_lost(raw, first):
    matrices = raw / raw.sum(axis=-1, keepdims=True)
    trace = CohortModel(matrices, {"ABC"[first]: 5}, states="ABC", cycles=4).run().trace
    assert (trace >= 0).all()
    assert trace.sum(axis=1) == pytest.approx([5] * 5)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 0.95), st.floats(0.05, 5), st.floats(0.1, 4))
def test_rates_and_probabilities_are_inverse(probability, time, ratio):
    rate = rate_from_probability(probability, time)
    assert probability_from_rate(rate, time) == pytest.approx(probability)
    there = rescaled_probability(probability, from_time=1, to_time=time)
    assert rescaled_probability(there, from_time=time, to_time=1) == pytest.approx(probability)
    assert probability_with_ratio(probability, ratio) == pytest.approx(
        probability_from_rate(rate_from_probability(probability) * ratio)
    )


def test_competing_events_share_the_probability_of_any():
    found = competing([[0.1, 0.3], [0.0, 0.0]], 0.5)
    assert found.sum(axis=1) == pytest.approx([1 - np.exp(-0.2), 0])
    assert found[0, 1] == pytest.approx(3 * found[0, 0])


def test_point_weights_of_simpson():
    assert point_weights("simpson", 4) * 3 == pytest.approx([1, 4, 2, 4, 1])


@pytest.mark.parametrize("correction", ["none", "life-table", "half-cycle"])
def test_individuals_agree_with_the_cohort(correction):
    model = sick_sicker("B", correction)
    cohort = model.run()
    for name, estimate in simulate(model, 20_000, seed=20260101).items():
        assert estimate.standard_error > 0
        assert abs(estimate.mean - cohort.total(name)) < 4 * estimate.standard_error, name


def test_individuals_agree_with_tunnels_moves_and_draws():
    risk = np.array([[0.05], [0.2]])
    table = transition_table(
        ["Well", Tunnel("Event", 3), "Dead"],
        {
            ("Well", "Event"): risk,
            ("Well", "Well"): REST,
            ("Event", "Dead"): BySteps([0.5, 0.2, 0.1]),
            ("Event", "Event"): REST,
        },
        cycles=8,
    )
    model = CohortModel(
        table,
        {"Well": 10},
        rewards={
            "cost": Reward(
                {"Event": BySteps([9, 3, 1])},
                transitions={(ANY, "Dead"): 50},
                initial=7,
                discount=Discount(0.1, first=1),
            )
        },
    )
    for draw in range(2):
        found = simulate(model, 20_000, seed=5, draw=draw)["cost"]
        assert abs(found.mean - model.run().total("cost")[draw]) < 4 * found.standard_error
    assert simulate(model, 500, seed=5) == simulate(model, 500, seed=5)


def test_a_thousand_draws_of_the_hiv_model_hold_its_result():
    drawn = hiv("combination")
    matrices = np.broadcast_to(np.asarray(drawn.transitions), (1000, 20, 4, 4))
    result = CohortModel(
        matrices, drawn.start, drawn.rewards, states=drawn.states, cycles=20, counting="end"
    ).run()
    assert result.total("cost") == pytest.approx(
        np.full(1000, hiv("combination").run().total("cost")), rel=1e-12
    )


def test_the_model_of_the_package_text_runs():
    from openfls.toolkit import engine

    lines = engine.__doc__.split("in ten lines::")[1].split("What else")[0]
    names: dict[str, object] = {}
    exec(textwrap.dedent(lines), names)
    result = names["result"]
    assert result.states == ("Well", "Ill", "Dead")
    assert result.total("cost") > 500
    assert 0 < result.total("QALY") < 40


def test_comparing_draws_uses_their_means():
    risks = {"A": np.array([[0.1], [0.3]]), "B": np.array([[0.05], [0.2]])}
    results = {}
    for name, risk in risks.items():
        table = transition_table(["Well", "Dead"], {("Well", "Dead"): risk, ("Well", "Well"): REST}, cycles=5)
        cost = Reward({"Well": 10 if name == "A" else 30})
        results[name] = CohortModel(table, {"Well": 1}, {"cost": cost, "QALY": Reward({"Well": 1})}).run()
    costs, effects = draws_of(results)
    assert costs.shape == effects.shape == (2, 2)
    best = compare(results)[1]
    assert best.name == "B"
    assert best.icer == pytest.approx(
        (costs[:, 1].mean() - costs[:, 0].mean()) / (effects[:, 1].mean() - effects[:, 0].mean())
    )


COUNTS = [[1251, 350, 116, 17], [0, 731, 512, 15], [0, 0, 1312, 437], [0, 0, 0, 0]]


def test_counts_become_probabilities_and_draws_scatter_around_them():
    matrix = matrix_from_counts(COUNTS)
    assert matrix[0] == pytest.approx(np.array(COUNTS[0]) / 1734)
    assert matrix[3] == pytest.approx([0, 0, 0, 1])
    drawn = draws_from_counts(COUNTS, 4000, seed=1)
    assert drawn.shape == (4000, 1, 4, 4)
    assert drawn.mean(axis=0)[0] == pytest.approx(matrix, abs=0.001)
    share = matrix[0, 1]
    assert drawn[:, 0, 0, 1].std() == pytest.approx(np.sqrt(share * (1 - share) / 1735), rel=0.05)
    assert (drawn[:, 0, 1, 0] == 0).all()
    totals = CohortModel(drawn, [1, 0, 0, 0], {"years": Reward([1, 1, 1, 0])}, states="ABCD", cycles=20).run()
    assert totals.total("years").shape == (4000,)


def test_rates_become_probabilities_over_any_time():
    # ill to dead in closed form: a chain of two moves at rates a and b
    a, b, time = 0.7, 0.2, 3.0
    found = matrix_from_rates([[0, a, 0], [0, 0, b], [0, 0, 0]], time)
    ill = a / (a - b) * (np.exp(-b * time) - np.exp(-a * time))
    assert found[0] == pytest.approx([np.exp(-a * time), ill, 1 - np.exp(-a * time) - ill], rel=1e-12)
    halves = matrix_from_rates([[0, a, 0], [0, 0, b], [0, 0, 0]], time / 2)
    assert halves @ halves == pytest.approx(found, rel=1e-12)
    assert matrix_from_rates(np.zeros((2, 2))) == pytest.approx(np.eye(2))
    assert matrix_from_rates([[0, 900.0], [0, 0]])[0] == pytest.approx([0, 1])
    with pytest.raises(ModelError, match="never below zero"):
        matrix_from_rates([[0, -1], [0, 0]])


def test_an_array_of_rates_and_a_list_of_rewards_are_taken_as_they_are():
    matrices = matrix_from_rates(np.array([[[0, 0.1], [0, 0]], [[0, 0.4], [0, 0]]]), 0.5)
    result = CohortModel(
        matrices, [1, 0], {"x": Reward([2, 0])}, states=["A", "B"], cycles=2, cycle_length=0.5
    ).run()
    assert result.total("x") == pytest.approx(2 + 2 * np.exp(-0.05))
