"""Whom a service shares, when anything about them last changed, and that somebody looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from openfls.record.pathway import State
from openfls.service import audit, clock
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Episode, FeedRow, Person, Service

_LOOKING = Q(action__endswith=".view") | Q(action__endswith=".print") | Q(action__startswith="api.")
_LOOKING |= Q(action__startswith="outbox.")
"""Events that change nothing of a person."""
CUT_OFF = timedelta(days=2)
"""A file that has not been read to its end by then was cut off; ours, no file takes so long."""


def shared_people(service: Service) -> QuerySet[Person]:
    """The people who leave: those with an episode that is, or may be, the service's. The rest are strangers to it."""
    ours = Episode.objects.filter(person=OuterRef("pk")).exclude(state=State.NOT_FOR_US)
    return Person.objects.filter(Exists(ours), service=service)


def changed_at(people: Sequence[Person]) -> dict[UUID, datetime]:
    """When anything about each was last changed: by somebody, or by a feed. Never earlier than it really was."""
    by_text = {str(person.pk): person.pk for person in people}
    events = AuditEvent.objects.filter(person__in=by_text).exclude(_LOOKING).values("person")
    found = {by_text[row["person"]]: row["last"] for row in events.annotate(last=Max("at")).order_by()}
    rows = FeedRow.objects.filter(person__in=people).order_by().distinct()
    for key, received, finished in rows.values_list(
        "person", "delivery__received_at", "delivery__finished_at"
    ):
        # While a file is being read, nobody knows which of its rows came just now.
        last = finished or min(clock.now(), received + CUT_OFF)
        found[key] = max(found.get(key, last), last)
    return {person.pk: found.get(person.pk, clock.now()) for person in people}


def changed_since(service: Service, moment: datetime) -> set[UUID]:
    """The people of a service about whom anything was changed at that moment or later."""
    events = AuditEvent.objects.filter(service=service, at__gte=moment).exclude(_LOOKING).exclude(person="")
    found = {UUID(each) for each in events.values_list("person", flat=True).distinct().order_by()}
    being_read = Q(delivery__finished_at=None, delivery__received_at__gte=moment - CUT_OFF)
    rows = FeedRow.objects.filter(Q(delivery__finished_at__gte=moment) | being_read, service=service)
    rows = rows.exclude(person=None)
    return found | set(rows.values_list("person", flat=True).distinct().order_by())


def looked(by: Actor, action: str, people: Iterable[Person], *, subject: str, **detail: object) -> None:
    """Write who looked at whom: an event a person, or one without a person where nobody was found."""
    seen = list({person.pk: person for person in people}.values())
    with transaction.atomic():  # one write to the disk, however many people stand on the page
        for person in seen:
            audit.record(by, action, person=person, subject=subject, **detail)
        if not seen:
            audit.record(by, action, subject=subject, **detail)
