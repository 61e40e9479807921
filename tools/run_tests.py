"""Runs the tests on SQLite and on a PostgreSQL of their own, and adds the counts up."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
JOURNEY = "tests/browser/test_journey.py"
# PostgreSQL is asked what only a database can answer: locks, orders, grouping, migrations, whole ways through the
# record. What reads one record and judges it in Python runs on SQLite alone.
OF_A_DATABASE = """
    actions_whole audit_chain corrections coverage feed_sources feeds_episodes feeds_files
    feeds_identity feeds_locks feeds_order feeds_withdrawn history journey judging long_loading measures migrations
    placing queue scoping splitting upgrade waiting_rows
"""
ON_BOTH = [
    *(f"tests/service/test_{name}.py" for name in OF_A_DATABASE.split()),
    "tests/service/inbox/test_keeping.py",
    "tests/service/sharing/test_outbox.py",
    "tests/service/safekeeping/test_backups.py",
    "tests/commands/test_serve_jobs.py",
    "tests/web/test_page_costs.py",
    "--deselect=tests/service/test_feeds_files.py::test_no_hl7_sample_stops_the_loading",
    "--deselect=tests/service/test_migrations.py::test_no_model_waits_for_a_migration",
    "--deselect=tests/service/test_queue.py::test_together_is_the_same_as_one_by_one",
    JOURNEY,
]
# The journey is walked on PostgreSQL; the other ways through the pages on SQLite.
ON_SQLITE = ["tests", f"--ignore={JOURNEY}"]


@dataclass(frozen=True, slots=True)
class Lane:
    """One run of pytest: what it is called, what it runs, what is set for it, and in how many processes."""

    name: str
    folders: list[str]
    environment: dict[str, str]
    processes: int


OUTCOME = re.compile(r"(\d+) (passed|failed|skipped|error|xfailed|xpassed)s?\b")


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL that lives in a temporary folder and ends with this block."""
    initdb = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    folder = Path(tempfile.mkdtemp(prefix="openfls-postgres-"))
    # The server refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def do(*command: object) -> None:
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)  # type: ignore[list-item]

    do(initdb, "-D", data, "-U", "openfls", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c jit=off"
    control = (initdb.with_name("pg_ctl"), "-D", data, "-w")
    do(*control, "-o", options, "-l", folder / "log", "start")
    try:
        yield f"postgres://openfls@127.0.0.1:{port}/postgres"
    finally:
        do(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def start(lane: Lane, arguments: list[str], told: IO[str] | int) -> Popen[str]:
    """Begin one run of pytest; ``told`` is where it writes what it says."""
    command = [
        *(sys.executable, "-m", "pytest", "-q"),
        # A file stays in one process: what its tests share is made once.
        *("-n", str(lane.processes), "--dist", "loadfile", "--no-loadscope-reorder"),
        *(arguments or lane.folders),
    ]
    # Every process of the tests reads what the first one compiled.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return Popen(command, cwd=ROOT, env={**kept, **lane.environment}, stdout=told, text=True)


def shown(lines: Iterable[str]) -> Counter[str]:
    """Print what a run says; its counts, of which the last line tells."""
    last = ""
    for line in lines:
        print(line, end="", flush=True)
        last = line if OUTCOME.search(line) else last
    return Counter({what: int(count) for count, what in OUTCOME.findall(last)})


def main() -> int:
    """Both runs beside each other, and their counts together. Arguments go to pytest in place of the folders."""
    with (
        tempfile.TemporaryDirectory(prefix="openfls-data-") as data,
        postgres() as address,
        Path(data, "postgres.log").open("w+", encoding="utf-8", errors="replace") as log,
    ):
        names = ("sqlite", "postgres", "templates", "shapes")
        here, there, templates, shapes = (Path(data, name) for name in names)
        for folder in (here, there, templates, shapes):
            folder.mkdir()
        base = {
            "OPENFLS_SECRET_KEY": "for tests alone",
            "OPENFLS_TEST_POSTGRES": address,
            "TEMPLATES_OF_TESTS": str(templates),
            "SHAPES_OF_TESTS": str(shapes),
        }
        # A browser leaves time over, which the second fills.
        first = Lane("SQLite", ON_SQLITE, {**base, "OPENFLS_DATA": str(here)}, os.cpu_count() or 1)
        second = Lane(
            "PostgreSQL", ON_BOTH, {**base, "OPENFLS_DATA": str(there), "OPENFLS_DATABASE": address}, 1
        )
        beside = start(second, sys.argv[1:], log)
        print(f"== {first.name}", flush=True)
        running = start(first, sys.argv[1:], PIPE)
        assert running.stdout is not None
        total = shown(running.stdout)
        code = running.wait() or beside.wait()
        print(f"== {second.name}", flush=True)
        beside.wait()
        log.seek(0)
        total += shown(log)
    failed = total["failed"] + total["error"]
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped")
    return code


if __name__ == "__main__":
    sys.exit(main())
