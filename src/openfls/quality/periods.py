"""Periods of the index diagnosis: month, quarter, year, or all time together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import ibis

from openfls.quality.states import Expression

Period = Literal["month", "quarter", "year", "all"]
PERIODS: tuple[Period, ...] = ("month", "quarter", "year", "all")
UNDATED = "undated"
"""The period of a row without an index diagnosis date."""

_PARTS_A_YEAR: dict[Period, int] = {"month": 12, "quarter": 4, "year": 1}


def period_columns(r: ibis.Table, by: Period) -> dict[str, Expression]:
    """``year`` and ``part`` of the prepared row: numbers, since they are cheaper to group by than words."""
    nothing = ibis.literal(0).cast("int16")
    if by == "all":
        return {"year": nothing, "part": nothing}
    if by == "year":
        return {"year": r.year.cast("int16"), "part": nothing}
    if by == "month":
        return {"year": r.year.cast("int16"), "part": r.month.cast("int16")}
    quarters = [(r.month <= last, number) for number, last in enumerate((3, 6, 9, 12), start=1)]
    return {"year": r.year.cast("int16"), "part": ibis.cases(*quarters, else_=None).cast("int16")}


def _part_of(day: date, by: Period) -> int:
    return {"month": day.month, "quarter": (day.month + 2) // 3, "year": 0, "all": 0}[by]


def _first_day(day: date, by: Period) -> date:
    if by == "year":
        return date(day.year, 1, 1)
    return date(day.year, day.month if by == "month" else _part_of(day, by) * 3 - 2, 1)


def _next_period(day: date, by: Period) -> date:
    later = _first_day(day, by) + timedelta(days={"month": 32, "quarter": 95, "year": 370}[by])
    return _first_day(later, by)


def year_parts(by: Period, as_of: date) -> tuple[float, tuple[int, int, float] | None]:
    """The part of a year that a period is; and of the period that holds ``as_of``: year, part, share gone by.

    All time together has no length of its own: it is taken as one year, so ask by year or shorter where an
    annual caseload is to be compared.
    """
    if by == "all":
        return 1.0, None
    first, following = _first_day(as_of, by), _next_period(as_of, by)
    gone = ((as_of - first).days + 1) / (following - first).days
    return 1 / _PARTS_A_YEAR[by], (as_of.year, _part_of(as_of, by), gone)
