"""`openfls`: the same work from a shell. Each command lives in its own file under `commands/`."""

from __future__ import annotations

import sqlite3
import sys

from openfls.commands.all import app
from openfls.record.errors import BadInput

DAMAGED = ("malformed", "not a database", "disk I/O error", "invalid page", "could not read block")
"""What SQLite and PostgreSQL say of a file that is not whole."""


def main() -> None:
    """Run the command line; bad input and a database that is damaged or away end with one clear line on standard error
    and exit code 2."""
    try:
        app()
    except BadInput as error:
        print(f"openfls: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:
        line = _of_database(error)
        if not line:
            raise
        print(f"openfls: {line}", file=sys.stderr)
        sys.exit(2)


def _of_database(error: Exception) -> str:
    """What a user can do about a database that is damaged or away; empty for any other error, our own among them."""
    if "django.db" not in sys.modules:
        return ""  # no command that has a database
    from django.conf import settings
    from django.db import DatabaseError, InterfaceError, InternalError, OperationalError

    # Of the other errors of a database each is a mistake in our question, or a row that breaks a rule.
    away = (OperationalError, InterfaceError, InternalError, sqlite3.OperationalError)
    if not (isinstance(error, away) or type(error) in (DatabaseError, sqlite3.DatabaseError)):
        return ""
    from openfls.service.operation.checking import first_line

    said = first_line(error) if settings.configured else type(error).__name__
    if any(word in said for word in DAMAGED):
        return f"the database is damaged ({said}); keep a copy of it, then put a backup back with `openfls restore`"
    return f"the database cannot be used ({said})"
