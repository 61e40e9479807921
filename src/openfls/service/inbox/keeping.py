"""Keeping what arrived: a group in one transaction, which ends well only where every message is found in the table."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from openfls.service.inbox.arrivals import Arrival
from openfls.service.inbox.header import shown
from openfls.service.models import InboxMessage, Service


class NotKept(Exception):
    """The database took a message without complaint and does not have it."""


def keep(service: Service, arrivals: Sequence[Arrival]) -> None:
    """Keep every message of ``arrivals`` that is not kept yet, in their order; all of them or none.

    Raises:
        NotKept: one of them cannot be found again.
        django.db.Error: the database could not; nothing was kept.
    """
    wanted = {arrival.frame.sha256 for arrival in arrivals}
    with transaction.atomic():
        kept = InboxMessage.objects.filter(service=service, sha256__in=wanted)
        known = set(kept.values_list("sha256", flat=True))
        fresh: list[InboxMessage] = []
        for arrival in arrivals:
            if arrival.frame.sha256 not in known:
                known.add(arrival.frame.sha256)
                fresh.append(_row(service, arrival))
        # Another listener may have kept the same message a moment ago: that is no fault.
        InboxMessage.objects.bulk_create(fresh, ignore_conflicts=True)
        if kept.count() != len(wanted):
            raise NotKept


def _row(service: Service, arrival: Arrival) -> InboxMessage:
    header, frame = arrival.header, arrival.frame
    return InboxMessage(
        service=service,
        received_at=arrival.at,
        sender=header.sender[:200] if header else "",
        control_id=shown(header.control_id) if header else "",
        size=frame.size,
        sha256=frame.sha256,
        raw=frame.content,
        reason=arrival.refusal[:500],
    )
