"""The one place that reads the clock, so that a test or the fictional year can live on another day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_in_every_thread: datetime | None = None


def now() -> datetime:
    """The present moment, with its time zone."""
    return _moment.get() or _in_every_thread or timezone.now()


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


@contextmanager
def everywhere_at(moment: datetime) -> Iterator[None]:
    """Within this block it is ``moment`` in every thread that is not inside an `at` of its own.

    A context variable does not reach the threads of a server that is already running, so a browser test that lets
    16 weeks pass needs this one. It is for one process with one thing to do, never for an installation in use.
    """
    global _in_every_thread  # noqa: PLW0603 - shared by all threads on purpose
    before, _in_every_thread = _in_every_thread, moment
    try:
        yield
    finally:
        _in_every_thread = before
