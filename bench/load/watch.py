"""A watch: the server is started as in production, so many co-ordinators work, and what they waited is told."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from load.pages import backend
from load.readers import CoOrdinator, Watch
from load.sessions import sessions, world

WARMING = 30.0
TARGET = 0.300


@contextmanager
def server(port: int, options: Sequence[str] = ()) -> Iterator[int]:
    """`openfls serve` with ``options``, `worker` and `schedule`; the process id of the first."""
    command = [sys.executable, "-c", "from openfls.cli import main; main()"]
    allow = ["--allow", "hosts", "--allow", "https"]
    # The night is not to fall into the watch.
    ask = {**os.environ, "OPENFLS_LOG_LEVEL": "INFO", "OPENFLS_NIGHT_AT": "23:59"}
    log = open(os.path.join(os.environ["OPENFLS_DATA"], "server.log"), "w")  # noqa: SIM115
    started = [
        subprocess.Popen([*command, *each, *allow], env=ask, stdout=log, stderr=log)
        for each in (["serve", "--port", str(port), *options], ["worker"], ["schedule"])
    ]
    try:
        _wait_until_ready(port)
        yield started[0].pid
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(port: int) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.HTTPError):
            pass
        time.sleep(1)
    raise SystemExit(f"the server is not ready; see {os.environ['OPENFLS_DATA']}/server.log")


def watch(many: int, think: float, minutes: float, port: int, options: Sequence[str] = ()) -> None:
    """Let them work, and print what they waited."""
    cookies, seen = sessions(many), world()
    database = _parent(backend())
    with server(port, options) as pid:
        # The rows of the day are judged in the background; the watch begins when the first dashboards have been seen.
        warming = Watch()
        _work(port, cookies, seen, warming, think, WARMING)
        kept, before, own = Watch(), _ticks(pid), resource.getrusage(resource.RUSAGE_SELF)
        before_there = _ticks(database)
        began = time.monotonic()
        _work(port, cookies, seen, kept, think, 60 * minutes)
        took = time.monotonic() - began
        after, now = _ticks(pid), resource.getrusage(resource.RUSAGE_SELF)
        after_there, memory = _ticks(database), _megabytes(pid)
    _say(kept, many, think, took)
    ours = now.ru_utime + now.ru_stime - own.ru_utime - own.ru_stime
    print(
        f"processor: server {(after - before) / took:.2f} cores, database {(after_there - before_there) / took:.2f},"
        f" load generator {ours / took:.2f}; memory of the server {memory} MB"
    )
    print(
        f"load {os.getloadavg()[0]:.1f}; while warming up: {len(warming.took)} answers, {len(warming.faults)} errors"
    )


def _work(port: int, cookies: list[str], seen: object, kept: Watch, think: float, seconds: float) -> None:
    until = time.monotonic() + seconds
    staff = [
        CoOrdinator(port, cookie, seen, kept, think, until, number)  # type: ignore[arg-type]
        for number, cookie in enumerate(cookies)
    ]
    for each in staff:
        each.start()
    for each in staff:
        each.join()


def _ticks(pid: int) -> float:
    """Processor seconds of a process and those that it started, ended ones too, so far."""
    total = 0.0
    for each in [pid, *_children(pid)]:
        fields = _stat(each)
        total += sum(map(int, fields[11:15] if each == pid else fields[11:13]))
    return total / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _megabytes(pid: int) -> int:
    """Memory of a process and those that it started; what they share is counted once."""
    total = 0
    for each in [pid, *_children(pid)]:
        with open(f"/proc/{each}/smaps_rollup") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return total // 1024


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(each) for each in file.read().split()]


def _say(kept: Watch, many: int, think: float, took: float) -> None:
    rate = len(kept.took) / took
    print(f"\n{many} co-ordinators, {think:g} s of thinking: {len(kept.took)} answers, {rate:.1f} a second")
    print(f"{'':12} {'answers':>8} {'median':>9} {'95 %':>9} {'99 %':>9} {'longest':>9}   ms")
    for kind in ["all", *sorted({kind for kind, _ in kept.took})]:
        times = sorted(1000 * took for each, took in kept.took if kind in ("all", each))
        parts = [times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95, 0.99, 1)]
        print(f"{kind:12} {len(times):8} " + " ".join(f"{part:9.0f}" for part in parts))
    faults = Counter(kept.faults)
    print(f"errors: {sum(faults.values())} {dict(faults) if faults else ''}; not ready yet: {kept.later}")
    times = sorted(took for _, took in kept.took)
    good = not faults and bool(times) and times[int(len(times) * 0.95)] < TARGET
    print(f"95th percentile under {1000 * TARGET:.0f} ms and no error: {'yes' if good else 'NO'}")
