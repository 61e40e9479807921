"""Whether openfls works on a database that is about to be replaced: what it wrote afterwards would go into the other.

Each process that works on holds a shared lock on a file as long as it lives; a restore asks for it alone. A process of
an earlier version, or of another machine, holds no such lock: the database itself is asked too.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.db import connection

from openfls.record.errors import BadInput
from openfls.service.safekeeping import embedded, private, server

HOW = "stop openfls, its workers and its listener, then say it again"


def _file() -> Path:
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        database = Path(connection.settings_dict["NAME"])
        return database.with_name(f".{database.name}-in-use")
    return Path(settings.DATA) / ".openfls-in-use"


def _opened() -> TextIO:
    file = _file()
    try:
        private.make_folder(file.parent)
        private.make_file(file)
        return file.open("w")
    except OSError as error:
        raise BadInput(f"cannot be written to ({error.strerror})", where=str(file.parent)) from error


@contextmanager
def working() -> Iterator[None]:
    """This process works on the database as long as the block lasts.

    Raises:
        BadInput: it is being restored at this moment.
    """
    with _opened() as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadInput(
                "the database is being restored at this moment; wait until that is done"
            ) from error
        yield


@contextmanager
def nobody_else() -> Iterator[None]:
    """Nobody begins to work on the database as long as the block lasts.

    Raises:
        BadInput: somebody does already.
    """
    connection.close()
    with _opened() as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadInput(f"openfls runs on this database; {HOW}") from error
        if connection.vendor == "sqlite":
            database = Path(connection.settings_dict["NAME"])
            if database.exists() and embedded.is_open_elsewhere(database):
                raise BadInput(f"another process has this database open; {HOW}", where=str(database))
        elif others := server.others(connection.settings_dict):
            raise BadInput(f"the database has other connections ({others}); {HOW}, and close them")
        yield
