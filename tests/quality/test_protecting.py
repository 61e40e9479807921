"""No small number can be worked out: whoever tries each number that fits what is shown finds four or more possible."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openfls.quality.disclosure import safe_group, safe_result, safe_share
from openfls.quality.protecting import SMALLEST, Sum, is_small, protect, rounded, share_bounds, whole_percent
from openfls.quality.rating import percent_words
from openfls.quality.suppressing import FLAG, suppress


def could_be(shown: int | None, most: int = 8) -> range:
    """The exact numbers behind what is shown; one that is suppressed is tried up to ``most``."""
    if shown is None:
        return range(1, most + 1)
    return range(1) if shown == 0 else range(max(SMALLEST, shown - 2), shown + 3)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3))
def test_parts_of_a_known_total_cannot_be_worked_out(counts):
    shown = safe_group(counts)
    total = None if is_small(sum(counts)) else rounded(sum(counts))
    tried = [could_be(value, 36) for value in shown]
    ways = [way for way in product(*tried) if total is None or sum(way) in could_be(total)]
    for place, count in enumerate(counts):
        if is_small(count):
            assert shown[place] is None
            possible = {way[place] for way in ways}
            assert len(possible) >= 4, (counts, shown)
            assert max(possible) >= 4


@settings(deadline=None, max_examples=12)
@given(st.tuples(*(st.integers(0, 3) for _ in range(5))))
def test_a_chain_of_sums_cannot_be_worked_out(counts):
    """What a step made is what the next one divides up: subtracting along the chain tells no more."""
    lost_1, open_1, made_2, lost_2, open_2 = counts
    made_1 = made_2 + lost_2 + open_2
    exact = {"0": made_1 + lost_1 + open_1, "m1": made_1, "l1": lost_1, "o1": open_1}
    exact |= {"m2": made_2, "l2": lost_2, "o2": open_2}
    shown = protect(exact, (Sum("0", ("m1", "l1", "o1")), Sum("m1", ("m2", "l2", "o2"))))
    possible: dict[str, set[int]] = {name: set() for name in exact}
    for last in product(*(could_be(shown[name]) for name in ("m2", "l2", "o2"))):
        first = sum(last)
        if first not in could_be(shown["m1"]) and shown["m1"] is not None:
            continue
        for lost, still in product(could_be(shown["l1"]), could_be(shown["o1"])):
            if shown["0"] is None or first + lost + still in could_be(shown["0"]):
                for name, value in zip(
                    ("m1", "l1", "o1", "m2", "l2", "o2"), (first, lost, still, *last), strict=True
                ):
                    possible[name].add(value)
    for name in possible.keys() - {"0"}:
        if is_small(exact[name]):
            assert len(possible[name]) >= 4, (exact, shown)
            assert max(possible[name]) >= 4


@settings(deadline=None)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=24), st.integers(0, 2**24))
def test_it_ends_whatever_is_suppressed_already(counts, which):
    """Also where a nought is suppressed for another reason, so that what is taken to be known does not add up."""
    cells = {str(place): count for place, count in enumerate(counts)}
    suppressed = [name for name in cells if which >> int(name) & 1]
    total = {"total": sum(counts)}
    shown = protect(
        cells | total, (Sum("total", tuple(cells), alone=True),), known=("total",), suppressed=suppressed
    )
    assert all(shown[name] is None for name in suppressed)
    assert all(shown[name] is None for name, count in cells.items() if is_small(count))


@given(numerator=st.integers(0, 60), rest=st.integers(0, 60))
def test_the_percentage_is_of_the_exact_numbers_and_gives_none_away(numerator, rest):
    shown = safe_share(numerator, numerator + rest)
    if shown.is_hidden:
        assert any(map(is_small, (numerator, rest, numerator + rest)))
        assert shown.value is None
        return
    assert shown.value == whole_percent(numerator, numerator + rest)
    tops, wholes = share_bounds(shown.numerator, shown.denominator, shown.value)
    assert tops[0] <= numerator <= tops[1]
    assert wholes[0] <= numerator + rest <= wholes[1]


def test_of_rounded_numbers_the_percentage_would_be_wrong():
    assert safe_share(8, 13).value == 62, "and 10 of 15 would be 67"
    assert (whole_percent(999, 1000), whole_percent(1, 1000), whole_percent(5, 5)) == (99, 1, 100)


def test_no_percentage_is_told_as_the_limit_that_it_does_not_reach():
    """51 of 64 is 79.7 % and amber: “80 % amber” would contradict itself, here and on the page."""
    assert (whole_percent(51, 64), whole_percent(64, 80), whole_percent(62, 77)) == (79, 80, 81)
    told = [percent_words(value) for value in (79.69, 79.997, 80.0, 80.2, 81.4, 0.0, 100.0, 99.6, 0.3)]
    assert told == ["79.7", "80.00", "80", "80.2", "81", "0", "100", "99.6", "0.3"]


@example(0, 12, 4, 7)  # the least of what is left was 4, and suppressed alone it can be no larger number
@given(*(st.integers(0, 30) for _ in range(4)))
def test_the_people_beside_a_share_cannot_be_worked_out(met, missed, out, still):
    found = safe_result(met, met + missed, out, still, of_people=True, of_fields=False)
    total = could_be(None if is_small(met + missed + out + still) else rounded(met + missed + out + still))
    counted = could_be(found.shown.denominator)
    if found.shown.denominator:
        _, (low, high) = share_bounds(found.shown.numerator, found.shown.denominator, found.shown.value)
        counted = range(low, high + 1)
    elif found.shown.is_hidden:
        counted = range(70)
    for count, mine, other in (
        (out, found.not_eligible, found.unknown),
        (still, found.unknown, found.not_eligible),
    ):
        if is_small(count):
            assert mine is None
            fits = {
                value
                for value in range(1, 5)
                for each in counted
                for more in could_be(other, 40)
                if value + each + more in total
            }
            assert fits == {1, 2, 3, 4} or max(total) < 2 * SMALLEST


def row(measure, sex, numbers, service="Alder", period="2024"):
    names = ("numerator", "denominator", "not_eligible", "unknown")
    value = numbers[0] / numbers[1] if numbers[1] else None
    return {
        "measure": measure,
        "service": service,
        "period": period,
        "sex": sex,
        "value": value,
        "rating": "red",
    } | dict(zip(names, numbers, strict=True))


def test_the_other_part_of_a_split_goes_too():
    rows = [
        row("kpi4", "Female", (40, 60, 0, 0)),
        row("kpi4", "Male", (3, 20, 0, 0)),
        row("kpi4", "Other", (9, 30, 0, 0)),
    ]
    women, men, others = suppress(rows, "flsdb", split=["sex"])
    assert (men["numerator"], men["value"], men["rating"], men[FLAG]) == (None, None, None, True)
    assert others["numerator"] is None, "or the men would be what is left of all"
    assert (women["numerator"], women["value"], women["rating"], women[FLAG]) == (40, 0.67, "red", False)


@pytest.mark.parametrize(
    ("caseload", "hidden"), [(None, True), ({"Birch": 100.0}, True), ({"Alder": 9.0}, False)]
)
def test_a_guessed_caseload_counts_hip_fractures(caseload, hidden):
    (found,) = suppress([row("kpi2", "Female", (45, 10, 0, 0))], "flsdb", caseload=caseload)
    assert (found["denominator"] is None) is hidden
