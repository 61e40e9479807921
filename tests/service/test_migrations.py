"""New tables are those that the models describe, as every other test has them; no model waits for a migration.

That the migrations lead an older database to the same tables is asked in test_upgrade.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

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
from openfls.service.models import Installation
from service import migrated
from service.safekeeping.elsewhere import fresh, led_to

pytestmark = pytest.mark.django_db


def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_first_start_makes_the_same_tables_at_once_even_when_it_was_killed_before_they_were_recorded(
    tmp_path: Path, settings: Any, capsys: Any, django_db_setup: None, django_db_blocker: Any
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
            prepare_database(begin=True)
            assert "A new database is begun" in capsys.readouterr().err
            assert migrated.tables(connection) == described
            assert guarding.missing(connection) == []
            assert not new_tables.is_new(connection)
            assert Installation.objects.count() == 1
            with (
                pytest.raises(BadInput, match=r"no database|is empty"),
                fresh(tmp_path, tables=False) as none,
                led_to(none),
            ):
                prepare_database()
            if connection.vendor == "sqlite":
                file = Path(database["NAME"])
                assert {each.stat().st_mode & 0o077 for each in tmp_path.glob(f"{file.name}*")} == {0}
                file.chmod(0o644)  # as earlier versions made it
                prepare_database()
                assert file.stat().st_mode & 0o077 == 0


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
                prepare_database(begin=True)
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
