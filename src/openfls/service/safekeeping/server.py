"""A PostgreSQL database: dumped and restored by PostgreSQL's own tools, one snapshot for the dump and its counts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from openfls.record.errors import BadInput
from openfls.service.safekeeping.manifest import State, state_of

ENGINE = "postgresql"
MEMBER = "database.pgdump"
MOMENTS, A_MOMENT = 20, 0.1
Settings = Mapping[str, Any]
"""Django's settings of the database."""


def _tool(name: str, at_least: int) -> str:
    """The newest of PostgreSQL's tools with that name, none older than the server."""
    places = [*Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    if on_path := shutil.which(name):
        places.append(Path(on_path))
    found = {_major(str(place)): str(place) for place in places}
    best = max(found, default=0)
    if best < at_least:
        have = f"version {best} is there" if best else "it is not there"
        raise BadInput(
            f"{name} of PostgreSQL {at_least} or newer is needed on this machine, and {have}; "
            f"install the package postgresql-client-{at_least}"
        )
    return found[best]


def _major(tool: str) -> int:
    try:
        told = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"(\d+)(?:\.\d+)*", told)
    return int(number[1]) if number else 0


def _environment(settings: Settings) -> dict[str, str]:
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    given = {to: str(settings.get(name) or "") for name, to in names.items()}
    told = {name: value for name, value in given.items() if value}
    # What the address asks of the connection, such as sslmode, holds for the tools too.
    options = settings.get("OPTIONS") or {}
    told |= {
        f"PG{name.upper()}": str(options[name]) for name in ("sslmode", "sslrootcert") if name in options
    }
    return {**os.environ, **told, "PGDATABASE": str(settings["NAME"])}


@contextmanager
def _connected(settings: Settings) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    options = {key: value for key, value in (settings.get("OPTIONS") or {}).items() if key.startswith("ssl")}
    try:
        with psycopg.connect(
            dbname=settings["NAME"],
            host=settings.get("HOST") or None,
            port=settings.get("PORT") or None,
            user=settings.get("USER") or None,
            password=settings.get("PASSWORD") or None,
            **options,
        ) as made:
            yield made
    except psycopg.OperationalError as error:
        raise BadInput(f"the database cannot be reached ({str(error).splitlines()[0]})") from error


def _state(connection: psycopg.Connection[tuple[Any, ...]]) -> State:
    def ask(question: str) -> list[tuple[Any, ...]]:
        return connection.execute(question.encode()).fetchall()

    tables = ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    columns = "SELECT column_name FROM information_schema.columns"
    columns += " WHERE table_schema = 'public' AND table_name = 'audit_event'"
    return state_of(ask, [name for (name,) in tables], columns)


def state(settings: Settings) -> State:
    """What the database holds."""
    with _connected(settings) as connection:
        return _state(connection)


def version(settings: Settings) -> str:
    """Of the server."""
    with _connected(settings) as connection:
        return ".".join(map(str, divmod(connection.info.server_version, 10000)))


def others(settings: Settings) -> str:
    """The other connections of our own user to the database, in words; empty where there is none.

    One that has just been closed is seen for a moment yet.
    """
    question = """
        SELECT count(*), string_agg(DISTINCT coalesce(client_addr::text, 'this machine'), ', ')
        FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
          AND backend_type = 'client backend'
    """
    count, places = 0, ""
    with _connected(settings) as connection:
        connection.autocommit = True
        for _ in range(MOMENTS):
            count, places = connection.execute(question).fetchone() or (0, "")
            if not count:
                return ""
            time.sleep(A_MOMENT)
    return f"{count}, from {places}"


def dump(settings: Settings, target: Path) -> State:
    """Dump the database into a file, and say what it held at that moment.

    Raises:
        BadInput: the tools are not there or too old, the database cannot be reached, or the disk is full.
    """
    with _connected(settings) as connection:
        tool = _tool("pg_dump", connection.info.server_version // 10000)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        asked = ["--format=custom", "--no-owner", "--no-privileges", "--schema=public"]
        _run([tool, *asked, f"--snapshot={snapshot}", f"--file={target}"], settings)
        return _state(connection)


def check(path: Path) -> None:
    """Raise `BadInput` where the file is no dump that PostgreSQL's tools can read to its end."""
    tool = _tool("pg_restore", 1)
    done = subprocess.run(
        [tool, "--file=-", path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise BadInput(f"cannot be read ({_first(done.stderr)})", where=path.name)


def put_back(staged: Path, settings: Settings) -> None:
    """Make the database what the dump is, in one transaction: killed at any moment it is the old one or the new one.

    Raises:
        BadInput: the tools are not there or too old, or PostgreSQL refuses; nothing has changed then.
    """
    with _connected(settings) as connection:
        major = connection.info.server_version // 10000
    script = staged.with_suffix(".sql")
    _run([_tool("pg_restore", major), "--no-owner", "--no-privileges", f"--file={script}", staged], settings)
    empty = "DROP SCHEMA public CASCADE"
    # The dump of a schema makes the schema itself; one of PostgreSQL 14 does not name "public".
    made = (
        "" if re.search(r"^CREATE SCHEMA public", _head(script), re.MULTILINE) else "; CREATE SCHEMA public"
    )
    steps = ["--single-transaction", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    _run([_tool("psql", major), *steps, f"--command={empty}{made}", f"--file={script}"], settings)
    script.unlink()


def _head(script: Path) -> str:
    with script.open(encoding="utf-8", errors="replace") as file:
        return file.read(20_000)


def _run(command: list[Any], settings: Settings) -> None:
    environment = _environment(settings)
    # What the tools write is a copy of the record: for its owner alone.
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, umask=0o077)
    if done.returncode:
        raise BadInput(f"{Path(command[0]).name} failed: {_first(done.stderr)}")


def _first(told: str) -> str:
    lines = [line for line in told.splitlines() if line.strip()]
    # What follows the first line may quote a row.
    return lines[0][:200] if lines else "no reason given"
