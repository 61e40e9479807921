"""Whether this server can do its work now: asked every few seconds, so it asks little."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError, InterfaceError

from openfls import options
from openfls.service.operation import life
from openfls.service.operation.checking import free_megabytes, migrations_pending


@dataclass(frozen=True, slots=True)
class Ready:
    """What was asked, each true or false; what could not be asked is false."""

    database: bool
    migrations: bool
    workers: bool
    disk: bool

    @property
    def is_ready(self) -> bool:
        """Whether all of it is in order."""
        return self.database and self.migrations and self.workers and self.disk


def ready() -> Ready:
    """Ask the database, its migrations, the workers (where there are to be any) and the disk."""
    free = free_megabytes()
    disk = free is not None and free >= options.read("OPENFLS_DISK_MB")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = _migrated()
        workers = settings.BACKGROUND != "worker" or _worker_seen()
    except (DatabaseError, InterfaceError):
        if not connection.in_atomic_block:
            connection.close()
        return Ready(database=False, migrations=False, workers=False, disk=disk)
    return Ready(database=True, migrations=migrated, workers=workers, disk=disk)


def _worker_seen() -> bool:
    silent = life.seconds_since("worker")
    return silent is not None and silent < options.read("OPENFLS_WORKER_SILENT_SECONDS")


_whole: set[str] = set()
"""The databases that were found to have every migration: none is taken back while a server runs."""


def _migrated() -> bool:
    name = str(connection.settings_dict["NAME"])
    if name not in _whole and migrations_pending() == 0:
        _whole.add(name)
    return name in _whole
