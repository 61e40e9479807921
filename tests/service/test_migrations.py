"""The migrations make the tables that the models describe; every other test has its tables straight from the models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from openfls.commands import new_tables
from openfls.commands.database import prepare_database
from openfls.record.errors import BadInput
from openfls.service.auditing import guarding
from service import migrated
from service.safekeeping.elsewhere import fresh, led_to

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


def test_migrations_make_the_tables_of_the_models(new_database: dict[str, str]) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "every step copies its tables on SQLite, where test_upgrade.py walks the steps since a release"
        )
    environment = {**os.environ, **new_database, "DJANGO_SETTINGS_MODULE": "openfls.settings"}
    done = subprocess.run(
        [sys.executable, migrated.__file__], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == migrated.tables(connection)


def test_a_first_start_makes_the_same_tables_at_once_even_when_it_was_killed_before_they_were_recorded(
    tmp_path: Path, settings: Any, django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        described = migrated.tables(connection)
        settings.MIGRATION_MODULES = {}
        with fresh(tmp_path, tables=False) as database, led_to(database):
            assert new_tables.is_new(connection)
            with (
                mock.patch.object(MigrationRecorder, "ensure_schema", side_effect=KeyboardInterrupt),
                pytest.raises(KeyboardInterrupt),
            ):
                new_tables.make(connection)
            assert new_tables.is_new(connection)
            assert guarding.missing(connection) == []
            prepare_database()
            assert migrated.tables(connection) == described
            assert guarding.missing(connection) == []
            assert not new_tables.is_new(connection)


def test_tables_of_which_nobody_knows_the_version_are_not_taken_for_ours(
    tmp_path: Path, settings: Any, django_db_setup: None, django_db_blocker: Any
) -> None:
    settings.MIGRATION_MODULES = {}
    changes = ("ALTER TABLE letter_in_run RENAME place TO stands_at", "DROP TABLE letter_in_run")
    with django_db_blocker.unblock(), fresh(tmp_path) as database, led_to(database):
        for change in changes:
            with connection.cursor() as cursor:
                cursor.execute(change)
            with pytest.raises(BadInput, match="no record of the version"):
                prepare_database()
            assert new_tables.is_new(connection)


def test_a_squashed_migration_says_what_those_that_it_replaces_say(settings: Any) -> None:
    """Asked of their states alone: a database that had the single ones is brought here by test_upgrade.py."""
    settings.MIGRATION_MODULES = {}
    squashed, single = (MigrationLoader(None, ignore_no_migrations=True) for _ in range(2))
    single.replace_migrations = False
    single.build_graph()
    (end,) = [key for key in squashed.graph.nodes if key[0] == "service" and "squashed" in key[1]]
    last = squashed.disk_migrations[end].replaces[-1]
    one, many = squashed.project_state(end), single.project_state(tuple(last))
    assert MigrationAutodetector(one, many).changes(graph=squashed.graph) == {}
