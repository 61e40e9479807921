"""Reviews levelled over days: everybody once, nobody early, nobody late who need not be; a calendar without names."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from dateutil.easter import easter as easter_of_others
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from openfls.integration.bank_holidays import bank_holidays, easter, holiday_name
from openfls.integration.calendar_feed import ClinicDay, feed
from openfls.integration.clinics import Levelled, Wanted, level

TODAY = date(2026, 6, 1)
UNTIL = TODAY + timedelta(days=13)
days = st.integers(-5, 16).map(lambda number: TODAY + timedelta(days=number))
people = st.lists(st.tuples(days, st.integers(0, 8)), max_size=14).map(
    lambda rows: [
        Wanted(f"p{number}", opens, opens + timedelta(days=long)) for number, (opens, long) in enumerate(rows)
    ]
)
places = st.lists(st.integers(0, 3), min_size=7, max_size=7)


def spread(wanted, week, fixed=None) -> Levelled:
    return level(wanted, lambda day: week[day.weekday()], today=TODAY, until=UNTIL, fixed=fixed)


def all_in_time(wanted: list[Wanted], week: list[int]) -> bool:
    """Whether everybody can have a place within the window, by trying to find one for each in turn (augmenting)."""
    seats = [
        (TODAY + timedelta(days=number), seat)
        for number in range(14)
        for seat in range(week[(TODAY + timedelta(days=number)).weekday()])
    ]
    held: dict[tuple[date, int], Wanted] = {}

    def seat_for(one: Wanted, tried: set[tuple[date, int]]) -> bool:
        for seat in seats:
            if seat in tried or not one.opens <= seat[0] <= one.due:
                continue
            tried.add(seat)
            if seat not in held or seat_for(held[seat], tried):
                held[seat] = one
                return True
        return False

    return all(seat_for(one, set()) for one in wanted)


@settings(deadline=None, max_examples=150)
@given(people, places, st.randoms())
def test_everybody_once_never_early_never_over_the_places_in_any_order(wanted, week, random) -> None:
    found = spread(wanted, week)
    assert sorted([*(one.key for one in found.placed), *found.without]) == sorted(one.key for one in wanted)
    by_key = {one.key: one for one in wanted}
    for one in found.placed:
        assert max(TODAY, by_key[one.key].opens) <= one.on <= UNTIL
        assert one.late is (one.on > by_key[one.key].due)
    taken = Counter(one.on for one in found.placed)
    assert all(number <= week[day.weekday()] for day, number in taken.items())
    turned = list(wanted)
    random.shuffle(turned)
    assert spread(turned, week) == found


@settings(deadline=None, max_examples=150)
@given(people, places)
def test_nobody_is_late_where_nobody_need_be(wanted, week) -> None:
    if all_in_time(wanted, week):
        assert spread(wanted, week).late == 0


@settings(deadline=None, max_examples=80)
@given(
    people, places, st.dictionaries(st.sampled_from([f"p{number}" for number in range(14)]), days, max_size=4)
)
def test_a_chosen_day_holds_and_takes_its_place(wanted, week, fixed) -> None:
    found = spread(wanted, week, fixed)
    by_key = {one.key: one for one in found.placed}
    for one in wanted:
        if fixed.get(one.key, TODAY - timedelta(days=1)) >= TODAY:
            assert (by_key[one.key].on, by_key[one.key].fixed) == (fixed[one.key], True)
    levelled = Counter(one.on for one in found.placed if not one.fixed)
    for day, number in levelled.items():
        held = sum(one.fixed and one.on == day for one in found.placed)
        assert number <= max(0, week[day.weekday()] - held)


def test_the_days_are_filled_alike_where_there_is_time() -> None:
    """Twenty people with four weeks, and forty places a week: about one a day is enough."""
    wanted = [Wanted(f"p{number:02}", TODAY, TODAY + timedelta(days=27)) for number in range(20)]
    found = level(
        wanted,
        lambda day: 8 if day.weekday() < 5 else 0,
        today=TODAY,
        until=TODAY + timedelta(days=60),
    )
    taken = Counter(one.on for one in found.placed)
    assert set(taken.values()) == {1, 2}
    assert len(taken) >= 12
    assert max(taken) <= TODAY + timedelta(days=20), "a week is left to try again"
    assert found.late == 0


def test_one_place_a_day_is_levelled_too_and_who_is_late_comes_at_once() -> None:
    late = [
        Wanted(f"late{number}", TODAY - timedelta(days=60), TODAY - timedelta(days=9)) for number in range(2)
    ]
    wanted = [Wanted(f"p{number}", TODAY, TODAY + timedelta(days=27)) for number in range(6)]
    found = level([*late, *wanted], lambda _: 1, today=TODAY, until=TODAY + timedelta(days=60))
    on = {one.key: (one.on - TODAY).days for one in found.placed}
    assert sorted(on[key] for key in ("late0", "late1")) == [0, 1]
    others = sorted(day for key, day in on.items() if key.startswith("p"))
    assert others[-1] <= 20
    assert max(after - before for before, after in pairwise(others)) <= 6
    assert min(after - before for before, after in pairwise(others)) >= 2


def calendar_of(*clinics: ClinicDay) -> Calendar:
    stamp = datetime(2026, 3, 1, 9, tzinfo=UTC)
    made = feed(
        clinics, uid_of="x", title="Clinic", zone="Europe/London", address="https://fls.example/", stamp=stamp
    )
    return Calendar.from_ical(made)


@settings(deadline=None, max_examples=40)
@given(
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    st.times().map(lambda told: told.replace(second=0, microsecond=0, fold=0)),
)
def test_a_clinic_begins_at_its_hour_of_the_wall_clock_on_every_day(on, starts) -> None:
    if time(1) <= starts < time(2):
        starts = time(9)  # the hour that a change of the clocks leaves out, or has twice, is no clinic's
    event = calendar_of(ClinicDay(on, 3, starts, 20)).events[0]
    begins = event["dtstart"].dt
    assert begins.replace(tzinfo=None) == datetime.combine(on, starts)
    assert event["duration"].dt == timedelta(minutes=60)


def test_over_the_change_of_the_clocks_and_on_a_leap_day() -> None:
    nine = time(9)
    found = calendar_of(
        *(ClinicDay(on, 1, nine) for on in (date(2026, 3, 28), date(2026, 3, 30), date(2028, 2, 29)))
    )
    utc = [event["dtstart"].dt.astimezone(UTC).hour for event in found.events]
    assert utc == [9, 8, 9]
    assert [zone["tzid"] for zone in found.timezones] == ["Europe/London"], "its rules go with it"


def test_a_day_without_an_hour_is_a_whole_day_and_the_same_day_the_same_event() -> None:
    first, again = (calendar_of(ClinicDay(date(2026, 3, 29), number)).events[0] for number in (2, 1))
    assert (first["dtstart"].dt, first["dtend"].dt) == (date(2026, 3, 29), date(2026, 3, 30))
    assert first["uid"] == again["uid"]
    assert (first["summary"], again["summary"]) == ("Reviews: 2 people", "Reviews: 1 person")


def test_a_day_with_assessments_says_so_and_is_as_long_as_both_take() -> None:
    event = calendar_of(ClinicDay(date(2026, 3, 30), 2, time(9), 20, 1, 45)).events[0]
    assert event["summary"] == "Reviews: 2 people; Assessments: 1 person"
    assert event["duration"].dt == timedelta(minutes=85)


def test_easter_is_what_another_library_says() -> None:
    assert all(easter(year) == easter_of_others(year) for year in range(1900, 2200))


@given(st.integers(1972, 2199))
@settings(max_examples=60)
def test_a_year_has_eight_bank_holidays_all_on_weekdays(year: int) -> None:
    found = bank_holidays(year)
    assert len(found) == 8
    assert all(day.weekday() < 5 and day.year == year for day in found)


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
@settings(max_examples=40)
def test_a_day_is_a_bank_holiday_where_the_year_says_so(day: date) -> None:
    assert bool(holiday_name(day)) is (day in bank_holidays(day.year))


def test_substitute_days_follow_the_weekend() -> None:
    """Christmas on a Saturday, on a Sunday, and New Year's Day on a Saturday."""
    christmas = {
        year: [day.day for day in bank_holidays(year) if day.month == 12] for year in (2021, 2022, 2027)
    }
    assert christmas == {2021: [27, 28], 2022: [26, 27], 2027: [27, 28]}
    assert date(2028, 1, 3) in bank_holidays(2028)
    assert date(2026, 12, 28) in bank_holidays(2026), "Boxing Day on a Saturday"
