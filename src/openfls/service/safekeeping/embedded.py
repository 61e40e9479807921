"""The embedded database: copied while it is in use, looked through, and put back in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from openfls.record.errors import BadInput
from openfls.service.safekeeping import private
from openfls.service.safekeeping.manifest import State, state_of

ENGINE = "sqlite"
MEMBER = "database.sqlite3"
PATIENCE = 60.0


class Damaged(BadInput):
    """The file is no whole database."""


def _fault(words: str, error: sqlite3.Error, where: Path) -> BadInput:
    away = isinstance(error, sqlite3.OperationalError)  # locked, no room, no rights
    return (BadInput if away else Damaged)(f"{words} ({error})", where=str(where))


@contextmanager
def _opened(path: Path, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    if make:
        private.make_file(path)
    with closing(sqlite3.connect(_address(path), uri=True, timeout=PATIENCE)) as made:
        yield made


def _address(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=rw"


def is_open_elsewhere(path: Path) -> bool:
    """Whether another connection to the database is open at this moment, idle as it may be."""
    try:
        with closing(sqlite3.connect(_address(path), uri=True, timeout=0, isolation_level=None)) as made:
            # Before the first look: the database is then asked for alone, and nobody else may have it open.
            made.execute("PRAGMA locking_mode=EXCLUSIVE")
            made.execute("BEGIN EXCLUSIVE")
            made.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    except sqlite3.Error:
        pass  # damaged: whoever reads it next says so
    return False


def version() -> str:
    """Of SQLite."""
    return sqlite3.sqlite_version


def copy(source: Path, target: Path) -> None:
    """Copy a database that may be in use: the copy is one moment of it, and whole.

    Raises:
        BadInput: there is none, or it is no database.
    """
    try:
        with _opened(source) as live, _opened(target, make=True) as kept:
            live.backup(kept)
            # The copy is one file, without a log beside it.
            kept.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise _fault("cannot be copied", error, source) from error


def state(path: Path) -> State:
    """What a database file holds.

    Raises:
        Damaged: it is no whole database.
        BadInput: it cannot be read for another reason.
    """
    try:
        with _opened(path) as found:

            def ask(question: str) -> list[tuple[Any, ...]]:
                return found.execute(question).fetchall()

            tables = ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            columns = "SELECT name FROM pragma_table_info('audit_event')"
            return state_of(ask, [name for (name,) in tables], columns)
    except sqlite3.Error as error:
        raise _fault("cannot be read", error, path) from error


def check(path: Path) -> None:
    """Raise `BadInput` where the file is not a whole database whose keys all lead somewhere."""
    try:
        with _opened(path) as found:
            told = [row[0] for row in found.execute("PRAGMA integrity_check(5)")]
            if told != ["ok"]:
                raise BadInput(f"is damaged ({told[0]})", where=str(path))
            if lost := found.execute("PRAGMA foreign_key_check").fetchone():
                raise BadInput(f"has a row of {lost[0]} that leads nowhere", where=str(path))
    except sqlite3.Error as error:
        raise BadInput(f"is damaged ({error})", where=str(path)) from error


def put_back(staged: Path, target: Path) -> None:
    """Make ``target`` what ``staged`` is, in one transaction: killed at any moment it is the old one or the new one.

    Raises:
        BadInput: somebody holds the database.
    """
    try:
        with _opened(staged) as kept, _opened(target, make=True) as live:
            kept.backup(live)
            live.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise BadInput(
            f"cannot be replaced ({error}); stop openfls and its listener first", where=str(target)
        ) from error
