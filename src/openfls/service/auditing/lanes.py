"""The lanes of a service's log: one chain for what was changed, and a few beside it for what was seen.

A change keeps the lock of its chain until it is committed with everything else that it does. Whoever only looks must
not wait for that, nor a ward for one slow reader: looks have lanes of their own, and a user always the same one.
"""

from __future__ import annotations

import zlib

from django.db import connection

from openfls.service.models import Service

CHANGES = 0
LOOKS = 8
"""How many lanes there are for looks; numbered from 1."""
_LOOKING = ("view", "print", "download", "search", "list", "check_list", "take", "export", "refused")
_OF_SYSTEMS = "api."
_OF_THE_LOG = 0x0F1A
"""Names this kind of lock among the advisory locks of the database."""


def is_look(action: str) -> bool:
    """Whether an event of that name changes nothing: somebody saw, searched, printed or took away."""
    return action.startswith(_OF_SYSTEMS) or action.rpartition(".")[2] in _LOOKING


def lane_of(user: str, action: str) -> int:
    """The lane in which an event belongs."""
    return 1 + zlib.crc32(user.encode()) % LOOKS if is_look(action) else CHANGES


def hold(service: Service, lane: int) -> None:
    """Wait until no other transaction adds to the lane; it is held until this transaction ends.

    Changes lock the service's row, last in the order of locks (decision 011), and not its key: each row that names the
    service, a look's among them, would wait for that when it is committed. SQLite lets one transaction write at a time
    anyway.
    """
    if lane == CHANGES:
        Service.objects.select_for_update(no_key=True).only("pk").get(pk=service.pk)
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [_OF_THE_LOG, service.pk * (LOOKS + 1) + lane]
            )
