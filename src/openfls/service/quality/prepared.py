"""Long questions about a few rows, which the database keeps ready.

The rules of a set are one statement of forty thousand letters. To read and plan it takes PostgreSQL many times as long
as to answer it for one person. It is asked again and again with other keys, so each connection has it prepared once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_own: WeakKeyDictionary[object, bool] = WeakKeyDictionary()
Answer = tuple[tuple[str, ...], list[tuple[Any, ...]]]
PLACE = "the keys, told later"
"""Stands in a statement for the keys of the rows that are asked for."""


def run(statement: str) -> Answer:
    """The names of the columns and the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(column[0] for column in cursor.description), cursor.fetchall()


def run_for(keys: Sequence[str], statement: Callable[[Sequence[str]], str]) -> Answer:
    """The same of the statement that ``statement`` makes for the rows of these keys."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return run(statement(keys))
    there = f"IN ('{PLACE}')"
    parts = statement((PLACE,)).split(there)
    if len(parts) != 2:
        return run(statement(keys))
    before, after = (part.replace("%", "%%") for part in parts)
    return _prepared(f"{before}= ANY(%s){after}", list(keys)) or run(statement(keys))


def _prepared(statement: str, keys: list[str]) -> Answer | None:
    """None where a statement cannot be prepared: behind a pool that gives a connection to somebody else meanwhile."""
    import psycopg
    from psycopg.errors import DuplicatePreparedStatement, InvalidSqlStatementName

    connection.ensure_connection()
    raw = connection.connection
    if not _is_own(raw):
        return None
    usual, raw.prepare_threshold = raw.prepare_threshold, 0
    try:
        with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
            try:
                cursor.execute(statement, [keys])
            except (DuplicatePreparedStatement, InvalidSqlStatementName):
                return None
            return tuple(column.name for column in cursor.description or ()), cursor.fetchall()
    finally:
        raw.prepare_threshold = usual


def _is_own(raw: Any) -> bool:
    """Whether the process of the server that answers is the one that it said it is; of a pool it is another.

    Prepared statements are numbered by each client for itself. On a connection of several clients the same number may
    be somebody else's statement, which would answer without an error: another service's rules, or yesterday's.
    """
    if raw not in _own:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            _own[raw] = cursor.fetchone()[0] == raw.info.backend_pid
    return _own[raw]
