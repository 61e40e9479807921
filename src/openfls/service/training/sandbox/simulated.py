"""The simulated time of a practice: its day of the case, its moment, and a block that lives in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from openfls.service import clock
from openfls.service.models import Practice
from openfls.service.training.sandbox.library import case_called

MORNING = time(9, 0)
LONGEST_DAY = timedelta(hours=10)


def day_of(practice: Practice) -> date:
    """The simulated date."""
    case = case_called(practice.case)
    return case.on(practice.day) if case else clock.day_of(practice.began_at)


def moment_of(practice: Practice, real: datetime) -> datetime:
    """The simulated moment: nine in the morning of its day, and what has really passed since that day began.

    Time goes on, so that of two rows the later one is later; it never runs into the next day.
    """
    passed = min(max(real - practice.day_since, timedelta(0)), LONGEST_DAY)
    morning = datetime.combine(day_of(practice), MORNING, tzinfo=timezone.get_current_timezone())
    moment: datetime = morning + passed
    return moment


@contextmanager
def living_in(practice: Practice) -> Iterator[None]:
    """Within this block it is the simulated moment."""
    with clock.at(moment_of(practice, clock.now())):
        yield
