"""Writing and verifying the audit log: a chain of hashes, one chain a service."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
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
    with transaction.atomic(savepoint=False):
        # The service's row is the chain's lock: two events at once get two numbers.
        Service.objects.select_for_update().only("pk").get(pk=by.service.pk)
        last = AuditEvent.objects.filter(service=by.service).order_by("-number").first()
        event = AuditEvent(
            service=by.service,
            number=last.number + 1 if last else 1,
            at=clock.now(),
            user=by.name,
            action=action,
            person=str(person.pk) if person else "",
            subject=subject,
            detail=detail,
            previous=last.hash if last else START,
        )
        event.hash = _hash(event)
        event.save()
    return event


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
