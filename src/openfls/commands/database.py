"""What the commands share that work on the service's database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from openfls.record.errors import BadInput

if TYPE_CHECKING:  # the tables can be imported only once Django is set up
    from openfls.service.models import Service

_TABLES = 0x0F15_7AB1
"""Names the turn of those who bring the tables to this version, among the advisory locks of the database."""


def prepare_database(*, quiet: bool = True) -> None:
    """Set Django up and bring the tables to this version."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    django.setup()
    from openfls.commands import new_tables
    from openfls.service.auditing.guarding import install as guard_log

    try:
        with _alone():
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                if new_tables.is_new(connection):
                    new_tables.make(connection)
                else:
                    call_command("migrate", verbosity=0 if quiet else 1, interactive=False)
                guard_log(connection)
            if settings.BACKGROUND == "worker":
                call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise BadInput(f"the database cannot be reached ({str(error).splitlines()[0]})") from error


@contextmanager
def _alone() -> Iterator[None]:
    """Of several processes that start together, one after the other looks at the tables, and the first changes them."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TABLES])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_TABLES])


def service_called(code: str | None) -> Service:
    """The service with that code; the only one where none is named.

    Raises:
        BadInput: there is no such service, or several and none is named.
    """
    from openfls.service.models import Service

    services: dict[str, Service] = {service.code: service for service in Service.real.order_by("code")}
    if code is None and len(services) == 1:
        return next(iter(services.values()))
    if code in services:
        return services[code]
    known = ", ".join(services) or "none yet; add one with `openfls service-add`"
    raise BadInput(f"name the service with --service; there are: {known}")
