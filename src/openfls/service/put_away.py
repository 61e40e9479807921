"""How many episodes have been put away: the lists that hold no work, and only ever grow.

They are counted from an index alone; but of tens of thousands that is more work than all the rest of a page. So where
there are many, a process counts them once a minute. A list of work is never counted so: it is counted as it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from openfls.record.pathway import State
from openfls.service import clock
from openfls.service.models import Episode, Service

MANY = 5000
"""From how many on a count may be as old as `SECONDS`; below it is always counted anew."""
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Counted:
    at: float
    moment: datetime
    number: dict[str, int]


_kept: dict[tuple[str, int], _Counted] = {}


def put_away_counts(service: Service) -> dict[str, int]:
    """How many are closed, not for us, and kept as history, by the key of their list."""
    key, now = _key(service), time.monotonic()
    kept = _kept.get(key)
    if kept is not None and now - kept.at < SECONDS:
        return dict(kept.number)
    number = _counted(service)
    if sum(number.values()) >= MANY:
        _kept[key] = _Counted(now, clock.now(), number)
    else:
        _kept.pop(key, None)
    return dict(number)


def counted_at(service: Service) -> datetime | None:
    """As of when `put_away_counts` tells; None where it counted just now."""
    kept = _kept.get(_key(service))
    return kept.moment if kept else None


def _key(service: Service) -> tuple[str, int]:
    return str(connection.settings_dict["NAME"]), service.pk


def _counted(service: Service) -> dict[str, int]:
    rows = Episode.objects.filter(service=service)
    of_history = rows.filter(history=True).aggregate(
        history=Count("*"), left_out=Count("state", filter=Q(state=State.NOT_FOR_US))
    )
    return {
        "closed": rows.filter(state=State.CLOSED).count(),
        "not-for-us": rows.filter(state=State.NOT_FOR_US).count() - of_history["left_out"],
        "history": of_history["history"],
    }
