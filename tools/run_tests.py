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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JOURNEY = "tests/browser/test_journey.py"
# PostgreSQL is asked what only a database can answer: locks, orders, grouping, migrations, whole ways through the
# record. What reads one record and judges it in Python runs on SQLite alone.
OF_A_DATABASE = """
    actions_death actions_whole audit_chain audit_file corrections coverage feed_sources feeds_episodes feeds_files
    feeds_identity feeds_locks feeds_order feeds_withdrawn history journey judging long_loading measures migrations
    placing posting questionnaires queue scoping splitting undo upgrade verdicts waiting_rows
"""
ON_BOTH = [
    *(f"tests/service/test_{name}.py" for name in OF_A_DATABASE.split()),
    "tests/service/inbox",
    "tests/service/sharing",
    "tests/service/safekeeping/test_backups.py",
    "tests/commands/test_serve_jobs.py",
    "tests/web/test_page_costs.py",
    "--ignore=tests/service/inbox/test_killed.py",
    f"{JOURNEY}::test_from_a_found_fracture_to_closed_at_52_weeks[desktop]",
]
# The journey is walked once on each: at desktop width on PostgreSQL, on a phone on SQLite.
ON_SQLITE = ["tests", f"--deselect={JOURNEY}::test_from_a_found_fracture_to_closed_at_52_weeks[desktop]"]
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


def run(name: str, arguments: list[str], environment: dict[str, str]) -> tuple[int, Counter[str]]:
    """Run pytest once; its exit code and its counts."""
    print(f"== {name}", flush=True)
    command = [
        *(sys.executable, "-m", "pytest", "-q"),
        # A file stays in one process: what its tests share is made once.
        *("-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--no-loadscope-reorder"),
        *arguments,
    ]
    # Every process of the tests reads what the first one compiled.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, cwd=ROOT, env={**kept, **environment}, stdout=subprocess.PIPE, text=True
    )
    last = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line if OUTCOME.search(line) else last
    return process.wait(), Counter({what: int(count) for count, what in OUTCOME.findall(last)})


def main() -> int:
    """Every run, and the counts of all together. Arguments go to pytest in place of the folders."""
    code, total = 0, Counter[str]()
    with tempfile.TemporaryDirectory(prefix="openfls-data-") as data, postgres() as address:
        base = {
            "OPENFLS_DATA": data,
            "OPENFLS_SECRET_KEY": "for tests alone",
            "OPENFLS_TEST_POSTGRES": address,
        }
        on_postgres = {**base, "OPENFLS_DATABASE": address}
        for name, arguments, environment in (
            ("SQLite", ON_SQLITE, base),
            ("PostgreSQL", ON_BOTH, on_postgres),
        ):
            result, counts = run(name, sys.argv[1:] or arguments, environment)
            code, total = code or result, total + counts
    failed = total["failed"] + total["error"]
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped")
    return code


if __name__ == "__main__":
    sys.exit(main())
