"""Periods of the index diagnosis: month, quarter, year, or all time together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

Period = Literal["month", "quarter", "year", "all"]
PERIODS: tuple[Period, ...] = ("month", "quarter", "year", "all")
UNDATED = "undated"
"""The period of a row without an index diagnosis date."""

_PARTS_A_YEAR: dict[Period, int] = {"month": 12, "quarter": 4, "year": 1}


def _part_of(day: date, by: Period) -> int:
    return {"month": day.month, "quarter": (day.month + 2) // 3, "year": 0, "all": 0}[by]


def _first_day(day: date, by: Period) -> date:
    if by == "year":
        return date(day.year, 1, 1)
    return date(day.year, day.month if by == "month" else _part_of(day, by) * 3 - 2, 1)


def _next_period(day: date, by: Period) -> date:
    later = _first_day(day, by) + timedelta(days={"month": 32, "quarter": 95, "year": 370}[by])
    return _first_day(later, by)


def years_between(since: date, until: date) -> float:
    """The years from a day to a day, both included: whole months as twelfths, anything else by days."""
    after = until + timedelta(days=1)
    if since.day == after.day == 1:
        return max(0.0, ((after.year - since.year) * 12 + after.month - since.month) / 12)
    return max(0.0, (after - since).days / 365.25)


def year_parts(by: Period, as_of: date, years: float = 1.0) -> tuple[float, tuple[int, int, float] | None]:
    """The part of a year that a period is; and of the period that holds ``as_of``: year, part, share gone by.

    All time together has no length of its own: it is taken as one year unless ``years`` says otherwise.
    """
    if by == "all":
        return years, None
    first, following = _first_day(as_of, by), _next_period(as_of, by)
    gone = ((as_of - first).days + 1) / (following - first).days
    return 1 / _PARTS_A_YEAR[by], (as_of.year, _part_of(as_of, by), gone)
