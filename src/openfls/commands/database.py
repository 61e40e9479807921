"""What the commands share that work on the service's database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from openfls.record.errors import BadInput
from openfls.service.safekeeping import private

if TYPE_CHECKING:  # the tables can be imported only once Django is set up
    from openfls.service.models import Service

_TABLES = 0x0F15_7AB1
"""Names the turn of those who bring the tables to this version, among the advisory locks of the database."""


def prepare_database(*, quiet: bool = True, begin: bool = False) -> None:
    """Set Django up and bring the tables to this version.

    ``begin``: the command may be the first one of an installation, and makes a database where there is none.

    Raises:
        BadInput: there is none and the command does not begin one, or it cannot be reached.
    """
    if not begin:
        require_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    django.setup()
    if not begin:
        require_database()
    from openfls.commands import new_tables
    from openfls.service.auditing.guarding import install as guard_log

    if database := database_file():
        _keep_private(database)
    try:
        with alone():
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                if new_tables.is_new(connection):
                    if not begin:
                        raise _no_database()
                    new_tables.make(connection)
                    typer.echo(
                        f"A new database is begun: {database or 'the one of OPENFLS_DATABASE'}", err=True
                    )
                else:
                    call_command("migrate", verbosity=0 if quiet else 1, interactive=False)
                guard_log(connection)
            if settings.BACKGROUND == "worker":
                call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise BadInput(f"the database cannot be reached ({str(error).splitlines()[0]})") from error


def _keep_private(database: Path) -> None:
    try:
        private.make_folder(database.parent)
        private.make_file(database)
        private.close_database(database)
    except OSError as error:
        raise BadInput(f"cannot be written to ({error.strerror})", where=str(database)) from error


def require_database() -> None:
    """Raise where nothing was begun yet: who looks at a wrong folder must not leave a new database there.

    Before Django is set up and after: reading the settings alone makes the folder, and a key in it.
    """
    from django.conf import settings

    from openfls import options

    if settings.configured:
        file = database_file()
    else:
        named = options.read("OPENFLS_DATABASE")
        file = None if named else Path(options.read("OPENFLS_DATA")).resolve() / "openfls.sqlite3"
    if file is not None and not (file.exists() and file.stat().st_size):
        raise _no_database(file)


def database_file() -> Path | None:
    """Where the embedded database is; None where it is on a server, or in memory."""
    from django.db import connection

    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return None
    return Path(connection.settings_dict["NAME"])


def _no_database(file: Path | None = None) -> BadInput:
    if at := file or database_file():
        return BadInput(f"there is no database at {at}: set OPENFLS_DATA, or `openfls run` begins one")
    return BadInput(
        "the database of OPENFLS_DATABASE is empty: name another, or `openfls migrate` begins one"
    )


@contextmanager
def alone() -> Iterator[None]:
    """Of several processes that start together, one after the other looks at the tables, and the first makes and fills
    them. Who waits says for what."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_TABLES])
            if not cursor.fetchone()[0]:
                _say_that_it_waits()
                cursor.execute("SELECT pg_advisory_lock(%s)", [_TABLES])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_TABLES])
    elif connection.is_in_memory_db():
        yield
    else:
        with _turn_beside(Path(connection.settings_dict["NAME"])):
            yield


@contextmanager
def _turn_beside(database: Path) -> Iterator[None]:
    """The turn at a database that is one file: a lock on an empty file beside it, which ends with whoever holds it.

    The file stays: were it removed, two could hold the locks of two files of the same name.
    """
    file = database.with_name(f".{database.name}-turn")
    try:
        private.make_file(file)
        turn = file.open("w")
    except OSError as error:
        raise BadInput(f"nothing can be written beside the database ({error.strerror})") from error
    with turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say_that_it_waits()
            fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _say_that_it_waits() -> None:
    typer.echo("Another start is under way on this database. Waiting until it is done.", err=True)


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
