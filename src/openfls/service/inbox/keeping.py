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
    rows: dict[str, InboxMessage] = {}
    for arrival in arrivals:
        rows.setdefault(arrival.frame.sha256, _row(service, arrival))
    with transaction.atomic():
        # What is kept already is left as it is, also where another listener kept it a moment ago.
        InboxMessage.objects.bulk_create(rows.values(), ignore_conflicts=True)
        if InboxMessage.objects.filter(service=service, sha256__in=rows).count() != len(rows):
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
