"""A clock that jumps, and a database that goes away and comes back while work is done."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from acts import WORKS, Work
from django.db import connection
from ground import CHANCE, Ground, Report, Tally, how_long, in_child, whole

HERE = ZoneInfo("Europe/London")


def clock_jumps(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """The work of a day while the clock jumps back and forth by up to two hours between any two things written."""
    from openfls.service import clock

    for work in WORKS:
        tally = Tally()
        how_long(work.act, ground)
        reference = work.figures()
        for _ in range(tries):
            ground.fresh()
            told, ended = in_child(_jumping(work, clock))
            tally.tried += 1
            tally.hit += 1
            tally.acknowledged += len(told)
            if not ended:
                tally.faults.append("it does not come to its end")
            tally.faults += work.kept(told) + whole()
            if work.figures() != reference:
                tally.faults.append(f"{work.figures()} instead of {reference}")
        yield f"clock jumps: {work.name}", tally


def _jumping(work: Work, clock: object) -> object:
    noon = datetime.now(HERE).replace(hour=12, minute=0, second=0, microsecond=0)

    def act(report: Report) -> None:
        # Within the day: to pretend another day would be another day's work, with promises of its own.
        clock.now = lambda: noon + timedelta(seconds=CHANCE.uniform(-7200, 7200))
        work.act(report)

    return act


def database_gone(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """PostgreSQL stopped at once, as a machine that fails, and started again, while work is done."""
    control = max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[4]))
    import psycopg

    with psycopg.connect(os.environ["OPENFLS_BENCH_SERVER"]) as server:
        (data,) = server.execute("SHOW data_directory").fetchone()
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def restart() -> None:
        command = [*user, str(control), "-D", data, "-w", "-m", "immediate", "restart"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    for work in WORKS:
        length, tally = how_long(work.act, ground), Tally()
        reference = work.figures()
        for _ in range(tries):
            ground.fresh()
            failing = threading.Timer(CHANCE.uniform(0.1, 0.9) * length, restart)
            failing.start()
            told, ended = in_child(work.act)
            failing.join()
            _until_it_answers()
            tally.tried += 1
            tally.hit += not ended
            tally.acknowledged += len(told)
            tally.faults += work.kept(told) + whole()
            again, ended = in_child(work.act)
            if not ended:
                tally.faults.append("it does not come to its end afterwards")
            tally.faults += work.kept(told + again) + whole()
            if work.figures() != reference:
                tally.faults.append(f"{work.figures()} instead of {reference}")
        yield f"database gone and back: {work.name}", tally


def _until_it_answers() -> None:
    from django.db import OperationalError

    for _ in range(100):
        connection.close()
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(0.1)
        else:
            return
