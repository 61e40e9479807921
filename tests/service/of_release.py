"""Databases of releases before this one, as those releases themselves made and filled them.

The files under `releases`, named by their last migration, are their own dumps of a small fictional service: one person
with a plan, a letter approved and in a batch, one found, one assessed; a search and two views in the log. The oldest
is from before the log had lanes, the last has them.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

FOLDER = Path(__file__).parent / "releases"
PEOPLE = {"Planned", "Found", "Assessed"}
"""Given names of the people of each."""


@dataclass(frozen=True)
class Release:
    """A release by its last migration. ``heads`` are the newest row of each lane of its audit log."""

    number: int
    heads: dict[int, int]

    @property
    def events(self) -> int:
        """Rows of its audit log."""
        return sum(self.heads.values())

    def _dump(self, engine: str) -> str:
        return gzip.decompress((FOLDER / f"{self.number}.{engine}.sql.gz").read_bytes()).decode()

    def make(self, path: Path) -> Path:
        """The database as an embedded one, in a file of its own."""
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as made:
            made.executescript(self._dump("sqlite"))
        return path

    def make_on_server(self, address: str) -> None:
        """The same in an empty PostgreSQL database."""
        with psycopg.connect(address) as server:
            server.execute("DROP SCHEMA public CASCADE")
            if "CREATE SCHEMA public;" not in (dump := self._dump("postgresql")):
                server.execute("CREATE SCHEMA public")
            server.execute(dump.encode())


OLDEST = Release(27, {0: 19})
LAST = Release(36, {0: 17, 2: 1, 4: 2})
RELEASES = (OLDEST, LAST)
