"""The promises, counted in days: the last day is kept, the day after is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.record.clocks import (
    ASSESS_WITHIN,
    REVIEW_16_AT,
    REVIEW_16_FROM,
    REVIEW_52_AT,
    REVIEW_52_FROM,
    Clock,
)


def test_the_published_days() -> None:
    assert (ASSESS_WITHIN, REVIEW_16_FROM, REVIEW_16_AT, REVIEW_52_FROM, REVIEW_52_AT) == (
        90,
        84,
        112,
        336,
        364,
    )


@pytest.mark.parametrize(
    ("start", "limit", "last_day"),
    [
        (date(2026, 1, 1), ASSESS_WITHIN, date(2026, 4, 1)),
        (date(2024, 1, 1), ASSESS_WITHIN, date(2024, 3, 31)),  # over 29 February
        (date(2024, 2, 29), REVIEW_16_AT, date(2024, 6, 20)),
        (date(2026, 1, 1), REVIEW_16_AT, date(2026, 4, 23)),
        (date(2023, 6, 1), REVIEW_52_AT, date(2024, 5, 30)),  # over 29 February
        (date(2025, 6, 1), REVIEW_52_AT, date(2026, 5, 31)),
    ],
)
def test_the_last_day_is_still_in_time(start: date, limit: int, last_day: date) -> None:
    clock = Clock(start, limit)
    assert clock.due == last_day
    assert (clock.is_over(last_day), clock.is_over(last_day + timedelta(days=1))) == (False, True)


def test_day_90_is_kept_and_day_91_is_not() -> None:
    clock = Clock(date(2024, 2, 1), ASSESS_WITHIN)
    day_90, day_91 = (clock.start + timedelta(days=days) for days in (90, 91))
    assert (clock.day(day_90), clock.days_left(day_90), clock.is_over(day_90)) == (90, 0, False)
    assert (clock.day(day_91), clock.days_left(day_91), clock.is_over(day_91)) == (91, -1, True)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 400), st.integers(-400, 800))
def test_the_days_add_up(start: date, limit: int, later: int) -> None:
    clock = Clock(start, limit)
    today = start + timedelta(days=later) if start.year > 2 else start
    assert clock.day(today) + clock.days_left(today) == limit
    assert clock.is_over(today) is (clock.days_left(today) < 0)
