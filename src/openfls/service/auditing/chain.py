"""Adding to the audit log: numbered rows, each with the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db import transaction

from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.auditing.lanes import hold, lane_of
from openfls.service.models import AuditEvent, Person

START = "0" * 64
HASHED = ("number", "user", "action", "person", "subject", "detail", "previous")
MOST_PEOPLE = 5000
"""As many keys of people stand in one row; a file with more says how many, and which list it was."""


def hash_of(event: AuditEvent) -> str:
    """What the row's own columns hash to. Those of the lane of changes hash as they did before there were lanes."""
    fields = {name: getattr(event, name) for name in HASHED}
    fields |= {"service": event.service_id, "at": event.at.astimezone(UTC).isoformat()}
    if event.lane:
        fields["lane"] = event.lane
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a batch, as `record` takes it."""

    action: str
    person: Person | None = None
    subject: str = ""
    detail: dict[str, object] = field(default_factory=dict)


def record(
    by: Actor, action: str, *, person: Person | None = None, subject: str = "", **detail: object
) -> AuditEvent:
    """Add one event to the service's log. ``detail`` must be JSON; it holds keys and states, no clinical text."""
    (event,) = record_all(by, [Happened(action, person, subject, detail)])
    return event


def shown(people: Iterable[UUID]) -> dict[str, Any]:
    """The detail of a list that showed these people: how many, and their keys. Order and repeats do not count."""
    keys = sorted({key.hex for key in people})
    return {"shown": len(keys), "people": " ".join(keys[:MOST_PEOPLE])}


def record_all(by: Actor, happened: Sequence[Happened]) -> list[AuditEvent]:
    """`record` for the events of one batch, in their order."""
    if not happened:
        return []
    of_lane: dict[int, list[Happened]] = defaultdict(list)
    for each in happened:
        of_lane[lane_of(by.name, each.action)].append(each)
    with transaction.atomic(savepoint=False):
        # The lane of changes is number 0 and last: its lock is the service's row.
        return [event for lane in sorted(of_lane, reverse=True) for event in _add(by, lane, of_lane[lane])]


def _add(by: Actor, lane: int, happened: Sequence[Happened]) -> list[AuditEvent]:
    hold(by.service, lane)
    rows = AuditEvent.objects.filter(service=by.service, lane=lane).order_by("-number")
    last = rows.values_list("number", "hash").first()
    number, previous = last or (0, START)
    events: list[AuditEvent] = []
    for each in happened:
        number += 1
        event = AuditEvent(
            service=by.service,
            lane=lane,
            number=number,
            at=clock.now(),
            user=by.name,
            action=each.action,
            person=str(each.person.pk) if each.person else "",
            subject=each.subject,
            detail=each.detail,
            previous=previous,
        )
        event.hash = previous = hash_of(event)
        events.append(event)
    AuditEvent.objects.bulk_create(events)
    return events
