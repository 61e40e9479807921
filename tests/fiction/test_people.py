"""The people: numbers that reach nobody, names that are drawn from our lists, lives that hang together."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.fiction.people import birth_date, nhs_number
from openfls.fiction.tables import table
from openfls.record.people import age_on, is_valid_nhs_number

DRAMA = re.compile(r"(07700 900|01632 960)\d{3}")


def test_every_nhs_number_is_in_the_test_range(year):
    numbers = [person.nhs_number for person in year.people if person.nhs_number]
    assert all(re.fullmatch(r"999\d{7}", number) for number in numbers)


def test_a_few_nhs_numbers_are_missing_and_fewer_are_wrong(year):
    missing = sum(not person.nhs_number for person in year.people) / len(year.people)
    wrong = sum(
        bool(person.nhs_number) and not is_valid_nhs_number(person.nhs_number) for person in year.people
    )
    assert 0.02 < missing < 0.06
    assert 0 < wrong / len(year.people) < 0.025


def test_no_two_people_share_a_number(year):
    hospital = Counter(person.hospital_number for person in year.people)
    nhs = Counter(person.nhs_number for person in year.people if is_valid_nhs_number(person.nhs_number))
    assert max(hospital.values()) == 1
    assert max(nhs.values()) == 1


def test_telephones_and_postcodes_are_nobodys(year):
    for person in year.people:
        assert DRAMA.fullmatch(person.demographics.telephone)
        assert re.fullmatch(r"ZZ[1-9] \d[A-Z]{2}", person.demographics.postcode)


def test_names_come_from_the_lists(year):
    names = table("names")
    families = {family for group in names["group"] for family in group["family"]}
    assert {person.demographics.family_name for person in year.people} <= families
    assert len({person.demographics.family_name for person in year.people}) > 60


def test_most_are_fifty_or_older_some_younger_some_in_care_homes(year):
    ages = [event.age for event in year.events]
    assert 0.03 < sum(age < 50 for age in ages) / len(ages) < 0.12
    assert 0.02 < sum(person.care_home for person in year.people) / len(year.people) < 0.2


def test_the_age_of_an_event_is_the_persons_age_on_that_day(year):
    born = {person.key: person.demographics.birth_date for person in year.people}
    assert all(event.age == age_on(born[event.person], event.on) for event in year.events)


def test_nobody_breaks_a_bone_after_death(year):
    died = {person.key: person.died_on for person in year.people if person.died_on}
    assert died
    assert all(event.on < died[event.person] for event in year.events if event.person in died)


@settings(deadline=None, max_examples=60)
@given(st.integers(999_000_000, 999_999_999))
def test_the_check_digit_is_right_or_there_is_none(first_nine):
    number = nhs_number(first_nine)
    if number is None:
        assert not any(is_valid_nhs_number(f"{first_nine}{last}") for last in range(10))
    else:
        assert is_valid_nhs_number(number)


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.integers(18, 100), st.integers())
def test_a_birth_date_makes_the_age(on, age, seed):
    assert age_on(birth_date(Random(seed), on, age), on) == age
