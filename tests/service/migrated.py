"""The tables of a database as a value; run as a program, it makes those of a new database by the migrations first."""

from __future__ import annotations

import json
import sys
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


def main(step_by_step: bool) -> None:
    """Migrate and print."""
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = not step_by_step
    executor.loader.build_graph()
    ends = executor.loader.graph.leaf_nodes()
    executor.migrate([end for end in ends if not (step_by_step and "squashed" in end[1])])
    print(json.dumps(tables(connection)))


if __name__ == "__main__":
    main(sys.argv[1] == "step by step")
