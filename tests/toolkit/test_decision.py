"""Frontier, acceptability and the value of information."""

from __future__ import annotations

from itertools import pairwise
from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.toolkit.engine import (
    ModelError,
    Status,
    acceptability,
    acceptability_frontier,
    efficiency_frontier,
    evpi,
    evppi,
    icer,
    net_benefit,
    quadrant,
)

OPTIONS = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.tuples(st.integers(0, 50).map(float), st.integers(0, 50).map(float)),
    min_size=1,
)


def test_extended_dominance_by_hand():
    # b costs 10 per unit over a, c 2 per unit over b: a mixture of a and c beats b.
    found = {o.name: o for o in efficiency_frontier({"a": (0, 0), "b": (10, 1), "c": (14, 3), "d": (20, 2)})}
    assert found["a"].status is Status.REFERENCE
    assert found["b"].status is Status.EXTENDEDLY_DOMINATED
    assert found["d"].status is Status.DOMINATED
    assert (found["c"].icer, found["c"].against) == (pytest.approx(14 / 3), "a")
    assert found["b"].icer is None


def test_removing_one_option_may_free_or_dominate_the_one_before():
    found = efficiency_frontier({"a": (0, 0), "b": (10, 2), "c": (24, 4), "d": (31, 6)})
    assert [(o.name, str(o.status)) for o in found] == [
        ("a", "reference"),
        ("b", "on the frontier"),
        ("c", "extendedly dominated"),
        ("d", "on the frontier"),
    ]
    assert found[3].icer == pytest.approx(21 / 4)


@settings(max_examples=150, deadline=None)
@given(OPTIONS)
def test_the_frontier_is_what_some_willingness_to_pay_would_choose(options):
    found = efficiency_frontier(options)
    ratios = [o.icer for o in found if o.status is Status.ON_FRONTIER]
    assert ratios == pytest.approx(sorted(ratios))
    kept = {o.name for o in found if o.status in (Status.REFERENCE, Status.ON_FRONTIER)}
    edges = [0.0, *ratios, (ratios[-1] if ratios else 0) + 1]
    for amount in [*edges, *(sum(pair) / 2 for pair in pairwise(edges))]:
        best = max(net_benefit(*options[name], amount) for name in options)
        assert max(net_benefit(*options[name], amount) for name in kept) == pytest.approx(best)
    assert len(found) == len(options)


def test_quadrants_and_ratio():
    assert quadrant(1, 1) == "more effective and dearer"
    assert quadrant(-1, 1) == "dominant"
    assert quadrant(1, -1) == "dominated"
    assert quadrant(-1, -1) == "less effective and cheaper"
    assert quadrant(0, 0) == "no difference"
    assert icer(5, 0) is None


def drawn(size=4000):
    generator = np.random.default_rng(3)
    known, noise = generator.normal(0, 1, size), generator.normal(0, 1, size)
    effects = np.stack([np.zeros(size), 0.2 + known + 0.5 * noise], axis=1)
    return np.zeros((size, 2)), effects, known, noise


def test_acceptability_sums_to_one_and_shares_ties():
    costs, effects, _, _ = drawn()
    curves = acceptability(costs, effects, [0, 1, 10])
    assert curves.sum(axis=1) == pytest.approx(np.ones(3))
    assert curves[0] == pytest.approx([0.5, 0.5])
    assert curves[1] == pytest.approx(curves[2])
    option, share = acceptability_frontier(costs, effects, [10])[0]
    assert (option, share) == (1, pytest.approx(curves[2, 1]))


def test_perfect_information_in_closed_form():
    # Net benefit 1 is N(mu, s); EVPI = s φ(mu/s) − mu Φ(−mu/s) for mu > 0.
    costs, effects, known, noise = drawn(400_000)
    mean, spread = 0.2, np.sqrt(1.25)
    density = np.exp(-((mean / spread) ** 2) / 2) / np.sqrt(2 * np.pi)
    below = 0.5 * erfc(mean / spread / sqrt(2))
    assert evpi(costs, effects, 1) == pytest.approx(spread * density - mean * below, rel=0.02)
    # of one parameter alone: the same formula with its own spread
    density = np.exp(-(mean**2) / 2) / np.sqrt(2 * np.pi)
    alone = density - mean * 0.5 * erfc(mean / sqrt(2))
    assert evppi(costs, effects, known, 1) == pytest.approx(alone, rel=0.02)
    assert 0 <= evppi(costs, effects, noise, 1) <= evppi(costs, effects, known, 1) <= evpi(costs, effects, 1)
    assert evppi(costs, effects, np.ones(400_000), 1) == 0


def test_without_uncertainty_nothing_is_worth_knowing():
    same = np.tile([[1.0, 2.0]], (50, 1))
    assert evpi(same, same, 20_000) == 0


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ModelError, match=r"both \[draw, option\]"):
        evpi(np.zeros(3), np.zeros(3), 1)
