"""The real command on SQLite: killed and started again while messages are sent; told to stop; fed the samples."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from openfls.identification.feeds.hl7v2.framing import blocks
from openfls.service.inbox.framing import framed
from service.inbox.made import message, report

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "hl7v2"
COMMAND = [sys.executable, "-c", "from openfls.cli import main; main()"]
PATIENCE = 60.0
MESSAGES = 120


# The tables straight from the models, marked as migrated: another test compares the two, and migrating takes long.
PREPARE = """
import django
from django.conf import settings
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
settings.MIGRATION_MODULES = {each.label: None for each in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
settings.MIGRATION_MODULES = {}
recorder = MigrationRecorder(connection)
recorder.ensure_schema()
for app, name in MigrationLoader(None).disk_migrations:
    recorder.record_applied(app, name)
from openfls.service.models import Service
Service.objects.create(code="north", name="North Fracture Liaison Service")
connection.close()
"""


def environment(folder: Path) -> dict[str, str]:
    """What a process needs that works on the database in ``folder``."""
    made = {**os.environ, "OPENFLS_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "openfls.settings"}
    made.pop("OPENFLS_DATABASE", None)
    return made


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one service, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    subprocess.run([sys.executable, "-c", PREPARE], env=environment(folder), check=True)
    return folder / "openfls.sqlite3"


class Listener:
    """`openfls listen` as a process, on a copy of the database ``prepared``."""

    def __init__(self, folder: Path, prepared: Path) -> None:
        self._database = folder / prepared.name
        shutil.copyfile(prepared, self._database)
        self._environment = environment(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.log = ""
        self.process: subprocess.Popen[str] | None = None

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same data."""
        return subprocess.run(
            [*COMMAND, *arguments], env=self._environment, capture_output=True, text=True, check=True
        )

    def start(self) -> None:
        """Start it; it listens when this returns."""
        self.process = subprocess.Popen(
            [*COMMAND, "listen", "--port", str(self.port), "--megabytes", "1"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert "listens at 127.0.0.1" in self.process.stdout.readline()

    def end(self, number: int) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        self.log += out + err
        return self.process.returncode

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """Rows from the database, read past the program."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(question).fetchall()

    def wait_until_processed(self) -> None:
        """Until no message waits."""
        until = time.monotonic() + PATIENCE
        while self.ask("SELECT 1 FROM inbox_message WHERE state = 'received' LIMIT 1"):
            assert time.monotonic() < until, "messages are left waiting"
            time.sleep(0.1)


@pytest.fixture
def listener(tmp_path: Path, prepared: Path) -> Iterator[Listener]:
    """A listener that runs, ended whatever happens."""
    made = Listener(tmp_path, prepared)
    made.start()
    yield made
    assert made.process is not None
    if made.process.poll() is None:
        made.end(signal.SIGKILL)


def send(port: int, contents: list[bytes], acknowledged: list[bytes]) -> None:
    """Send each until it is answered, as an interface engine does; its MSA segments go to ``acknowledged``."""
    connected: socket.socket | None = None
    until = time.monotonic() + PATIENCE
    for content in contents:
        while True:
            assert time.monotonic() < until, "the listener does not answer"
            try:
                connected = connected or socket.create_connection(("127.0.0.1", port), timeout=30)
                connected.sendall(framed(content))
                told = b""
                while not told.endswith(b"\x1c\r"):
                    data = connected.recv(4096)
                    if not data:
                        raise ConnectionResetError
                    told += data
                acknowledged.append(told.split(b"\r")[1])
                break
            except OSError:
                if connected is not None:
                    connected.close()
                connected = None
                time.sleep(0.05)
    if connected is not None:
        connected.close()


def test_each_acknowledged_message_is_stored_and_processed_once_however_often_it_is_killed(
    listener: Listener,
):
    by_chance = random.Random(7)
    controls = [f"K{number}" for number in range(MESSAGES)]
    lists: list[list[bytes]] = [[] for _ in range(4)]
    senders = [
        threading.Thread(
            target=send,
            args=(listener.port, [report(each, person=int(each[1:]) // 4) for each in controls[n::4]], told),
        )
        for n, told in enumerate(lists)
    ]
    for each in senders:
        each.start()
    kills = 0
    # It is killed while messages come, and a few times more while the rest is processed.
    while kills < 3:
        time.sleep(by_chance.uniform(0.02, 0.4))
        listener.end(signal.SIGKILL)
        kills += 1
        listener.start()
    for each in senders:
        each.join(PATIENCE)
    listener.wait_until_processed()

    acknowledged = {line.decode() for told in lists for line in told}
    assert acknowledged == {f"MSA|AA|{control}" for control in controls}
    stored = Counter(row[0] for row in listener.ask("SELECT control_id FROM inbox_message"))
    assert stored == Counter(controls)
    assert listener.ask("SELECT DISTINCT state FROM inbox_message") == [("processed",)]
    read, known, other = listener.ask(
        "SELECT sum(rows_read), sum(rows_known), sum(rows_other) FROM feed_delivery"
    )[0]
    rows = listener.ask("SELECT count(*), count(DISTINCT record) FROM feed_row")[0]
    assert (read, known, other, *rows) == (MESSAGES, 0, 0, MESSAGES, MESSAGES)
    assert listener.ask("SELECT count(*) FROM person") == [(MESSAGES // 4,)]
    # What is sent once more is acknowledged and stays one.
    again: list[bytes] = []
    send(listener.port, [report("K0", person=0)], again)
    assert again == [b"MSA|AA|K0"]
    assert listener.ask("SELECT count(*) FROM inbox_message") == [(MESSAGES,)]


def test_told_to_stop_it_answers_what_it_has_and_leaves_the_log_without_content(listener: Listener):
    told: list[bytes] = []
    with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as half:
        half.sendall(framed(message("HALF"))[:40])
        send(listener.port, [message("M1", "ADT^A08", "NTE|1||SECRETWORD"), b"SECRETWORD"], told)
        assert listener.end(signal.SIGTERM) == 0
        assert half.recv(100) == b""
    assert told == [b"MSA|AA|M1", b"MSA|AR||no MSH segment at its beginning"]
    assert "2 messages were kept" in listener.log
    assert "refused 1: no MSH segment" in listener.log
    assert not any(word in listener.log for word in ("SECRETWORD", "EXAMPLE", "ADA", "Traceback"))
    assert listener.ask("SELECT control_id FROM inbox_message ORDER BY id") == [("M1",), ("",)]
    # What was left waiting is taken up at the next start.
    listener.start()
    listener.wait_until_processed()
    assert listener.ask("SELECT state FROM inbox_message ORDER BY id") == [("processed",), ("refused",)]
    with pytest.raises(subprocess.CalledProcessError) as raised:
        listener.run("listen", "--port", str(listener.port))
    assert raised.value.returncode == 2
    assert f"cannot listen on 127.0.0.1:{listener.port}" in raised.value.stderr


@pytest.mark.skipif(not SAMPLES.exists(), reason="the HL7 samples are not beside the checkout")
def test_every_sample_is_answered_stored_and_processed_or_left_out_with_a_reason(listener: Listener):
    contents = []
    for path in sorted(SAMPLES.rglob("*.hl7")):
        with path.open("rb") as file:
            contents += [b"\r".join(block.lines) + b"\r" for block in blocks(file)]
    told: list[bytes] = []
    send(listener.port, contents, told)
    listener.wait_until_processed()
    assert len(told) == len(contents) > 150
    readable = [content.startswith(b"MSH") for content in contents]
    assert [line[4:6] for line in told] == [b"AA" if each else b"AR" for each in readable]
    assert listener.ask("SELECT count(*) FROM inbox_message") == [(len(set(contents)),)]
    assert listener.ask(
        "SELECT count(*) FROM inbox_message WHERE delivery_id IS NULL OR (state <> 'processed' AND reason = '')"
    ) == [(0,)]
    assert listener.ask("SELECT count(*) FROM inbox_message WHERE state = 'failed'") == [(0,)]
