"""One after the other: whatever brings people in line with what feeds told takes turns within a service.

The order of locks is the same everywhere: the turn, a person, her episodes, and last the service's row, which the audit
log holds. Who took the service's row first would wait for an episode that an action holds, while that action waits
for the row.
"""

from __future__ import annotations

from django.db import connection

from openfls.service.models import Service

_OF_FEEDS = 0x0F15
"""Names this kind of turn among the advisory locks of the database."""


def take_turn(service: Service) -> None:
    """Wait until no other transaction has the turn of ``service``; it is kept until this transaction ends.

    SQLite lets one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_OF_FEEDS, service.pk])
