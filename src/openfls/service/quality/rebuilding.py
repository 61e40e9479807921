"""The audit rows made anew: those of an older version, those that are missing, and those that should not be there.

Each episode is a transaction of its own; one that breaks is passed over and told (`one_by_one`). A row that is done
has the present version: whoever goes on after a stop begins where it stopped, and doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from openfls.record.pathway import State
from openfls.service import audit
from openfls.service.actor import system_actor
from openfls.service.models import Episode, FlsdbRow, Fracture, Service
from openfls.service.operation.one_by_one import AUDIT_ROW, one_by_one
from openfls.service.projection import NOT_IN_AUDIT, VERSION, refresh

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many episodes were looked at, of how many the row is another now, and of how many it could not be made."""

    looked_at: int
    changed: int
    failed: int = 0


def pending(service: Service) -> QuerySet[Episode]:
    """The episodes of a service whose row is of an older version, is missing, or should not be there."""
    case = Fracture.objects.filter(episode=OuterRef("pk")).exclude(fragility=False)
    outside = Q(state__in=NOT_IN_AUDIT) | (Q(state=State.CLOSED) & ~Exists(case))
    old = Q(flsdb_row__made_by__lt=VERSION)
    missing = Q(flsdb_row=None) & ~outside
    wrong = Q(flsdb_row__isnull=False) & outside
    return Episode.objects.filter(service=service).filter(old | missing | wrong)


def doubt(service: Service) -> None:
    """Take every row of a service to be old, so that the next rebuilding looks at all of them."""
    FlsdbRow.objects.filter(service=service.code).update(made_by=0)


def rebuild(
    service: Service, progress: Progress = lambda *_: None, stopped: Callable[[], bool] = lambda: False
) -> Rebuilt:
    """Make the pending rows of a service anew, until ``stopped`` says so. The audit log keeps what was done."""
    keys = list(pending(service).order_by("pk").values_list("pk", flat=True))
    done = changed = failed = 0
    made = one_by_one(service, AUDIT_ROW, keys, lambda episode: refresh(episode.pk))
    try:
        for done, is_another in enumerate(made, start=1):
            changed += is_another is True
            failed += is_another is None
            progress(done, len(keys))
            if stopped():
                break
    finally:
        if done:
            audit.record(
                system_actor(service), "audit_rows.rebuild", rows=done, changed=changed, failed=failed
            )
    return Rebuilt(done, changed, failed)
