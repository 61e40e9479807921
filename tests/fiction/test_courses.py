"""The courses: every step in its order, none after the end or after a death."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import get_args, get_type_hints

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from openfls.fiction import feed_files, generate
from openfls.fiction.courses import cut
from openfls.fiction.treatment import PARENTERAL, creatinine_clearance
from openfls.fiction.values import ContactOutcome, PlanKind, RefuteReason, Story
from openfls.record.picture import Picture
from openfls.record.sites import Site

PICTURE = get_type_hints(Picture)


def steps(course):
    """Every step of a course, in the order in which they must come."""
    chain = [
        course.decision,
        course.assessment,
        course.plan,
        course.review_16,
        course.review_52,
        course.closed,
    ]
    return [step for step in chain if step is not None]


def every_date(course):
    scan = [course.dxa.requested_on, course.dxa.on] if course.dxa else []
    return [
        *(step.on for step in (*steps(course), *course.letters, *course.contacts)),
        *(day for day in scan if day),
    ]


def test_steps_come_in_order_after_the_fracture(year):
    for course in year.courses:
        days = [step.on for step in steps(course)]
        assert days == sorted(days)
        assert all(course.fracture_on < day <= year.end for day in every_date(course))


def test_calls_lie_between_the_steps_that_they_serve(year):
    before = {"assessment": "decision", "review_16": "plan", "review_52": "review_16"}
    seen = set()
    for course in year.courses:
        for call in course.contacts:
            seen.add((call.about, call.outcome))
            assert getattr(course, before[call.about]).on <= call.on
            served = getattr(course, call.about)
            if served is not None and call.outcome is ContactOutcome.REACHED:
                assert call.on == served.on
    assert len(seen) == len(before) * len(ContactOutcome)


def test_no_step_without_the_one_before(year):
    for course in year.courses:
        if course.decision is None or course.decision.refuted:
            assert steps(course) in ([], [course.decision])
        if course.plan:
            assert course.assessment
        if course.review_52:
            assert course.review_16
        if course.review_16:
            assert course.plan


def test_nothing_is_decided_before_the_feeds_tell(year, files):
    first = {}
    for file in files:
        for person in year.people:
            if person.hospital_number.encode() in file.content:
                first.setdefault(person.hospital_number, file.delivered_on)
    for course in year.courses:
        if course.decision:
            assert first[course.hospital_number] <= course.decision.on


def test_after_a_death_nothing_but_the_end_is_recorded(year):
    died = {person.hospital_number: person.died_on for person in year.people if person.died_on}
    seen = 0
    for course in year.courses:
        day = died.get(course.hospital_number)
        if day is None:
            continue
        seen += 1
        late = [step for step in steps(course) if step.on >= day]
        assert all(_tells_of_death(step) for step in late)
        assert all(step.on < day for step in (*course.letters, *course.contacts))
    assert seen


def _tells_of_death(step):
    words = {getattr(step, name, None) for name in ("outcome", "reason", "refuted")}
    return bool(words & {"died"})


def test_what_is_not_for_the_service_is_refuted_for_that_reason(year):
    stories = {event.key: event.story for event in year.events}
    decided = [course for course in year.courses if course.decision]
    reasons = {
        story: {course.decision.refuted for course in decided if stories[course.event] is story}
        for story in Story
    }
    assert reasons[Story.HIGH_ENERGY] == {RefuteReason.HIGH_ENERGY}
    assert reasons[Story.METASTATIC] == {RefuteReason.CANCER}
    assert reasons[Story.FRAGILITY] == {None, RefuteReason.DIED}
    assert reasons[Story.POSSIBLE] >= {None, RefuteReason.NOT_A_FRACTURE}
    for story in (Story.YOUNG, Story.OUTSIDE_SITE, Story.OLD, Story.NO_FRACTURE):
        assert not reasons[story]


def test_answers_are_fields_of_the_picture_with_their_types(year):
    known = {field.name for field in fields(Picture)}
    answered = set()
    for course in year.courses:
        answers = course.assessment.answers if course.assessment else {}
        answered |= set(answers)
        for name, value in answers.items():
            wanted = [kind for kind in get_args(PICTURE[name]) or (PICTURE[name],) if isinstance(kind, type)]
            assert name in known
            assert type(value) in wanted or name == "fractures", name
    assert len(answered) > 35


def test_a_plan_names_a_drug_only_where_one_is_recommended(year):
    plans = [course.plan for course in year.courses if course.plan]
    assert {plan.kind for plan in plans} == set(PlanKind)
    assert all((plan.drug is not None) == (plan.kind is PlanKind.DRUG) for plan in plans)


def test_no_plan_shows_what_a_reader_would_object_to(year):
    people = {person.hospital_number: person.demographics for person in year.people}
    ages = {event.key: event.age for event in year.events}
    seen = 0
    for course in year.courses:
        if not course.plan or not course.plan.drug:
            continue
        seen += 1
        heard = course.assessment.answers
        clearance = creatinine_clearance(heard, ages[course.event], people[course.hospital_number].sex)
        assert clearance >= (30 if course.plan.drug in ("risedronate", "denosumab") else 35)
        if course.plan.drug in PARENTERAL:
            assert heard["vitamin_d_nmol_l"] >= 50
        else:
            assert heard["oesophageal_disease"] is False
        assert heard["adjusted_calcium_mmol_l"] >= 2.2
    assert seen > 100


def test_everybody_who_acts_is_on_the_staff(year):
    staff = {member.username for member in year.staff}
    acting = {
        step.by for course in year.courses for step in (*steps(course), *course.letters, *course.contacts)
    }
    assert acting <= staff
    assert len(staff) == 4


def test_course_and_event_agree(year):
    events = {event.key: event for event in year.events}
    people = {person.key: person for person in year.people}
    for course in year.courses:
        event = events[course.event]
        person = people[event.person]
        assert (course.hospital_number, course.nhs_number) == (person.hospital_number, person.nhs_number)
        assert (course.site, course.side, course.fracture_on) == (
            event.bones[0].site,
            event.bones[0].side,
            event.on,
        )
        assert course.sites == tuple(bone.site for bone in event.bones)
        assert course.site not in (Site.HAND, Site.FOOT, Site.SKULL_FACE)


@pytest.fixture(scope="module")
def small():
    return generate(end=date(2026, 6, 30), seed=9, size=60)


@settings(deadline=None, max_examples=25)
@given(day=st.dates(date(2025, 4, 1), date(2026, 6, 30)))
def test_cutting_a_course_leaves_exactly_what_had_happened(small, day):
    for course in small.courses:
        shorter = cut(course, day)
        assert sorted(every_date(shorter)) == sorted(each for each in every_date(course) if each <= day)
        assert cut(shorter, day) == shorter


def test_every_outcome_is_a_word_not_a_number(small):
    assert all(isinstance(course.site, StrEnum) for course in small.courses)


# A year takes a while to make: a failing example is not shrunk.
@settings(deadline=None, max_examples=15, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    end=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    seed=st.integers(0, 10_000),
    size=st.integers(1, 25),
)
def test_any_year_hangs_together(end, seed, size):
    year = generate(end=end, seed=seed, size=size)
    assert year.end == end
    for course in year.courses:
        days = [step.on for step in steps(course)]
        assert days == sorted(days)
        assert all(course.fracture_on < day <= end for day in every_date(course))
    for file in feed_files(year):
        assert file.delivered_on <= end
        assert file.content


def test_nobody_contradicts_herself_on_what_one_answer_means_of_another(year):
    means = {
        "early_menopause": "postmenopausal",
        "myocardial_infarction_or_stroke": "cardiovascular_disease",
    }
    heard = [course.assessment.answers for course in year.courses if course.assessment]
    for field, other in means.items():
        told = [one for one in heard if one.get(field)]
        assert told
        assert not [one for one in told if one.get(other) is False]
