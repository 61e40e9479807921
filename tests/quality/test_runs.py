"""The rules of the XmR chart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.quality.runs import Rule, limits, signals

STEADY = [10, 12, 9, 11, 10, 12, 9, 11, 10, 11]


def test_limits_by_hand() -> None:
    known = limits([10, 12, 10, 12, 10, 12, 10, 12])
    assert known is not None
    assert (known.mean, known.lower, known.upper) == (11, pytest.approx(11 - 5.32), pytest.approx(16.32))


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ([*STEADY, 40], Rule.ABOVE),
        ([*STEADY, 0], Rule.BELOW),
        ([20, 21] * 6 + [10, 11] * 4, Rule.RUN_BELOW),
        ([10, 11] * 4 + [20, 21] * 6, Rule.RUN_ABOVE),
        ([*STEADY, 9, 10, 11, 12, 13, 14], Rule.RISING),
        ([*STEADY, 14, 13, 12, 11, 10, 9], Rule.FALLING),
    ],
)
def test_the_last_value_is_a_signal(values: list[int], rule: Rule) -> None:
    assert rule in {signal.rule for signal in signals(values) if signal.position == len(values) - 1}


@pytest.mark.parametrize("values", [STEADY, [10] * 12, [1, 50, 2], [0] * 12, [*STEADY[:-1], 12]])
def test_no_signal_in_chance(values: list[int]) -> None:
    assert signals(values) == []


@given(st.lists(st.integers(0, 500), max_size=40))
def test_counts_have_no_limit_below_zero_and_signals_stay_inside(values: list[int]) -> None:
    known = limits(values)
    assert known is None or 0 <= known.lower <= known.mean <= known.upper
    assert all(0 <= signal.position < len(values) for signal in signals(values))
