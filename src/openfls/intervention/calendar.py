"""Months on the calendar: promises are made in months, so days are counted on the calendar and never in seconds.

There is no time of day here: a change of the clocks cannot move a day, and 29 February has its answer.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later (or earlier); the last day of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(since: date, today: date) -> int:
    """Complete months from ``since`` to ``today``; negative where ``today`` comes first.

    The inverse of `add_months`: the month is complete on the day that `add_months` gives.
    """
    months = (today.year - since.year) * 12 + today.month - since.month
    return months if add_months(since, months) <= today else months - 1


def months_since(since: date, today: date) -> float:
    """Months as a number: above 7 exactly when ``today`` is after the day that is 7 months after ``since``."""
    whole = whole_months(since, today)
    return whole + (today - add_months(since, whole)).days / 32
