"""Rates, matrices, life tables, comparisons, and individuals against the cohort."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    matrix_from_counts,
    matrix_from_rates,
    probability_from_rate,
    probability_with_ratio,
    rate_from_probability,
    rescaled_probability,
    simulate,
    transition_table,
)
from toolkit.anchors import sick_sicker


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


def test_a_life_table_may_end_before_its_last_age():
    table = LifeTable.from_probabilities([0.5, 1.0, 1.0, 1.0])
    assert table.qx.tolist() == [0.5, 1.0, 1.0, 1.0]
    assert table.expectancy()[0] == pytest.approx(0.75 + 0.25)


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
