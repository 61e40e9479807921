"""The time of a paper: extra time and rest breaks are arrangements; the server's clock alone counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EXTRA = (0, 25, 50, 100)
"""Per cent of extra time that can be arranged."""
RESTS = (0, 10, 20, 30)
"""Minutes of rest that can be arranged for one paper."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one paper allows: its minutes, with extra time, and rest in which its clock stands."""

    minutes: int
    extra_percent: int = 0
    rest_minutes: int = 0

    @property
    def time(self) -> timedelta:
        """Working time."""
        return timedelta(minutes=self.minutes * (100 + self.extra_percent) / 100)

    @property
    def rest(self) -> timedelta:
        """All the rest there is."""
        return timedelta(minutes=self.rest_minutes)


@dataclass(frozen=True, slots=True)
class Pause:
    """A rest; ``until`` is None while it lasts."""

    since: datetime
    until: datetime | None = None


def rested(allowed: Allowance, pauses: Sequence[Pause], now: datetime) -> timedelta:
    """How long the clock has stood; never more than was arranged: a rest that is too long runs on as working time."""
    total = sum(((pause.until or now) - pause.since for pause in pauses), timedelta())
    return min(total, allowed.rest)


def deadline(allowed: Allowance, began: datetime, pauses: Sequence[Pause], now: datetime) -> datetime:
    """When the paper closes, as it stands now; a running rest moves it on."""
    return began + allowed.time + rested(allowed, pauses, now)


def left(allowed: Allowance, began: datetime, pauses: Sequence[Pause], now: datetime) -> timedelta:
    """Working time that is left; none is zero."""
    return max(timedelta(), deadline(allowed, began, pauses, now) - now)


def rest_left(allowed: Allowance, pauses: Sequence[Pause], now: datetime) -> timedelta:
    """Rest that is left."""
    return allowed.rest - rested(allowed, pauses, now)


def in_words(time: timedelta) -> str:
    """``43 minutes``; seconds only in the last minute."""
    seconds = int(time.total_seconds())
    if seconds < 60:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    hours, minutes = divmod(seconds // 60, 60)
    told = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    told += [f"{minutes} minute{'' if minutes == 1 else 's'}"] if minutes else []
    return " ".join(told)


def add_months(day: datetime, months: int) -> datetime:
    """The same day of a later month, or its last where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (datetime(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return day.replace(year=year, month=month, day=min(day.day, last))
