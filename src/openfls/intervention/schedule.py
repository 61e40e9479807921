"""What is promised for a treatment, and when: worked out anew each time from the course itself.

Nothing is kept that could be lost, doubled or left behind: the same course gives the same promises, in whatever order
its doses, reviews and stops became known.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openfls.intervention.calendar import add_months
from openfls.intervention.following import comes_too_late, latest_plan, planned_for
from openfls.intervention.packs import settings
from openfls.intervention.situation import Course
from openfls.record.advice import Confidence


@dataclass(frozen=True, slots=True)
class Promise:
    """A rule of the schedule: ``months`` after the day ``since`` of a course of one of ``drugs``.

    ``until_months`` ends doses that many months after the start; ``late_months`` is when the dose is late.
    """

    id: str
    drugs: frozenset[str]
    since: str
    months: int
    text: str
    source: str
    confidence: Confidence
    late_months: int | None = None
    until_months: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A promise with its day; ``late_from`` is the first day on which it is late."""

    promise: Promise
    on: date
    late_from: date

    @property
    def is_dose(self) -> bool:
        """Whether it is a dose, or the drug that follows: no review that is overdue may hide it."""
        return self.promise.since in ("last_dose", "next", "next_too_late")


@cache
def schedule() -> tuple[Promise, ...]:
    """The promises of the data file."""
    text = (files("openfls.intervention") / "data" / "schedule.toml").read_text(encoding="utf-8")
    return tuple(
        Promise(
            row["id"],
            frozenset(row["drugs"]),
            row["from"],
            row["months"],
            row["text"],
            row["source"],
            Confidence(row["confidence"]),
            row.get("late_months"),
            row.get("until_months"),
        )
        for row in tomllib.loads(text)["promise"]
    )


def _start(promise: Promise, course: Course, limits: Mapping[str, float]) -> date | None:
    """The day from which the months of the promise count; None where the promise is not about this course now."""
    if promise.since in ("next", "next_too_late"):
        return _next_drug(promise, course, limits)
    if promise.since == "paused":
        return course.stopped_on if course.paused else None
    if not course.goes_on:
        return None
    if promise.since == "last_dose":
        return course.last_dose_on or course.started_on
    if promise.since == "reviewed":
        return course.reviewed_on or course.started_on
    return course.started_on


def _next_drug(promise: Promise, course: Course, limits: Mapping[str, float]) -> date | None:
    """The day of the plan; or, where that day comes too late for the course as it is known now, the last day in time.

    A dose that was put right may make a plan too late that was in time when it was told.
    """
    day = None if course.followed else planned_for(course)
    if day is None or comes_too_late(course, limits) is not (promise.since == "next_too_late"):
        return None
    return day if promise.since == "next" else latest_plan(course, course.follow_on_told, limits)


def _due(promise: Promise, course: Course, limits: Mapping[str, float]) -> Due | None:
    start = _start(promise, course, limits)
    if course.drug not in promise.drugs or start is None:
        return None
    on = add_months(start, promise.months)
    if promise.until_months and on >= add_months(course.started_on, promise.until_months):
        return None
    if promise.since in ("started", "paused") and course.reviewed_on and course.reviewed_on >= on:
        return None  # that review has been held
    late = add_months(start, promise.late_months) if promise.late_months else on
    return Due(promise, on, date.fromordinal(late.toordinal() + 1))


def promises(course: Course, limits: Mapping[str, float] | None = None) -> tuple[Due, ...]:
    """What is promised for one course, the first day first, on one day a dose before the yearly review.

    ``limits`` are the service's own, where it has set them.
    """
    found = [due for promise in schedule() if (due := _due(promise, course, limits or settings()))]
    return tuple(sorted(found, key=lambda due: (due.on, due.promise.since == "reviewed", due.promise.id)))


def next_promise(course: Course, limits: Mapping[str, float] | None = None) -> Due | None:
    """The first promise of a course; None for one that has ended and asks for nothing more.

    A course that goes on always has one: the yearly review, if nothing comes before it.
    """
    return next(iter(promises(course, limits)), None)
