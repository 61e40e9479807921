"""The tables of a database as a value."""

from __future__ import annotations

import json
from typing import Any


def tables(connection: Any) -> dict[str, Any]:
    """For each table its columns with whether they may be empty, and what its constraints and indexes hold."""
    found = {}
    with connection.cursor() as cursor:
        inspect = connection.introspection
        for name in sorted(inspect.table_names(cursor)):
            columns = inspect.get_table_description(cursor, name)
            constraints = inspect.get_constraints(cursor, name).values()
            found[name] = {
                "columns": sorted([column.name, bool(column.null_ok)] for column in columns),
                "constraints": sorted(
                    json.dumps([each["columns"], each["unique"], each["primary_key"], bool(each["check"])])
                    for each in constraints
                ),
            }
    found.pop("django_migrations", None)
    return found
