"""Days: when deliveries are made, and when an office works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")
_SATURDAY = 5


def delivered_on(day: date, end: date) -> date:
    """When a record of ``day`` is delivered: the first of the next month, or ``end`` if that is earlier."""
    return min((day.replace(day=1) + timedelta(days=32)).replace(day=1), end)


def monthly(items: Iterable[T], on: Callable[[T], date], end: date) -> Iterator[tuple[str, date, list[T]]]:
    """``(YYYY-MM, delivered on, items)`` for each month that has some; nothing after ``end`` is delivered."""
    months: dict[str, list[T]] = {}
    for item in sorted(items, key=on):
        if on(item) <= end:
            months.setdefault(f"{on(item):%Y-%m}", []).append(item)
    for month, members in months.items():
        yield month, delivered_on(on(members[0]), end), members


def working(day: date) -> date:
    """``day``, or the Monday after it. Bank holidays are worked."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day
