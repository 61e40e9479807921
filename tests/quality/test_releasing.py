"""Whatever files are laid over each other, nobody can tell whether a small number is 1, 2, 3 or 4."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.quality.disclosure import FEW, FEW_OF, WIDEST, Shown, count_words
from openfls.quality.packs import measure_set
from openfls.quality.rating import percent_words, rating_of
from openfls.quality.releasing import MOST_OFF, part, parts
from openfls.quality.suppressing import FLAG, check, suppress
from openfls.record.errors import BadInput

SMALL = {1, 2, 3, 4}
COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=24)


def upto(first: int, steps: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every sequence of running totals from ``first`` on that never falls; ``most`` is the last of a five."""
    return (each for each in combinations_with_replacement(range(first, most + 1), steps))


def test_all_files_of_a_sequence_together_tell_no_small_number():
    """Every sequence of four months up to 19 people is tried, with every file of it at once: each month, each longer
    period. A pair of files, or three, tells no more than all of them."""
    periods = list(combinations(range(5), 2))
    behind: dict[tuple[int, ...], list[tuple[int, ...]]] = defaultdict(list)
    for later in upto(0, 4, 19):
        totals = (0, *later)
        behind[tuple(part(totals[since], totals[until]) for since, until in periods)].append(totals)
    for fits in behind.values():
        for since, until in periods:
            possible = {totals[until] - totals[since] for totals in fits}
            assert possible >= SMALL or not possible & SMALL, (fits[:3], since, until, possible)
    assert sum(map(len, behind.values())) == 8855


def test_the_reasons_of_a_year_beside_its_months_tell_none_either():
    """A year is divided twice, by two halves and by three reasons, after another year; all files at once."""
    behind: dict[tuple[int, ...], list[tuple[int, ...]]] = defaultdict(list)
    for before, half, one, two, end in product(range(10), range(15), range(15), range(15), range(15)):
        if before <= half <= end and before <= one <= two <= end:
            files = (part(0, before), part(before, half), part(half, end))
            files += (part(before, one), part(one, two), part(two, end))
            counts = (before, half - before, end - half, end - before, one - before, two - one, end - two)
            behind[files].append(counts)
    for fits in behind.values():
        for place in range(7):
            possible = {each[place] for each in fits}
            assert possible >= SMALL or not possible & SMALL, (place, possible)
    assert len(behind) == 32


@given(COUNTS, st.data())
def test_every_period_adds_up_and_is_four_away_at_most(counts, data):
    since = data.draw(st.integers(0, len(counts) - 1))
    until = data.draw(st.integers(since + 1, len(counts)))
    shown = part(sum(counts[:since]), sum(counts[:until]))
    assert shown == sum(parts(counts)[since:until])
    assert abs(shown - sum(counts[since:until])) <= MOST_OFF
    assert shown >= 0
    assert shown % 5 == 0


@given(met=st.integers(0, 400), missed=st.integers(0, 400), before=st.tuples(*[st.integers(0, 4)] * 2))
def test_percentage_and_rating_hold_for_the_exact_numbers_too(met, missed, before):
    shown = Shown.of_people(
        *(part(first, first + count) for first, count in zip(before, (met, missed), strict=True))
    )
    if shown.value is not None:
        assert abs(100 * met / (met + missed) - shown.value) <= shown.off + 0.5 <= WIDEST + 0.5
    thresholds = measure_set("flsdb").measure("kpi4").thresholds
    rating = shown.rating(thresholds)
    assert rating in ("", rating_of(thresholds, met, met + missed))


def test_what_is_told_in_words():
    few, some, many = Shown.of_people(0, 0), Shown.of_people(5, 20), Shown.of_people(300, 100)
    assert (few.numerator_words, few.denominator_words, few.percent_words) == (FEW, FEW_OF, "too few")
    assert (some.numerator_words, some.denominator_words, some.value) == ("5", "25", None)
    assert (many.percent_words, many.rating(measure_set("flsdb").measure("kpi4").thresholds)) == (
        "75 % ± 1",
        "amber",
    )
    assert (count_words(None), count_words(37.5)) == ("not passed on", "37.5")


def test_no_percentage_is_told_as_the_limit_that_it_does_not_reach():
    """51 of 64 is 79.7 % and amber: “80 % amber” would contradict itself."""
    told = [percent_words(value) for value in (79.69, 79.997, 80.0, 80.2, 81.4, 0.0, 100.0, 99.6, 0.3)]
    assert told == ["79.7", "80.00", "80", "80.2", "81", "0", "100", "99.6", "0.3"]


def row(measure, period, numbers, sex=None, service="Alder"):
    names = ("numerator", "denominator", "not_eligible", "unknown")
    value = numbers[0] / numbers[1] if numbers[1] else None
    told = {
        "measure": measure,
        "service": service,
        "period": period,
        "sex": sex,
        "value": value,
        "rating": "red",
    }
    return told | dict(zip(names, numbers, strict=True))


def test_results_by_year_and_by_group_add_up():
    years = [row("kpi4", year, (43, 61, 7, 2)) for year in ("2023", "2024")]
    by_sex = [
        row("kpi4", year, numbers, sex)
        for year in ("2023", "2024")
        for sex, numbers in (("Male", (3, 20, 4, 1)), ("Female", (40, 41, 3, 1)))
    ]
    whole = suppress(years, "flsdb")
    divided = suppress(by_sex, "flsdb", split=["sex"])
    assert [each["numerator"] for each in whole] == [40, 45]
    for each in whole:
        mine = [one for one in divided if one["period"] == each["period"]]
        assert sum(one["numerator"] or 0 for one in mine) == each["numerator"]
        assert {one["not_eligible"] for one in mine} == {None}
    men = divided[0]
    assert (men["numerator"], men["denominator"], men[FLAG]) == (None, 15, True)


@pytest.mark.parametrize(
    ("caseload", "hidden"), [(None, True), ({"Birch": 100.0}, True), ({"Alder": 9.0}, False)]
)
def test_a_guessed_caseload_counts_hip_fractures(caseload, hidden):
    (found,) = suppress([row("kpi2", "all", (45, 10, 0, 0))], "flsdb", caseload=caseload)
    assert (found["denominator"] is None) is hidden


@pytest.mark.parametrize(
    ("by", "split", "part_of_time"),
    [
        ("quarter", ["sex"], False),
        ("all", ["sex"], False),
        ("year", ["sex", "age_band"], False),
        ("year", [], True),
    ],
)
def test_what_is_no_part_of_one_sequence_does_not_leave(by, split, part_of_time):
    with pytest.raises(BadInput, match="--suppress"):
        check(by, split, part_of_time=part_of_time)
    check("year", ["sex"], part_of_time=False)
