"""What happens by the clock. However many schedulers run, each hour of the table comes once.

A night is a job by its day: the database keeps one row for it for ever. A scheduler that was down over night posts the
night when it comes back. Nights of days before are not made up for: a night brings everything in line with its
own day, and the one of today does the same and more.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from openfls.service import clock
from openfls.service.models import Service
from openfls.service.operation import jobs
from openfls.service.operation.kinds import look_for_work

EVERY = {"outbox": timedelta(minutes=1), "tidying": timedelta(hours=1)}
"""The jobs that come round, with the pause between."""
LOOK = 20.0
"""Seconds between two looks at the clock."""


def day_of_night(moment: datetime, at: time) -> str | None:
    """The day whose night is due at ``moment``; None before its hour.

    In the zone of the installation, by the clock on the wall: an hour that the change to summer time leaves out
    is due as soon as it has gone by, and one that comes twice is due once, because its day is the same.
    """
    local = timezone.localtime(moment)
    return local.date().isoformat() if local.time() >= at else None


def tick(at: time) -> None:
    """Post what is due now. Doing it twice, or twice at once, posts nothing twice."""
    for kind, pause in EVERY.items():
        jobs.post_every(kind, pause)
    day = day_of_night(clock.now(), at)
    if day is not None:
        services = Service.real.order_by("pk").values_list("pk", flat=True)
        jobs.post_once("night", [f"{day}/{key}" for key in services])
    look_for_work()
