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
def postgres() -> Iterator[str]:
    """Its address. It lives in a temporary folder and ends with this block."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[4]))
    folder = Path(tempfile.mkdtemp(prefix="openfls-load-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # it refuses to run as root
    if as_user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def do(*command: object) -> None:
        subprocess.run([*as_user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    data = folder / "data"
    do(programs / "initdb", "-D", data, "-U", "openfls", "-A", "trust", "-E", "UTF8")
    options = " ".join(["-p", str(port), "-k", str(folder), *(f"-c {each}" for each in SETTINGS.split())])
    control = (programs / "pg_ctl", "-D", data, "-w")
    do(*control, "-o", options, "-l", folder / "log", "start")
    try:
        yield f"postgres://openfls@127.0.0.1:{port}/postgres"
    finally:
        do(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
