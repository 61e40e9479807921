"""The queue of the capacity planner, held against what queueing theory knows in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.toolkit.queueing import Clinic, erlang_wait, runs_of, slots_for_90_days, waits, year


def test_erlangs_formula_for_one_server_is_the_known_one():
    assert erlang_wait(0.5, 1.0, 1) == pytest.approx(0.5 / (1 - 0.5))
    assert erlang_wait(2.0, 1.0, 4) == pytest.approx(0.0869565, abs=1e-6)  # tables: P(wait) = 4/23
    with pytest.raises(ValueError, match="more arrive"):
        erlang_wait(2.0, 1.0, 2)


@pytest.mark.parametrize(("rate", "servers"), [(0.7, 1), (1.6, 2), (3.2, 4)])
def test_the_simulation_agrees_with_erlang_within_its_error(rate, servers):
    random = np.random.default_rng(7)
    means = []
    for _ in range(20):
        arrivals = np.cumsum(random.exponential(1 / rate, 4_000))
        means.append(waits(arrivals, random.exponential(1.0, 4_000), servers)[500:].mean())
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert abs(np.mean(means) - erlang_wait(rate, 1.0, servers)) < 4 * error + 0.02


def test_even_appointments_wait_half_as_long_as_random_ones():
    """M/D/1 (Pollaczek and Khinchine): half of the wait of M/M/1 at the same load."""
    quarters = year(Clinic(found_per_week=16, slots_per_week=20))[0].mean_weeks
    assert np.mean(quarters[1:]) == pytest.approx(erlang_wait(16, 20, 1) / 2, rel=0.12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.01, 5)), min_size=1, max_size=30), st.integers(1, 4))
def test_nobody_overtakes_and_nobody_is_served_twice_at_once(people, servers):
    gaps, services = (np.array(each) for each in zip(*people, strict=True))
    arrivals = np.cumsum(gaps)
    wait = waits(arrivals, services, servers)
    begun = arrivals + wait
    assert (wait >= 0).all()
    assert (np.diff(begun) >= -1e-9).all()
    for moment in begun:
        busy = ((begun <= moment) & (begun + services > moment + 1e-9)).sum()
        assert busy <= servers


def test_more_people_than_appointments_is_a_queue_that_grows():
    waiting = year(Clinic(22, 20))[0]
    assert waiting.load == pytest.approx(1.1)
    assert list(waiting.mean_weeks) == sorted(waiting.mean_weeks)
    assert waiting.still_waiting == pytest.approx(2 * 52, rel=0.25)


def test_a_backlog_waits_first_and_melts():
    alone, behind = (year(Clinic(18, 20, backlog))[0] for backlog in (0, 60))
    assert behind.mean_weeks[0] > alone.mean_weeks[0] + 1
    assert behind.mean_weeks[3] < behind.mean_weeks[0]


def test_the_second_clinic_gets_its_share_of_those_seen():
    first, second = year(Clinic(20, 25), Clinic(0, 8), 0.5)
    assert second.load == pytest.approx(10 / 8)
    assert second.still_waiting == pytest.approx(52 * 2, rel=0.25)
    assert first.still_waiting < 5


def test_the_appointments_that_are_needed_are_enough_and_hardly_more():
    wanted = slots_for_90_days(Clinic(10, 8, 40))
    assert wanted is not None
    assert max(year(Clinic(10, wanted, 40))[0].ninth_weeks) <= 90 / 7
    assert max(year(Clinic(10, wanted * 0.9, 40))[0].ninth_weeks) > 90 / 7


def test_large_areas_are_simulated_for_fewer_years():
    assert runs_of(Clinic(5, 5)) == 200
    assert 20 <= runs_of(Clinic(500, 500)) < 200
