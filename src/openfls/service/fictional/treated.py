"""What the fictional people are really given: injections and infusions, told by the same actions as in real life."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

from openfls.fiction.calendar import working
from openfls.fiction.values import Course, ReviewOutcome
from openfls.intervention.calendar import add_months
from openfls.record.pathway import NotPossible
from openfls.service.actions import treating
from openfls.service.actor import Actor
from openfls.service.models import Episode, Treatment

Act = Callable[[], object]
_GIVEN = time(11, 0)
_BEGINS = timedelta(days=14)
_EVERY_MONTHS = {"denosumab": 6, "zoledronate": 12}
_MISSED = 5
"""One course of denosumab in so many is not gone on with, so that the alert for it can be seen."""


def doses(
    course: Course, end: date, find: Callable[[], Episode], by: Actor
) -> Iterator[tuple[date, time, Act]]:
    """The first dose two weeks after the plan, and those that fall due until ``end`` or until it was stopped."""
    plan, first_review = course.plan, course.review_16
    months = _EVERY_MONTHS.get((plan and plan.drug) or "")
    if plan is None or months is None or first_review is None:
        return
    started = working(plan.on + _BEGINS)
    if first_review.outcome is not ReviewOutcome.STARTED or started >= first_review.on:
        return
    drug = str(plan.drug)

    def given(on: date) -> Act:
        return lambda: treating.dose(episode=find(), treatment=_course(find(), drug), on=on, by=by)

    yield started, _GIVEN, lambda: treating.start(episode=find(), drug=drug, started_on=started, by=by)
    last = min(end, course.review_52.on - timedelta(days=1)) if course.review_52 else end
    missed = drug == "denosumab" and int(course.hospital_number[-2:], 36) % _MISSED == 0
    on = working(add_months(started, months))
    while on <= last and not missed:
        yield on, _GIVEN, given(on)
        on = working(add_months(on, months))


def _course(episode: Episode, drug: str) -> Treatment:
    row = treating.running(episode).filter(drug=drug).first()
    if row is None:
        raise NotPossible("It is not taken any more.")
    return row
