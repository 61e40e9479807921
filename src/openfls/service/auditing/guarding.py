"""The database's own refusal: triggers that let nobody change or take out a row of the log, whoever asks."""

from __future__ import annotations

from typing import Any

GUARDED = ("audit_event", "access_review")
"""Tables whose rows are only ever added."""
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_never_{what} BEFORE {what} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION openfls_only_added() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$
"""
_POSTGRES = """
CREATE OR REPLACE TRIGGER {table}_never_{what} BEFORE {what} ON {table}
FOR EACH {each} EXECUTE FUNCTION openfls_only_added()
"""
_WHAT = {
    "sqlite": {"update": "ROW", "delete": "ROW"},
    "postgresql": {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"},
}


def _names(vendor: str) -> set[str]:
    return {f"{table}_never_{what}" for table in GUARDED for what in _WHAT[vendor]}


def install(connection: Any) -> None:
    """Put the triggers in place; those that stand are left."""
    vendor = connection.vendor
    statement = _SQLITE if vendor == "sqlite" else _POSTGRES
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in GUARDED:
            for what, each in _WHAT[vendor].items():
                cursor.execute(statement.format(table=table, what=what, each=each))


def remove(connection: Any) -> None:
    """Take the triggers away; for a migration that is taken back."""
    with connection.cursor() as cursor:
        for table in GUARDED:
            for what in _WHAT[connection.vendor]:
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_never_{what}{on}")


def missing(connection: Any) -> list[str]:
    """The triggers that do not stand, or that somebody has switched off."""
    question = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        question = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    with connection.cursor() as cursor:
        cursor.execute(question)
        standing = {row[0] for row in cursor.fetchall()}
    return sorted(_names(connection.vendor) - standing)
