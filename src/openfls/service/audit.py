"""Writing and verifying the audit log: a chain of hashes, one chain a service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC

from django.db import transaction

from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Person, Service

START = "0" * 64
_HASHED = ("number", "user", "action", "person", "subject", "detail", "previous")


def _hash(event: AuditEvent) -> str:
    fields = {name: getattr(event, name) for name in _HASHED}
    fields |= {"service": event.service_id, "at": event.at.astimezone(UTC).isoformat()}
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def record(
    by: Actor, action: str, *, person: Person | None = None, subject: str = "", **detail: object
) -> AuditEvent:
    """Add one event to the service's chain. ``detail`` must be JSON; it holds keys and states, no clinical text."""
    (event,) = record_all(by, [Happened(action, person, subject, detail)])
    return event


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a batch, as `record` takes it."""

    action: str
    person: Person | None = None
    subject: str = ""
    detail: dict[str, object] = field(default_factory=dict)


def record_all(by: Actor, happened: Sequence[Happened]) -> list[AuditEvent]:
    """`record` for the events of one batch, in their order."""
    if not happened:
        return []
    events: list[AuditEvent] = []
    with transaction.atomic(savepoint=False):
        # The service's row is the chain's lock: two events at once get two numbers.
        Service.objects.select_for_update().only("pk").get(pk=by.service.pk)
        last = AuditEvent.objects.filter(service=by.service).order_by("-number").first()
        number, previous = (last.number, last.hash) if last else (0, START)
        for each in happened:
            number += 1
            event = AuditEvent(
                service=by.service,
                number=number,
                at=clock.now(),
                user=by.name,
                action=each.action,
                person=str(each.person.pk) if each.person else "",
                subject=each.subject,
                detail=each.detail,
                previous=previous,
            )
            event.hash = previous = _hash(event)
            events.append(event)
        AuditEvent.objects.bulk_create(events)
    return events


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the chain does not hold."""

    service: str
    number: int
    reason: str


def verify(service: Service) -> tuple[int, list[Fault]]:
    """How many events the chain of ``service`` has, and every place where one was altered, removed or moved."""
    faults: list[Fault] = []
    previous, expected = START, 1
    count = 0
    for event in AuditEvent.objects.filter(service=service).order_by("number").iterator():
        count += 1
        if event.number != expected:
            faults.append(Fault(service.code, event.number, f"event {expected} is missing"))
        if event.previous != previous:
            faults.append(Fault(service.code, event.number, "does not follow the event before it"))
        if event.hash != _hash(event):
            faults.append(Fault(service.code, event.number, "was altered"))
        previous, expected = event.hash, event.number + 1
    return count, faults
