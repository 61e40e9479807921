"""A clock that jumps, and a database that goes away and comes back while work is done."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection
from ground import CHANCE, Act, Ground, Report, Tally, how_long, in_child, look
from killing import finished
from works import WORKS, Work

HERE = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def clock_jumps(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """The work of a day while the clock jumps back and forth by up to two hours between any two things written."""
    for work in WORKS:
        tally = Tally()
        how_long(work.act, ground)
        reference = work.figures()
        for _ in range(tries):
            ground.fresh()
            told, ended = in_child(_jumping(work, _around_noon))
            tally.one(told, False)
            if not ended:
                tally.faults.append("it does not come to its end")
            tally.faults += work.kept(told)
            look(tally)
            tally.compare(work.figures(), reference)
        yield f"clock jumps by up to two hours: {work.name}", tally


def _around_noon() -> datetime:
    noon = datetime.now(HERE).replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + CHANCE.uniform(-2, 2) * HOUR


def _jumping(work: Work, clock_now: Callable[[], datetime]) -> Act:
    from openfls.service import clock

    def act(report: Report) -> None:
        clock.now = lambda: clock_now().astimezone(UTC)
        work.act(report)

    return act


def far_jumps(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """The clock jumps across midnight, across both changes of the hour, and by a year, back and forth.

    A letter is not recorded as sent before the day of its approval, so the work may be refused on the way. Whatever
    was done then stands, and with a clock that goes on from the last of those days it comes to the same end.
    """
    today = datetime.now(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    to_summer, to_winter = (_next(month, today) for month in (3, 10))
    around = {
        "midnight": lambda: today + CHANCE.uniform(-0.2, 0.2) * HOUR,
        "the hour that is left out": lambda: to_summer + CHANCE.uniform(-1.5, 1.5) * HOUR,
        "the hour that comes twice": lambda: to_winter + CHANCE.uniform(-1.5, 1.5) * HOUR,
        "a year": lambda: today + CHANCE.choice((0, 365, 366)) * DAY + CHANCE.uniform(9, 15) * HOUR,
    }
    tallies = {name: Tally() for name in around}
    for work in WORKS:
        if work.name.startswith(("import", "file")):  # which say the day themselves
            continue
        steady = Work(work.name, _steady(work, today + 800 * DAY), work.kept, work.figures)
        how_long(steady.act, ground)
        reference = work.figures()
        for name, clock_now in around.items():
            for _ in range(tries):
                ground.fresh()
                finished(steady, tallies[name], in_child(_jumping(work, clock_now)), reference)
    for name, tally in tallies.items():
        yield f"clock jumps around {name}", tally


def _next(month: int, today: datetime) -> datetime:
    """The change of the hour in March or October next after today: what the ground holds was written before."""
    for year in (today.year, today.year + 1):
        last = datetime(year, month, 31, 1, tzinfo=UTC)
        moment = last - timedelta(days=(last.weekday() + 1) % 7)
        if moment > today:
            break
    return moment


def _steady(work: Work, begin: datetime) -> Act:
    began = time.monotonic()
    return _jumping(work, lambda: begin + timedelta(seconds=time.monotonic() - began))


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
            of_fault = in_child(work.act)
            failing.join()
            _until_it_answers()
            finished(work, tally, of_fault, reference)
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
