"""What must hold whatever is known of the person and in whatever order it became known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.intervention import Course, Situation, Verdict, grid, next_promise, promises, raised
from openfls.intervention.calendar import add_months, months_since, whole_months
from openfls.intervention.facts import PLAIN
from openfls.intervention.following import begun_after, latest_plan, plan_holds
from openfls.intervention.names import GROUPS
from openfls.intervention.packs import drugs
from openfls.intervention.packs import settings as limit_settings
from openfls.intervention.schedule import schedule
from openfls.intervention.standing import EpisodeAt, Where, standing
from openfls.intervention.worse import covers
from openfls.record.pathway import OPEN, State
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, PastFracture, Picture
from openfls.record.sites import Site

ON = date(2026, 6, 1)
several = settings(deadline=None, max_examples=60)
days = st.dates(date(2019, 1, 1), date(2036, 12, 31))
FLAGS = [name for name, kind in PLAIN.items() if kind is bool]
NUMBERS = {
    "age": st.integers(40, 100),
    "weight_kg": st.floats(35, 120),
    "creatinine_umol_l": st.floats(30, 400),
    "adjusted_calcium_mmol_l": st.floats(1.8, 3.0),
    "vitamin_d_nmol_l": st.floats(5, 150),
    "egfr": st.floats(5, 100),
}


@st.composite
def people(draw: st.DrawFn) -> Situation:
    """Somebody of whom some things are known."""
    known = draw(st.dictionaries(st.sampled_from(FLAGS), st.booleans(), max_size=len(FLAGS)))
    numbers = draw(st.fixed_dictionaries({}, optional=NUMBERS))
    scan = draw(st.none() | st.floats(-5, 1).map(lambda score: BoneDensity(ON, total_hip_t=score)))
    broken = draw(st.lists(st.sampled_from([Site.HIP, Site.WRIST, Site.VERTEBRA]), max_size=2))
    return Situation(
        Picture(
            on=ON,
            sex=draw(st.sampled_from([*Sex])),
            fractures=tuple(PastFracture(site, ON - timedelta(days=30), fragility=True) for site in broken),
            bone_density=scan,
            bone_drug_now=draw(st.sampled_from([None, "", "alendronate", "denosumab"])),
            **known,  # type: ignore[arg-type]
            **numbers,
        ),
        planned=draw(st.sampled_from(["", *sorted(GROUPS["any_drug"])])),
        very_high_risk=draw(st.none() | st.booleans()),
        index_on=ON - timedelta(days=30),
        age_at_index=numbers.get("age"),
    )


@several
@given(people())
def test_what_is_missing_never_makes_a_drug_suitable(person: Situation) -> None:
    for option in grid(person, "NG259@2026-07-29").options:
        if option.verdict is Verdict.SUITABLE:
            assert not option.missing
        if option.verdict is Verdict.UNKNOWN:
            assert option.missing


@several
@given(people(), st.data())
def test_forgetting_never_turns_a_drug_to_suitable_nor_an_alert_of_a_value_on(
    person: Situation, data
) -> None:
    forgotten = data.draw(st.sets(st.sampled_from([*FLAGS, *NUMBERS]), max_size=20))
    less = replace(person, picture=replace(person.picture, **dict.fromkeys(forgotten)))
    before = {option.drug.key: option.verdict for option in grid(person, "NOGG@2024").options}
    for option in grid(less, "NOGG@2024").options:
        if option.verdict is Verdict.SUITABLE:
            assert before[option.drug.key] is Verdict.SUITABLE
    asks_for_a_value = {"VITD-PARENTERAL", "CRCL-MISSING"}
    known = {one.rule.id for one in raised(person)} | asks_for_a_value
    assert {one.rule.id for one in raised(less)} <= known


@several
@given(people())
def test_an_old_result_may_warn_and_never_reassures(person: Situation) -> None:
    names = ("creatinine_umol_l", "weight_kg", "adjusted_calcium_mmol_l", "vitamin_d_nmol_l")
    old = replace(person, known_on=dict.fromkeys(names, date(2020, 1, 1)))
    fresh = {option.drug.key: option.verdict for option in grid(person, "NOGG@2024").options}
    for option in grid(old, "NOGG@2024").options:
        if fresh[option.drug.key] is Verdict.CONTRAINDICATED:
            assert option.verdict is Verdict.CONTRAINDICATED
        assert option.verdict is not Verdict.SUITABLE or fresh[option.drug.key] is Verdict.SUITABLE


@several
@given(people())
def test_every_drug_has_a_place_and_the_contraindicated_come_last(person: Situation) -> None:
    options = grid(person, "NG259@2026-07-29").options
    assert {option.drug.key for option in options} == {drug.key for drug in drugs()}
    last = [option.verdict is Verdict.CONTRAINDICATED for option in options]
    assert last == sorted(last)


@several
@given(people())
def test_alerts_are_the_same_when_asked_again_and_red_stands_first(person: Situation) -> None:
    found, again = raised(person), raised(person)
    assert found == again
    assert len({one.key for one in found}) == len(found)
    assert [one.rank for one in found] == sorted(one.rank for one in found)


@several
@given(people(), st.floats(1, 60), st.floats(0, 60))
def test_a_cause_that_gets_worse_is_never_covered_by_what_was_decided(person, fall, more) -> None:
    """Kidneys: a lower value is the same step or another alert, and never a lesser one."""
    taken = replace(person, planned="denosumab", picture=replace(person.picture, egfr=29.0))
    worse = replace(taken, picture=replace(taken.picture, egfr=max(1.0, 29.0 - fall)))
    better = replace(taken, picture=replace(taken.picture, egfr=min(29.9, 29.0 + more)))
    found = [
        next(one for one in raised(each) if one.rule.id == "DMAB-CKD") for each in (better, taken, worse)
    ]
    assert len({one.base for one in found}) == 1
    assert covers(found[2].levels, found[1].levels)
    assert covers(found[1].levels, found[0].levels)
    assert (found[2].key == found[1].key) is (found[2].levels == found[1].levels)
    if fall >= 5:
        assert not covers(found[1].levels, found[2].levels)


@given(days, st.integers(0, 240))
def test_months_on_the_calendar(day: date, months: int) -> None:
    later = add_months(day, months)
    assert whole_months(day, later) == months
    assert months_since(day, later) == months
    assert months_since(day, later + timedelta(days=1)) > months
    assert whole_months(day, later - timedelta(days=1)) == months - 1
    assert abs((later - day).days - months * 30.44) < 4


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2027, 8, 29), 6, date(2028, 2, 29)),  # a leap year
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 9, 29), 6, date(2026, 3, 29)),  # the clocks go forward that night
        (date(2026, 4, 25), 6, date(2026, 10, 25)),  # and back
    ],
)
def test_leap_years_and_changes_of_the_clock(start: date, months: int, due: date) -> None:
    assert add_months(start, months) == due
    late = next(
        one
        for one in promises(Course("denosumab", start, last_dose_on=start))
        if one.promise.id == "DMB-DOSE"
    )
    assert late.late_from == add_months(start, 7) + timedelta(days=1)


courses = st.builds(
    lambda drug, start, dose, end, paused, follow, review: Course(
        drug,
        start,
        last_dose_on=start + timedelta(days=dose),
        stopped_on=start + timedelta(days=dose + end) if end is not None else None,
        paused=paused and end is not None,
        follow_on=follow,
        reviewed_on=start + timedelta(days=review) if review else None,
    ),
    st.sampled_from(sorted(GROUPS["any_drug"])),
    days,
    st.integers(0, 2500),
    st.none() | st.integers(0, 400),
    st.booleans(),
    st.sampled_from(["", "zoledronate", "alendronate"]),
    st.none() | st.integers(1, 2500),
)
episodes = st.builds(
    EpisodeAt, st.sampled_from([*State]), days, st.sampled_from(["", "Moved to another service", "Reviewed"])
)


@given(courses)
def test_a_treatment_that_goes_on_always_has_a_next_promise(course: Course) -> None:
    due = next_promise(course)
    if course.goes_on:
        assert due is not None
        assert due.on <= add_months(course.reviewed_on or course.started_on, 12)
    assert len({one.promise.id for one in promises(course)}) == len(promises(course))
    for one in promises(course):
        assert one.late_from > one.on


@given(st.lists(episodes, max_size=4), st.lists(courses, max_size=3), st.booleans(), st.randoms())
def test_everybody_stands_in_one_place_with_a_next_step_or_a_reason(found, taken, died, random) -> None:
    where = standing(found, taken, deceased=died)
    assert bool(where.next_step) is (where.due is not None) is not bool(where.why_none)
    if any(episode.state in OPEN for episode in found) and not died:
        assert where.where is Where.UNDER_CARE
    shuffled, turned = list(found), list(taken)
    random.shuffle(shuffled)
    random.shuffle(turned)
    assert standing(shuffled, turned, deceased=died) == where


@given(courses, st.lists(courses, max_size=3), days)
def test_a_plan_alone_never_silences_for_long(course: Course, others: list[Course], today: date) -> None:
    latest = latest_plan(course, today, limit_settings())
    assert latest >= today
    planned = replace(course, follow_on="zoledronate", follow_on_due=latest, follow_on_told=today)
    assert plan_holds(planned, latest, limit_settings())
    assert not plan_holds(planned, latest + timedelta(days=1), limit_settings())
    too_late = replace(planned, follow_on_due=latest + timedelta(days=1))
    assert not plan_holds(too_late, latest, limit_settings())
    if begun_after(course, others):
        assert any(one.started_on >= course.last_on and one.drug != course.drug for one in others)


def test_every_promise_is_of_drugs_that_there_are() -> None:
    assert {drug for promise in schedule() for drug in promise.drugs} <= GROUPS["any_drug"] | {"alfacalcidol"}
