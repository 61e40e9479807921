"""A database of the release whose last migration is 0027, as that release itself made and filled it.

The files under `releases` are its own dump of a small fictional service: one person with a plan, a letter approved and
in a batch, one found, one assessed; a search and two views in the log, from before there were lanes.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

FOLDER = Path(__file__).parent / "releases"
EVENTS = 19
"""Rows of its audit log."""
PEOPLE = {"Planned", "Found", "Assessed"}
"""Given names of its people."""


def _dump(engine: str) -> str:
    return gzip.decompress((FOLDER / f"27.{engine}.sql.gz").read_bytes()).decode()


def make(path: Path) -> Path:
    """The database as an embedded one, in a file of its own."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as made:
        made.executescript(_dump("sqlite"))
    return path


def make_on_server(address: str) -> None:
    """The same in an empty PostgreSQL database."""
    with psycopg.connect(address) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute(_dump("postgresql").encode())
