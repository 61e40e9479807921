"""When everybody of a period has reached the end of a measure's window, so that the period can be judged.

Who is met counts at once, who is not only once the window is over: a period that is still open looks better than it
will be. It is shown as open, and left out of limits and rules.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from openfls.quality.fields import due_fields
from openfls.quality.packs import Measure

STARTED_BY = 112
"""Days by which a drug is expected to be started: for measures whose clock begins with the first dose. Ours."""
_FROM_THE_START = ("reviewed_after_start", "reviewed_at_a_year")


def last_day(measure: Measure) -> int:
    """The last day, counted from the index diagnosis, on which the state of a person may still change by time alone."""
    if measure.rule == "complete":
        days = [re.fullmatch(r"day_(\d+)", item.due) for item in due_fields()]
        return max((int(day.group(1)) for day in days if day), default=0)
    return measure.days + (STARTED_BY if measure.rule in _FROM_THE_START else 0)


def open_until(measure: Measure, until: date) -> date:
    """The last day on which a period that ends on ``until`` is still open: its last person's window ends on it."""
    return until + timedelta(days=last_day(measure))


def is_open(measure: Measure, until: date, as_of: date) -> bool:
    """Whether somebody diagnosed up to ``until`` may still be within the window on the day of the count."""
    return as_of <= open_until(measure, until)
