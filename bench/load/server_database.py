"""A PostgreSQL for the bench alone, set up as a small server is: with memory, every commit made safe on disk."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = "shared_buffers=1GB max_wal_size=4GB work_mem=16MB random_page_cost=1.1 jit=off listen_addresses=127.0.0.1"


@contextmanager
def postgres(kept: Path | None = None) -> Iterator[str]:
    """The address of its server, without the name of a database. It lives in the folder ``kept`` and goes on there the
    next time, or in a temporary folder that goes with this block."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[4]))
    folder = kept or Path(tempfile.mkdtemp(prefix="openfls-load-"))
    folder.mkdir(parents=True, exist_ok=True)
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # it refuses to run as root
    if as_user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def do(*command: object) -> None:
        subprocess.run([*as_user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        do(programs / "initdb", "-D", data, "-U", "openfls", "-A", "trust", "-E", "UTF8")
    options = " ".join(["-p", str(port), "-k", str(folder), *(f"-c {each}" for each in SETTINGS.split())])
    control = (programs / "pg_ctl", "-D", data, "-w")
    do(*control, "-o", options, "-l", folder / "log", "start")
    try:
        yield f"postgres://openfls@127.0.0.1:{port}"
    finally:
        do(*control, "-m", "fast" if kept else "immediate", "stop")
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def set_aside(name: str) -> None:
    """A copy of the database in use, as it is, under a name of its own on the same server."""
    import psycopg
    from django.db import connection

    own = connection.get_connection_params()
    connection.close()  # nobody may be in a database that is copied
    with psycopg.connect(
        host=own["host"], port=own["port"], user=own["user"], dbname="template1", autocommit=True
    ) as other:
        other.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own["dbname"]}"')
