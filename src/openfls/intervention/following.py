"""What comes after a drug that must not simply end: whether it has begun, and for how long a plan alone will do.

A plan is a promise and protects nobody: it counts until the day for which it was made, and no longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from openfls.intervention.calendar import add_months
from openfls.intervention.names import ANABOLICS, ANTIRESORPTIVES
from openfls.intervention.situation import Course

NEVER_ENDS_ALONE = ANABOLICS | {"denosumab"}
"""Drugs whose gain is lost unless another drug follows."""
LASTING = frozenset({"zoledronate"})
"""Drugs of which one dose holds on, whether or not the course is said to go on."""
ENOUGH_MONTHS = 12
"""Months of another antiresorptive, since ended, after which it counts as having followed; ours, no source sets it."""
_EXIT_MONTHS = 6
_ENDS_AFTER = {"romosozumab": 12, "teriparatide": 24, "abaloparatide": 18}


def begun_after(course: Course, courses: Iterable[Course]) -> bool:
    """Whether an antiresorptive drug has really been begun since the last dose of ``course``.

    Bone is held by an antiresorptive alone: alfacalcidol beside denosumab is no way out of it. Tablets hold while they
    are taken, or once they were for `ENOUGH_MONTHS`; zoledronate once it was given.
    """
    return any(
        later.drug != course.drug
        and later.drug in ANTIRESORPTIVES
        and later.started_on >= course.last_on
        and (later.drug in LASTING or _held(later))
        for later in courses
    )


def _held(course: Course) -> bool:
    stopped = course.stopped_on
    return stopped is None or stopped >= add_months(course.started_on, ENOUGH_MONTHS)


def planned_for(course: Course) -> date | None:
    """The day for which the next drug is planned; None where no antiresorptive drug is.

    An old record may name the drug without a day: then it is 6 months after the last denosumab (NOGG 2024, as a public
    tool cites it), the month in which the course ends, or the day on which it was stopped, whichever comes first.
    """
    if course.follow_on not in ANTIRESORPTIVES:
        return None
    if course.follow_on_due is not None:
        return course.follow_on_due
    if course.drug == "denosumab":
        return add_months(course.last_on, _EXIT_MONTHS)
    ends = [day for day in (course.stopped_on, _end_of(course)) if day]
    return min(ends, default=course.last_on)


def plan_holds(course: Course, today: date, settings: Mapping[str, float]) -> bool:
    """Whether what follows is planned for a day that has not passed, and that is early enough for the course.

    The course is taken as it is known now: a dose that was put right, or taken back, may make the plan too late.
    """
    day = planned_for(course)
    if day is None or today > day:
        return False
    return day <= latest_plan(course, course.follow_on_told or today, settings)


def comes_too_late(course: Course, settings: Mapping[str, float]) -> bool:
    """Whether what follows is planned for a day that is too late for the course as it is known now."""
    day = planned_for(course)
    return day is not None and day > latest_plan(course, course.follow_on_told, settings)


def latest_plan(course: Course, today: date | None, settings: Mapping[str, float]) -> date:
    """The last day for which what follows may be planned on ``today``; None where nobody knows when it was planned.

    That is when denosumab is late, or another course ends, or has ended; where that day is near or gone, a few weeks
    from today (`follow_on_wait_weeks`, the service's own choice).
    """
    soon = today + timedelta(weeks=settings["follow_on_wait_weeks"]) if today else course.last_on
    if course.drug == "denosumab":
        return max(soon, add_months(course.last_on, int(settings["denosumab_late_months"])))
    end = course.stopped_on or _end_of(course)
    return max(soon, end) if end else soon


def _end_of(course: Course) -> date | None:
    months = _ENDS_AFTER.get(course.drug)
    return add_months(course.started_on, months) if months else None
