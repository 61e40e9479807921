"""Wilson's interval against values worked out by hand, and the recall made of it."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.quality.charts import funnel_limits
from openfls.quality.intervals import wilson
from openfls.quality.recall import FEWEST, recall

# (k + z²/2 ± z √(k(n−k)/n + z²/4)) / (n + z²) with z² = 3.841459, worked out for each row.
BY_HAND = [
    (0, 10, 0.0, 0.2775),  # z² / (n + z²) = 3.8415 / 13.8415
    (10, 10, 0.7225, 1.0),
    (5, 10, 0.2366, 0.7634),
    (1, 1, 0.2065, 1.0),  # 1 − 3.8415 / 4.8415
    (0, 30, 0.0, 0.1135),
    (81, 263, 0.2553, 0.3662),  # a worked example of textbooks, often given as 0.255 to 0.366
    (15, 148, 0.0624, 0.1605),  # likewise
]


@pytest.mark.parametrize(("yes", "of", "low", "high"), BY_HAND)
def test_wilson_by_hand(yes: int, of: int, low: float, high: float) -> None:
    share = wilson(yes, of)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)
    assert share.value == yes / of


def test_nothing_counted_says_nothing() -> None:
    share = wilson(0, 0)
    assert (share.value, share.low, share.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize(("yes", "of"), [(-1, 3), (4, 3), (0, -1)])
def test_no_share(yes: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(yes, of)


@given(st.integers(0, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_share_and_mirrors(counts: tuple[int, int]) -> None:
    yes, of = counts
    share, other = wilson(yes, of), wilson(of - yes, of)
    assert 0 <= share.low <= (share.value if of else 0) <= share.high <= 1
    assert isclose(share.low, 1 - other.high, abs_tol=1e-9)
    assert of == 0 or (share.high - share.low) > 0


def test_recall_by_hand() -> None:
    # 40 drawn at 1 in 50 stand for 2000; 1 of 40 audited had one: 50 misses; 150 ÷ (150 + 50).
    found = recall(right=150, drawn=40, one_in=50, audited=40, missed=1)
    assert (found.passed_over, found.misses, found.value) == (2000, 50.0, 0.75)
    share = wilson(1, 40)
    assert found.low is not None
    assert found.high is not None
    assert isclose(found.low, 150 / (150 + 2000 * share.high))
    assert isclose(found.high, 150 / (150 + 2000 * share.low))


@pytest.mark.parametrize(
    ("right", "audited", "value"), [(100, FEWEST - 1, None), (100, FEWEST, 1.0), (0, 99, None)]
)
def test_too_few_to_say(right: int, audited: int, value: float | None) -> None:
    found = recall(right=right, drawn=100, one_in=50, audited=audited, missed=0)
    assert found.value == value
    assert (found.low is None) is (value is None)


@given(st.integers(1, 500), st.integers(FEWEST, 300), st.integers(1, 100), st.data())
def test_recall_lies_in_its_interval_and_more_misses_are_less(
    right: int, audited: int, one_in: int, data: st.DataObject
) -> None:
    missed = data.draw(st.integers(0, audited - 1))
    less = recall(right=right, drawn=audited, one_in=one_in, audited=audited, missed=missed + 1)
    more = recall(right=right, drawn=audited, one_in=one_in, audited=audited, missed=missed)
    assert 0 < more.low <= more.value <= more.high <= 1
    assert less.value < more.value


def test_more_than_the_whole_caseload_still_has_bounds():
    assert funnel_limits(1.3, 100, 3.0) == (100.0, 100.0)
