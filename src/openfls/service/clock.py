"""The one place that reads the clock, so that a test or the fictional year can live on another day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, with its time zone."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The present day in the installation's time zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day of ``moment`` in the installation's time zone."""
    return timezone.localtime(moment).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block it is ``moment``, which needs a time zone."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
