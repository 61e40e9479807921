"""Which backups of a folder are of this installation, and hold nothing that this database does not.

Rotation removes those alone. A backup says by its key which installation made it, and by the heads of its audit chains
what had happened by then: a hash that stands in our log at its number stands for everything before it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import connection

from openfls.record.errors import BadInput
from openfls.service.safekeeping.manifest import Manifest
from openfls.service.safekeeping.opening import peek

Holds = Callable[[str], bool]
"""Whether the head of a chain, a line of an anchor, stands in our audit log."""


def why_kept(path: Path, now: Manifest, key: bytes | None = None) -> str:
    """Why rotation leaves a backup alone; empty where it may go. ``now`` is what this installation is."""
    try:
        then = peek(path, key)
    except BadInput as error:
        return f"it cannot be shown to be of this installation: it {error.reason}"
    return reason(then, now, holds)


def reason(then: Manifest, now: Manifest, holds: Holds) -> str:
    """The rule of `why_kept`, for a manifest that was read."""
    kept, here = then.state, now.state
    if kept.installation and kept.installation != here.installation:
        return "of another installation"
    if not all(holds(head) for head in kept.heads):
        return "its audit log holds what that of this database does not"
    if not kept.installation and not kept.heads:
        return "it cannot be shown to be of this installation: made by an earlier version, with an empty audit log"
    if 2 * here.rows.get("person", 0) < kept.rows.get("person", 0):
        return "it holds more than twice as many people as this database"
    return ""


def holds(head: str) -> bool:
    """Whether our audit log has that number of that chain with that hash. The tables may be of an earlier version."""
    try:
        code, lane, number, digest = head.split()
        at = [code, int(number), digest, int(lane)]
    except ValueError:
        return False
    with connection.cursor() as cursor:
        if "audit_event" not in connection.introspection.table_names(cursor):
            return False
        question = (
            "SELECT 1 FROM audit_event e JOIN service s ON s.id = e.service_id "
            "WHERE s.code = %s AND e.number = %s AND e.hash = %s"
        )
        columns = {row.name for row in connection.introspection.get_table_description(cursor, "audit_event")}
        if "lane" in columns:
            question += " AND e.lane = %s"
        cursor.execute(question, at if "lane" in columns else at[:3])
        return cursor.fetchone() is not None
