"""Readings of all feeds, kept on disk by person, so that memory stays flat however much comes in.

A temporary SQLite file in a folder only this user can read; it is gone when the command ends. Only what tells
of fractures or of people is kept, the rest is counted.
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from openfls.identification.episodes.persons import matchable
from openfls.record.feeds import Notice, Observation, Reading, Rejection

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
CREATE TABLE reading (
    n INTEGER PRIMARY KEY, argument TEXT, feed TEXT, record TEXT, version TEXT, digest TEXT,
    kind TEXT, person INTEGER, payload BLOB, left_out TEXT, person_id TEXT
);
CREATE UNIQUE INDEX reading_key ON reading (feed, record);
CREATE INDEX reading_person ON reading (person);
CREATE TABLE ident (system TEXT, value TEXT, person INTEGER, PRIMARY KEY (system, value)) WITHOUT ROWID;
CREATE INDEX ident_person ON ident (person);
"""
OBSERVATION, NOTICE, MERGE, REJECTION = "observation", "notice", "merge", "rejection"


class Spool:
    """Use it in a ``with``. ``passed`` counts by type what is not about fractures, ``again`` what came
    twice."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="openfls-find-")
        self._base = sqlite3.connect(Path(self._folder.name) / "spool.sqlite", isolation_level=None)
        self._base.executescript(_TABLES)
        self._people = 0
        self.passed: Counter[str] = Counter()
        self.again = 0
        self.read = 0
        self.usable = False
        self.first_reason = ""

    def __enter__(self) -> Self:
        self._base.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        self._folder.cleanup()

    def add(self, argument: str, reading: Reading) -> None:
        """Keep one reading. Of a record delivered twice, the greater version holds, whichever came first."""
        if isinstance(reading, Notice) and reading.about == "other":
            self.read += reading.count
            self.passed[reading.detail] += reading.count
            self.usable = True
            return
        self.read += 1
        if isinstance(reading, Rejection):
            reading = replace(reading, passed_over=None)  # the report itself is not asked for again
        whole_file = isinstance(reading, Rejection) and not reading.source.record
        if whole_file and isinstance(reading, Rejection):
            self.first_reason = self.first_reason or f"{reading.source.position}: {reading.reason}"
        else:
            self.usable = True
        payload = pickle.dumps(reading, protocol=pickle.HIGHEST_PROTOCOL)
        source = reading.source
        record = source.record or f"file {source.position} {self.read}"
        digest = hashlib.sha256(payload).hexdigest()
        known = self._base.execute(
            "SELECT n, version, digest FROM reading WHERE feed = ? AND record = ?", (source.feed, record)
        ).fetchone()
        person = self._person(reading)
        values = (source.version, digest, _kind(reading), person, payload)
        if known is None:
            self._base.execute(
                "INSERT INTO reading (argument, feed, record, version, digest, kind, person, payload)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (argument, source.feed, record, *values),
            )
            return
        self.again += 1
        if (source.version, digest) > known[1:]:
            self._base.execute(
                "UPDATE reading SET version = ?, digest = ?, kind = ?, person = ?, payload = ? WHERE n = ?",
                (*values, known[0]),
            )

    def people(self) -> Iterator[tuple[int, list[tuple[int, Reading]]]]:
        """Everyone with an observation: a number, and what was read of that person with its row numbers."""
        wanted = self._base.execute(
            "SELECT person, min(n) FROM reading WHERE kind = ? GROUP BY person ORDER BY min(n)",
            (OBSERVATION,),
        )
        for person, _ in wanted:
            rows = self._base.execute("SELECT n, payload FROM reading WHERE person = ? ORDER BY n", (person,))
            yield person, [(n, pickle.loads(payload)) for n, payload in rows]

    def leave_out(self, n: int, reason: str, person_id: str) -> None:
        """Note why an observation made no fracture."""
        self._base.execute(
            "UPDATE reading SET left_out = ?, person_id = ? WHERE n = ?", (reason, person_id, n)
        )

    def name(self, n: int, person_id: str) -> None:
        """Note the name of the person a reading is of."""
        self._base.execute("UPDATE reading SET person_id = ? WHERE n = ?", (person_id, n))

    def left_out(self) -> Iterator[tuple[str, Reading, str, str]]:
        """What is in no fracture, in the order read: argument, reading, reason noted, person noted."""
        rows = self._base.execute(
            "SELECT argument, payload, left_out, person_id FROM reading"
            " WHERE kind IN (?, ?) OR left_out IS NOT NULL ORDER BY n",
            (REJECTION, MERGE),
        )
        for argument, payload, reason, person_id in rows:
            yield argument, pickle.loads(payload), reason or "", person_id or ""

    def count(self, kind: str) -> int:
        """How many readings of a kind are kept."""
        return int(self._base.execute("SELECT count(*) FROM reading WHERE kind = ?", (kind,)).fetchone()[0])

    def _person(self, reading: Reading) -> int | None:
        told = reading.person
        if told is None:
            return None
        numbers = [(each.system, each.value) for each in matchable(told)]
        if not numbers and isinstance(reading, Rejection):
            return None
        found: set[int] = set()
        for number in numbers:
            row = self._base.execute(
                "SELECT person FROM ident WHERE system = ? AND value = ?", number
            ).fetchone()
            if row is not None:
                found.add(row[0])
        if not found:
            self._people += 1
            found = {self._people}
        mine = min(found)
        for other in found - {mine}:
            self._base.execute("UPDATE ident SET person = ? WHERE person = ?", (mine, other))
            self._base.execute("UPDATE reading SET person = ? WHERE person = ?", (mine, other))
        self._base.executemany(
            "INSERT OR IGNORE INTO ident (system, value, person) VALUES (?, ?, ?)",
            [(*number, mine) for number in numbers],
        )
        return mine


def _kind(reading: Reading) -> str:
    if isinstance(reading, Observation):
        return OBSERVATION
    if isinstance(reading, Notice):
        return MERGE if reading.about == "merge" else NOTICE
    return REJECTION
