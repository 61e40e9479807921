"""The reviews at 16 and 52 weeks of people who were recommended a drug, and how a course ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from openfls.fiction.calendar import working
from openfls.fiction.contacts import calls, staff
from openfls.fiction.tables import percent, table
from openfls.fiction.values import (
    CloseReason,
    CloseStep,
    Course,
    Event,
    PlanKind,
    ReviewOutcome,
    ReviewStep,
    Role,
)

RECOMMENDED = frozenset({PlanKind.DRUG, PlanKind.REFERRED_TO_GP, PlanKind.SPECIALIST})
"""Plans that count as a drug recommended; the two referrals too, as the national reports are read to do."""

WEEK_16, WEEK_52 = timedelta(days=112), timedelta(days=364)
_FROM_GP = "alendronate"
_CLOSED_BY_PLAN = {
    PlanKind.NOT_INDICATED: CloseReason.NO_TREATMENT,
    PlanKind.DECLINED: CloseReason.DECLINED,
}


def follow_up(chance: Random, course: Course, event: Event) -> Course:
    """The reviews after the plan, and the end. A course without a plan is left as it is."""
    plan = course.plan
    if plan is None or course.closed:
        return course
    if plan.kind not in RECOMMENDED:
        last = max(letter.on for letter in course.letters)
        return replace(course, closed=CloseStep(last, plan.by, _CLOSED_BY_PLAN[plan.kind]))
    course = _first(chance, course, event)
    return _second(chance, course, event) if course.review_16 else course


def _first(chance: Random, course: Course, event: Event) -> Course:
    rules = table("courses")["review_16"]
    plan, by = course.plan, staff(Role.NURSE if percent(chance, 60) else Role.COORDINATOR)
    assert plan is not None
    due = event.on + WEEK_16
    earliest = plan.on + timedelta(days=10)
    draw = chance.random() * 100
    if draw < rules["on_time"] and earliest < due - timedelta(days=4):
        on = max(earliest, due - timedelta(days=chance.randrange(4, 28)))
    else:
        on = max(earliest, due) + timedelta(days=chance.randrange(3, 45))
    on = working(on)
    reached = draw < rules["on_time"] + rules["late"]
    if not reached and draw >= rules["on_time"] + rules["late"] + rules["not_reached"]:
        return course
    outcome, drug, exercise = ReviewOutcome.NOT_REACHED, None, None
    if reached:
        outcome = _started(chance)
        drug = (plan.drug or _FROM_GP) if outcome is ReviewOutcome.STARTED else None
        exercise = percent(chance, rules["strength_balance"])
    return replace(
        course,
        contacts=(*course.contacts, *calls(chance, on, by, "review_16", reached=reached, after=plan.on)),
        review_16=ReviewStep(due, on, by, outcome, drug, exercise),
    )


def _started(chance: Random) -> ReviewOutcome:
    rules = table("courses")["review_16"]
    draw = chance.random() * 100
    if draw < rules["started"]:
        return ReviewOutcome.STARTED
    return (
        ReviewOutcome.NOT_STARTED
        if draw < rules["started"] + rules["not_started"]
        else ReviewOutcome.DECLINED
    )


def _second(chance: Random, course: Course, event: Event) -> Course:
    rules, first, plan = table("courses")["review_52"], course.review_16, course.plan
    assert first is not None
    assert plan is not None
    if percent(chance, rules["not_done"]):
        return course
    started = first.outcome is ReviewOutcome.STARTED
    reached = percent(chance, rules["reached_started" if started else "reached_other"])
    due, by = event.on + WEEK_52, first.by
    wait = chance.randrange(-20, 26) if reached else chance.randrange(8, 36)
    on = working(max(due + timedelta(days=wait), first.on + timedelta(days=60)))
    review = ReviewStep(due, on, by, ReviewOutcome.NOT_REACHED)
    if reached:
        going_on = percent(chance, rules["continuing" if started else "continuing_other"])
        outcome = ReviewOutcome.CONTINUING if going_on else ReviewOutcome.STOPPED
        if not going_on and not started:
            outcome = ReviewOutcome.NOT_STARTED
        drug = (first.drug or plan.drug or _FROM_GP) if going_on else None
        review = replace(review, outcome=outcome, drug=drug, refractures=int(percent(chance, 6)))
    return replace(
        course,
        contacts=(*course.contacts, *calls(chance, on, by, "review_52", reached=reached, after=first.on)),
        review_52=review,
        closed=CloseStep(on, by, CloseReason.COMPLETED if reached else CloseReason.NOT_REACHED),
    )


def died_before_review(course: Course, told_on: date, by: str) -> Course:
    """The next review of somebody whom the service was to review, answered by the death."""
    if course.plan is None or course.plan.kind not in RECOMMENDED:
        return course
    start = course.fracture_on
    if course.review_16 is None:
        return replace(course, review_16=ReviewStep(start + WEEK_16, told_on, by, ReviewOutcome.DIED))
    if course.review_52 is None:
        return replace(course, review_52=ReviewStep(start + WEEK_52, told_on, by, ReviewOutcome.DIED))
    return course
