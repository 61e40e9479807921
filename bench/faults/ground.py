"""Where faults are tried: a database that is made once, copied for each try, and looked through after it."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, connections

Report = Callable[[str], None]
Act = Callable[[Report], None]
CHANCE = random.Random(20261122)


@dataclass
class Tally:
    """What came of one kind of fault. Each of ``faults`` that begins with lost or doubled is counted as that."""

    tried: int = 0
    hit: int = 0
    """Tries in which the fault came before the work was done."""
    acknowledged: int = 0
    chains: int = 0
    """Times that an audit chain was gone through from its first row to its last."""
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another kind's in."""
        self.tried, self.hit = self.tried + other.tried, self.hit + other.hit
        self.acknowledged, self.chains = self.acknowledged + other.acknowledged, self.chains + other.chains
        self.faults += other.faults

    def one(self, told: list[str], ended: bool) -> None:
        """One try, what it acknowledged, and whether it came to its end in spite of the fault."""
        self.tried += 1
        self.hit += not ended
        self.acknowledged += len(told)

    def compare(self, now: object, wanted: object) -> None:
        """What is there against what there is without a fault."""
        if now == wanted:
            return
        more = less = False
        if isinstance(now, dict) and isinstance(wanted, dict):
            pairs = [(now.get(key, 0), wanted.get(key, 0)) for key in {*now, *wanted}]
            numbers = [
                (have, want) for have, want in pairs if isinstance(have, int) and isinstance(want, int)
            ]
            more, less = any(a > b for a, b in numbers), any(a < b for a, b in numbers)
        kind = "doubled" if more and not less else "lost" if less and not more else "otherwise"
        self.faults.append(f"{kind}: {now} instead of {wanted}")

    def row(self) -> str:
        """Its figures as cells of a table."""
        lost, doubled = (sum(each.startswith(word) for each in self.faults) for word in ("lost", "doubled"))
        broken = sum("chain" in each for each in self.faults)
        rest = len(self.faults) - lost - doubled - broken
        proven = f"{self.chains - broken} of {self.chains}"
        return f"{self.tried} | {self.hit} | {self.acknowledged} | {lost} | {doubled} | {proven} | {rest}"


def work_file() -> Path:
    """The embedded database that is worked on."""
    return Path(connection.settings_dict["NAME"])


class Ground:
    """A database as a template, and the same database again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._template = folder / "template.sqlite3"
        self.tablespace = ""
        """Where PostgreSQL is to put the fresh database; empty: where it puts all."""

    def keep(self) -> None:
        """Keep what is there now as the template."""
        connection.close()
        if connection.vendor == "sqlite":
            from openfls.service.safekeeping import embedded

            self._template.unlink(missing_ok=True)
            embedded.copy(work_file(), self._template)
            with closing(sqlite3.connect(self._template)) as template:
                template.execute("VACUUM")  # no room of its own is left in it
        else:
            self.on_server(f'DROP DATABASE IF EXISTS "{self._name}_template" WITH (FORCE)')
            self.on_server(f'CREATE DATABASE "{self._name}_template" TEMPLATE "{self._name}"')

    @property
    def _name(self) -> str:
        return str(connection.settings_dict["NAME"])

    def on_server(self, statement: str) -> None:
        """Say something to PostgreSQL itself, beside the database that is worked on."""
        import psycopg

        address = os.environ["OPENFLS_BENCH_SERVER"]
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(statement.encode())

    def fresh(self) -> None:
        """The template once more."""
        connection.close()
        if connection.vendor == "sqlite":
            for ending in ("", "-wal", "-shm", "-journal"):
                work_file().with_name(work_file().name + ending).unlink(missing_ok=True)
            work_file().write_bytes(self._template.read_bytes())
        else:
            self.on_server(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
            place = f" TABLESPACE {self.tablespace}" if self.tablespace else ""
            self.on_server(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._name}_template"{place}')
            # A copied sequence believes that its next numbers are in the log already, which is so of the template
            # alone: after a crash it would give them out again. After a checkpoint it writes them down.
            self.on_server("CHECKPOINT")


def look(tally: Tally) -> None:
    """Everything that does not hold: the file itself, its keys, the audit chains, the triggers, the audit's rows."""
    from openfls.record.errors import BadInput
    from openfls.service.audit import verify
    from openfls.service.auditing import guarding
    from openfls.service.models import Episode, FlsdbRow, Service
    from openfls.service.safekeeping import embedded

    found = tally.faults
    if connection.vendor == "sqlite":
        connection.close()
        try:
            embedded.check(work_file())
        except BadInput as error:
            found.append(str(error))
    for service in Service.objects.all():
        tally.chains += 1
        found += [f"chain of {service.code}: {fault.words}" for fault in verify(service)[1][:1]]
    found += [f"trigger {name} is gone" for name in guarding.missing(connection)]
    confirmed = Episode.objects.exclude(state__in=("found", "not_for_us")).count()
    if confirmed != FlsdbRow.objects.count():
        found.append(f"{confirmed} confirmed episodes, {FlsdbRow.objects.count()} audit rows")


def in_child(
    act: Act, until: float | None = None, limit: Callable[[], None] | None = None
) -> tuple[list[str], bool]:
    """Do ``act`` in a process of its own that is killed ``until`` seconds after it begins; what it reported as done,
    and whether it came to its end. ``limit`` is called in it first."""
    connection.close()
    read, write = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _be_the_child(act, write, limit)
    os.close(write)
    began, ended = time.monotonic(), None
    while ended is None:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            ended = status
        elif until is not None and time.monotonic() - began >= until:
            os.kill(pid, signal.SIGKILL)
            ended = os.waitpid(pid, 0)[1]
        else:
            time.sleep(0.002)
    with os.fdopen(read) as told:
        lines = told.read().splitlines()
    return lines, ended == 0


def _be_the_child(act: Act, write: int, limit: Callable[[], None] | None) -> None:
    code = 1
    try:
        if limit:
            limit()
        act(lambda what: os.write(write, f"{what}\n".encode()) and None)
        code = 0
    except BaseException as error:
        log = os.environ.get("OPENFLS_BENCH_LOG")
        if log:
            with open(log, "a", encoding="utf-8") as file:
                file.write(f"{type(error).__name__}: {error}\n")
                traceback.print_exc(file=file)
    finally:
        os._exit(code)


def how_long(act: Act, ground: Ground) -> float:
    """Seconds that the act takes without a fault."""
    ground.fresh()
    began = time.monotonic()
    _, ended = in_child(act)
    if not ended:
        raise RuntimeError("it does not come to its end without a fault; set OPENFLS_BENCH_LOG to a file")
    return time.monotonic() - began


def pages() -> int:
    """How long the database is."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        return int(cursor.fetchone()[0])


def database_full(pages: int) -> Callable[[], None]:
    """In the child: the database may grow by so many pages and no more."""

    def limit() -> None:
        connections.close_all()
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            now = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {now + pages}")

    return limit


def files_full(size: int) -> Callable[[], None]:
    """In the child: no file may grow beyond so many bytes, as on a disk that is full."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit
