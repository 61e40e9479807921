"""What is counted, when, and how it is discounted."""

from __future__ import annotations

import numpy as np
import pytest

from openfls.toolkit.engine import (
    ANY,
    REST,
    CohortModel,
    Discount,
    Reward,
    Tunnel,
    point_weights,
    transition_table,
)


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


def test_point_weights_of_simpson():
    assert point_weights("simpson", 4) * 3 == pytest.approx([1, 4, 2, 4, 1])
