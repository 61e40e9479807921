"""Dates as people type them: a table of what is read, and of what is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.record.written_dates import read_date

DAY = date(2026, 3, 27)


@pytest.mark.parametrize(
    "typed",
    [
        "27/3/2026",
        "27/03/26",
        "27.03.26",
        "27-3-2026",
        "27 3 2026",
        "27 Mar 2026",
        "27 march 2026",
        "27 MARCH, 2026",
        "27 Marc 2026",
        "27-Mar-26",
        "2026-03-27",
        "  27 / 3 / 2026  ",
    ],
)
def test_it_is_read(typed: str) -> None:
    assert read_date(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "today",
        "27",
        "27/3",
        "3/27/2026",  # day before month, always
        "31/4/2026",
        "29/2/2025",
        "0/1/2026",
        "1/0/2026",
        "27/3/026",
        "27/3/20266",
        "27 Foo 2026",
        "27 junk 2026",  # it begins like June
        "2026-3-27",
        "2026-13-01",
        "0000-01-01",
        "27/3/2026 10:00",
    ],
)
def test_it_is_no_date(typed: str) -> None:
    assert read_date(typed) is None


def test_the_day_comes_before_the_month() -> None:
    assert read_date("5/4/2026") == date(2026, 4, 5)


def test_a_leap_day_is_one_in_leap_years_alone() -> None:
    assert (read_date("29 Feb 2024"), read_date("29 Feb 2026")) == (date(2024, 2, 29), None)


def test_two_digits_of_a_year_mean_the_century_asked_for() -> None:
    assert (read_date("1.2.45"), read_date("1.2.45", century=1900)) == (date(2045, 2, 1), date(1945, 2, 1))
    assert read_date("1.2.1845", century=1900) == date(1845, 2, 1)


@given(
    st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%d/%m/%Y", "%d %b %Y", "%d %B %Y", "%d.%m.%Y"])
)
def test_every_day_is_read_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form)) == day
    assert read_date(day.isoformat()) == day


@given(st.text(max_size=20))
def test_anything_typed_is_a_day_or_none(typed: str) -> None:
    assert isinstance(read_date(typed), date | None)
