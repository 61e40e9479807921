"""Keeping what arrived: a group in one transaction, which ends well only where every message is found in the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from openfls.service.inbox.arrivals import Arrival
from openfls.service.inbox.header import shown
from openfls.service.models import InboxMessage, Service

# Two statements as SQL: building them anew by the ORM costs five times as much as all the rest of a message's way.
# What is kept already stays as it is, also where another listener kept it a moment ago.
_INSERT = """
    INSERT INTO inbox_message
        (service_id, received_at, sender, control_id, size, sha256, raw, state, reason)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (service_id, sha256) DO NOTHING
"""
_COUNT = "SELECT count(*) FROM inbox_message WHERE service_id = %s AND sha256 IN ({})"


class NotKept(Exception):
    """The database took a message without complaint and does not have it."""


def keep(service: Service, arrivals: Sequence[Arrival]) -> None:
    """Keep every message of ``arrivals`` that is not kept yet, in their order; all of them or none.

    Raises:
        NotKept: one of them cannot be found again.
        django.db.Error: the database could not; nothing was kept.
    """
    rows: dict[str, tuple[Any, ...]] = {}
    for arrival in arrivals:
        rows.setdefault(arrival.frame.sha256, _row(service, arrival))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_INSERT, list(rows.values()))
        cursor.execute(_COUNT.format(", ".join(["%s"] * len(rows))), [service.pk, *rows])
        if cursor.fetchone()[0] != len(rows):
            raise NotKept


def _row(service: Service, arrival: Arrival) -> tuple[Any, ...]:
    header, frame = arrival.header, arrival.frame
    return (
        service.pk,
        connection.ops.adapt_datetimefield_value(arrival.at),
        header.sender[:200] if header else "",
        shown(header.control_id) if header else "",
        frame.size,
        frame.sha256,
        frame.content,
        str(InboxMessage.State.RECEIVED),
        arrival.refusal[:500],
    )
