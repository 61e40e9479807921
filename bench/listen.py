"""`openfls listen` on SQLite: messages a second, and what is left of 20,000 messages when it is killed at random.

Run it as ``python bench/listen.py``. Each part starts the real command on a database of its own in a temporary folder:

1. rate: every message waits for its answer before the next, on 1 and on 8 connections;
2. kills: 8 senders, while the listener is killed (SIGKILL) and started again at random; a sender repeats what was not
   acknowledged. Every acknowledged message must be stored once, and in the end be processed;
3. samples: every message of ``../shared/data/hl7v2`` is answered, stored, and processed or left out with a reason.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "data" / "hl7v2"
OPENFLS = [sys.executable, "-c", "from openfls.cli import main; main()"]
REPORTS = (
    "XR left wrist. Comminuted fracture of the distal radius.",
    "CT chest. No pulmonary embolus. Wedge fracture of T12, new since 2024.",
    "XR right hip. Displaced intracapsular fracture of the neck of femur.",
    "XR chest. The lungs are clear. No acute abnormality.",
)


def message(number: int) -> bytes:
    """One message of an invented hospital; every second one is a report, the others are ward movements."""
    person = number // 4
    pid = (
        f"PID|1||{person:07d}^^^RXX^MR||Example{person}^Ada||19{30 + person % 40}0{1 + person % 9}12|F"
        f"|||{person} Low Road^^Town^^LS1 1AA"
    )
    kind = "ORU^R01" if number % 2 else "ADT^A08"
    segments = [f"MSH|^~\\&|RIS|RXX|FLS|RXX|20260301120000||{kind}|B{number:07d}|P|2.4", pid]
    if number % 2:
        segments.append(f"OBR|1||F{number}|XR^X-ray|||202602{1 + person % 28:02d}1100|||||||||||||||||RAD|F")
        segments.append(f"OBX|1|TX|R^Report||{REPORTS[number // 2 % len(REPORTS)]}||||||F")
    return "\r".join(segments).encode() + b"\r"


class Sender:
    """A sender that repeats each message until it is acknowledged."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._rest = b""
        self.repeated = 0

    def send(self, content: bytes) -> bytes:
        """The acknowledgement's MSA segment."""
        while True:
            try:
                if self._socket is None:
                    self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
                    self._rest = b""
                self._socket.sendall(b"\x0b" + content + b"\x1c\r")
                return self._answer(self._socket)
            except OSError:
                self.close()
                self.repeated += 1
                time.sleep(0.05)

    def _answer(self, connected: socket.socket) -> bytes:
        while b"\x1c\r" not in self._rest:
            data = connected.recv(65536)
            if not data:
                raise ConnectionResetError
            self._rest += data
        answer, _, self._rest = self._rest.partition(b"\x1c\r")
        return answer.strip(b"\x0b\r").split(b"\r")[-1]

    def close(self) -> None:
        """Let the connection go."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None


class Listener:
    """The command as a process that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "openfls.sqlite3"
        self._environment = {**os.environ, "OPENFLS_DATA": str(folder), "OPENFLS_LOG_LEVEL": "ERROR"}
        self._environment.pop("OPENFLS_DATABASE", None)
        self._run("service-add", "north", "North Fracture Liaison Service")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.start()

    def _run(self, *arguments: str) -> None:
        command = [*OPENFLS, *arguments]
        subprocess.run(command, env=self._environment, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start it and wait until it listens."""
        command = [*OPENFLS, "listen", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if "listens at" not in self._process.stdout.readline():
            raise SystemExit("the listener did not start")

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal and wait for its end."""
        self._process.send_signal(number)
        self._process.communicate()

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """Rows from its database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(question).fetchall()

    def drain(self) -> float:
        """Wait until every message is processed; the seconds it took."""
        start = time.perf_counter()
        while self.ask("SELECT 1 FROM inbox_message WHERE state = 'received' LIMIT 1"):
            time.sleep(0.2)
        return time.perf_counter() - start


@contextmanager
def listener() -> Iterator[Listener]:
    """A listener on an empty database, ended politely."""
    with tempfile.TemporaryDirectory(prefix="openfls-bench-") as folder:
        running = Listener(Path(folder))
        try:
            yield running
        finally:
            running.end()


def send_all(port: int, numbers: range, connections: int) -> tuple[dict[int, bytes], list[float], int]:
    """Send the messages over so many connections; answers by number, waiting times, repetitions."""
    answers: dict[int, bytes] = {}
    waited: list[float] = []
    senders = [Sender(port) for _ in range(connections)]

    def work(mine: int) -> None:
        for number in numbers[mine::connections]:
            start = time.perf_counter()
            answers[number] = senders[mine].send(message(number))
            waited.append(time.perf_counter() - start)
        senders[mine].close()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, waited, sum(each.repeated for each in senders)


def accepted(answers: dict[int, bytes]) -> set[str]:
    """The control ids that were acknowledged with AA."""
    return {f"B{number:07d}" for number, told in answers.items() if told == f"MSA|AA|B{number:07d}".encode()}


def account(running: Listener, acknowledged: set[str]) -> bool:
    """Print what the database holds of what was acknowledged; whether each is there once and processed."""
    stored = Counter(str(row[0]) for row in running.ask("SELECT control_id FROM inbox_message"))
    processed = {
        row[0] for row in running.ask("SELECT control_id FROM inbox_message WHERE state = 'processed'")
    }
    # Only the senders of this file give each message a control id of its own.
    missing = sum(stored[each] == 0 for each in acknowledged)
    twice = sum(stored[each] > 1 for each in acknowledged)
    waiting = len(acknowledged - processed)
    print(
        f"  {len(acknowledged):,} acknowledged, {sum(stored.values()):,} stored: {missing} missing, {twice} stored "
        f"more than once, {waiting} not processed"
    )
    read, known, other = running.ask(
        "SELECT sum(rows_read), sum(rows_known), sum(rows_other) FROM feed_delivery"
    )[0]
    rows = dict(running.ask("SELECT outcome, count(*) FROM feed_row GROUP BY outcome"))
    new, left_out = rows.get("new", 0), rows.get("rejected", 0)
    holds = read == new + known + left_out + other  # type: ignore[operator]
    print(
        f"  {read} records read = {new} new + {known} known + {left_out} left out + {other} not about bones: {holds}"
    )
    return holds and not missing and not twice and not waiting


def rate(count: int, connections: int) -> None:
    """Part 1."""
    with listener() as running:
        start = time.perf_counter()
        answers, waited, _ = send_all(running.port, range(count), connections)
        seconds = time.perf_counter() - start
        waited.sort()
        middle, slow = (1000 * waited[int(share * len(waited))] for share in (0.5, 0.99))
        print(
            f"rate, {connections} connections: {len(accepted(answers)) / seconds:,.0f} messages acknowledged a second "
            f"({count:,} in {seconds:.1f} s; half within {middle:.1f} ms, 99 in 100 within {slow:.0f} ms)"
        )
        drained = running.drain()
        print(
            f"  all processed {drained:.1f} s after the last: {count / (seconds + drained):,.0f} a second in all"
        )
        account(running, accepted(answers))


def kills(count: int, seed: int) -> bool:
    """Part 2."""
    by_chance = random.Random(seed)
    with listener() as running:
        over = threading.Event()
        killed = 0

        def kill() -> None:
            nonlocal killed
            while not over.wait(by_chance.uniform(0.1, 4.0)):
                running.end(signal.SIGKILL)
                killed += 1
                running.start()

        killer = threading.Thread(target=kill)
        start = time.perf_counter()
        killer.start()
        answers, _, repeated = send_all(running.port, range(count), 8)
        seconds = time.perf_counter() - start
        print(
            f"kills: {count:,} messages in {seconds:.1f} s ({count / seconds:,.0f} a second, starts included)"
        )
        # The rest is processed under fire too.
        while running.ask("SELECT 1 FROM inbox_message WHERE state = 'received' LIMIT 1") and killed < 60:
            time.sleep(0.2)
        over.set()
        killer.join()
        running.drain()
        print(f"  killed {killed} times, {repeated:,} attempts of the senders failed and were repeated")
        return account(running, accepted(answers)) and len(accepted(answers)) == count


def samples() -> bool:
    """Part 3."""
    from openfls.identification.feeds.hl7v2.framing import blocks

    if not SAMPLES.exists():
        print(f"samples: skipped, {SAMPLES.name} is not there")
        return True
    with listener() as running:
        sender = Sender(running.port)
        told: Counter[str] = Counter()
        sent: set[bytes] = set()
        for path in sorted(SAMPLES.rglob("*.hl7")):
            with path.open("rb") as file:
                contents = [b"\r".join(block.lines) + b"\r" for block in blocks(file)]
            for content in contents:
                told[sender.send(content).split(b"|")[1].decode()] += 1
                sent.add(content)
        sender.close()
        running.drain()
        states = dict(running.ask("SELECT state, count(*) FROM inbox_message GROUP BY state"))
        silent = running.ask("SELECT count(*) FROM inbox_message WHERE state <> 'processed' AND reason = ''")[
            0
        ][0]
        print(f"samples: {sum(told.values())} messages sent, {len(sent)} different; answers {dict(told)}")
        print(
            f"  stored {sum(map(int, states.values()))}: {states}; {silent} left out without a reason"  # type: ignore[call-overload]
        )
        return account(running, set()) and sum(map(int, states.values())) == len(sent) and silent == 0  # type: ignore[call-overload]


def main() -> int:
    """All three parts; 1 where a message was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="messages of the run with kills")
    parser.add_argument("--rate-count", type=int, default=3_000, help="messages of each run without")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    for connections in (1, 8):
        rate(options.rate_count, connections)
    sound = samples()
    return 0 if kills(options.count, options.seed) and sound else 1


if __name__ == "__main__":
    sys.exit(main())
