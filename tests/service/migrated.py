"""The tables of a database as a value."""

from __future__ import annotations

import json
import re
from typing import Any


def tables(connection: Any) -> dict[str, Any]:
    """For each table its columns with whether they may be empty, and what its constraints and indexes hold."""
    describe = _of_sqlite if connection.vendor == "sqlite" else _of_postgres
    with connection.cursor() as cursor:
        names = sorted({*connection.introspection.table_names(cursor)} - {"django_migrations"})
        return {name: describe(connection, cursor, name) for name in names}


def _of_postgres(connection: Any, cursor: Any, name: str) -> dict[str, Any]:
    inspect = connection.introspection
    return {
        "columns": sorted(
            [column.name, bool(column.null_ok)] for column in inspect.get_table_description(cursor, name)
        ),
        "constraints": sorted(
            json.dumps([each["columns"], each["unique"], each["primary_key"], bool(each["check"])])
            for each in inspect.get_constraints(cursor, name).values()
        ),
    }


def _of_sqlite(_: Any, cursor: Any, name: str) -> dict[str, Any]:
    """Asked of SQLite itself: Django reads the texts of all tables word by word for it, which takes seconds."""

    def ask(question: str) -> list[tuple[Any, ...]]:
        return cursor.execute(question).fetchall()

    ((made,),) = ask(f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{name}'")
    indexes = ask(f"SELECT name, \"unique\", origin, partial FROM pragma_index_list('{name}')")
    return {
        "columns": sorted(ask(f"SELECT name, lower(type), \"notnull\", pk FROM pragma_table_info('{name}')")),
        "links": sorted(ask(f'SELECT "from", "table", "to" FROM pragma_foreign_key_list(\'{name}\')')),
        "indexes": sorted(
            [[row[0] for row in ask(f"SELECT name FROM pragma_index_info('{index}')")], *of]
            for index, *of in indexes
        ),
        "constraints": sorted(re.findall(r'CONSTRAINT "(\w+)"', made)),
    }
