"""The migrations make the tables that the models describe; every other test has its tables straight from the models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from service import migrated

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of an empty database beside that of the tests, of the same kind."""
    if connection.vendor == "sqlite":
        yield {"OPENFLS_DATA": str(tmp_path), "OPENFLS_DATABASE": f"sqlite:///{tmp_path / 'new.sqlite3'}"}
        return
    address = os.environ["OPENFLS_DATABASE"]
    name = f"new_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield {"OPENFLS_DATABASE": f"{address.rsplit('/', 1)[0]}/{name}"}
        server.execute(f"DROP DATABASE {name}")


def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("way", ["at once", "step by step"])
def test_migrations_make_the_tables_of_the_models(way: str, new_database: dict[str, str]) -> None:
    if way == "step by step" and connection.vendor == "sqlite":
        pytest.skip("every step copies its tables on SQLite, which takes long: PostgreSQL goes step by step")
    environment = {**os.environ, **new_database, "DJANGO_SETTINGS_MODULE": "openfls.settings"}
    done = subprocess.run(
        [sys.executable, migrated.__file__, way], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == migrated.tables(connection)
