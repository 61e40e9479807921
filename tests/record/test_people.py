"""Ages and NHS numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openfls.record.people import age_on, is_valid_nhs_number, nhs_number_digits


def _check_digit(nine: list[int]) -> int | None:
    """The tenth digit by the rule in words; None where the nine digits can be no NHS number."""
    remainder = sum(digit * (10 - place) for place, digit in enumerate(nine)) % 11
    return {0: 0, 1: None}.get(remainder, 11 - remainder)


digits = st.lists(st.integers(0, 9), min_size=9, max_size=9)


@given(digits)
def test_exactly_the_right_check_digit_is_valid(nine: list[int]) -> None:
    stem = "".join(map(str, nine))
    valid = [last for last in range(10) if is_valid_nhs_number(f"{stem}{last}")]
    right = _check_digit(nine)
    assert valid == ([] if right is None else [right])


@given(digits, st.integers(0, 9), st.integers(0, 9))
def test_one_mistyped_digit_is_always_noticed(nine: list[int], place: int, typed: int) -> None:
    last = _check_digit(nine)
    assume(last is not None)
    number = [*nine, last]
    assume(number[place] != typed)
    number[place] = typed
    assert not is_valid_nhs_number("".join(map(str, number)))


@pytest.mark.parametrize("written", ["9990000018", "999 000 0018", "999-000-0018", " 999\t000\u00a00018 "])
def test_it_is_read_however_it_is_spaced(written: str) -> None:
    assert nhs_number_digits(written) == "9990000018"
    assert is_valid_nhs_number(written) is is_valid_nhs_number("9990000018")


@pytest.mark.parametrize(
    "written",
    ["", "999000001", "99900000180", "999000001X", "９９９００００２６４", "²²²²²²²²²²", "999.000.0018"],
)
def test_what_is_not_ten_plain_digits_is_no_number(written: str) -> None:
    assert not is_valid_nhs_number(written)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(1950, 3, 1), date(2026, 2, 28), 75),
        (date(1950, 3, 1), date(2026, 3, 1), 76),
        (date(1976, 6, 1), date(2026, 5, 31), 49),
        (date(1976, 6, 1), date(2026, 6, 1), 50),
        (date(1952, 2, 29), date(2025, 2, 28), 72),
        (date(1952, 2, 29), date(2025, 3, 1), 73),
        (date(1952, 2, 29), date(2024, 2, 28), 71),
        (date(1952, 2, 29), date(2024, 2, 29), 72),
        (date(2026, 6, 1), date(2026, 6, 1), 0),
    ],
)
def test_age_on_a_day(born: date, day: date, years: int) -> None:
    assert age_on(born, day) == years


@given(st.dates(), st.dates(), st.dates())
def test_nobody_grows_younger(born: date, one: date, other: date) -> None:
    assert age_on(born, min(one, other)) <= age_on(born, max(one, other))
