"""Databases beside that of the tests, in which things are really committed: the default connection, led elsewhere.

The database of the tests is made only where a test of the run asks for it (``db``): each file that uses this has one.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.core.management import call_command
from django.db import connection, connections

from openfls.service.safekeeping import embedded

Settings = dict[str, Any]


@contextmanager
def led_to(settings: Settings) -> Iterator[None]:
    """The default connection is one to that database as long as the block lasts."""
    connection.close()
    before, kept = connections.settings["default"], connections["default"]
    connections.settings["default"] = settings
    del connections["default"]
    try:
        yield
    finally:
        connection.close()
        connections.settings["default"] = before
        connections["default"] = kept


@contextmanager
def fresh(folder: Path, *, tables: bool = True) -> Iterator[Settings]:
    """A database of the kind of the tests: with its tables, or with nothing in it."""
    settings = deepcopy(connections.settings["default"])
    connection.close()
    if connection.vendor == "sqlite":
        settings["NAME"] = str(folder / f"{uuid.uuid4().hex}.sqlite3")
        if tables:
            embedded.copy(Path(connections["default"].settings_dict["NAME"]), Path(settings["NAME"]))
        yield settings
    else:
        own = connections["default"].settings_dict["NAME"]
        yield from _on_server(os.environ["OPENFLS_DATABASE"], own if tables else "template1")


@contextmanager
def fresh_on_postgres() -> Iterator[Settings]:
    """A PostgreSQL database with its tables, whatever the tests themselves run on."""
    for settings in _on_server(os.environ["OPENFLS_TEST_POSTGRES"], "template1"):
        with led_to(settings):
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        yield settings


def _on_server(address: str, template: str) -> Iterator[Settings]:
    name = f"beside_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        base = environ.Env.db_url_config(address) | {"NAME": name}
        filled = {**deepcopy(connections.settings["default"]), **base, "OPTIONS": {}, "CONN_MAX_AGE": 0}
        try:
            yield filled
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
