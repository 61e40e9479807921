"""The tables of a database in which nothing stands yet: made from the models, not by walking every migration.

A first start would spend most of its time on the states between migrations that nobody's rows ever had. That both
ways end with the same tables is tested (``tests/service/test_migrations.py``).
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import override_settings


def is_new(connection: BaseDatabaseWrapper) -> bool:
    """Whether no migration was ever recorded there."""
    return not MigrationRecorder(connection).applied_migrations()


def make(connection: BaseDatabaseWrapper) -> None:
    """Make every table and record every migration as done.

    Safe to repeat: the tables are made in one transaction, and one that stands is left as it is, so that a start
    which was killed between tables and record is finished by the next.
    """
    with override_settings(MIGRATION_MODULES={config.label: None for config in apps.get_app_configs()}):
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=app, name=name)
        for app, name in sorted(MigrationLoader(connection).disk_migrations)
    )
    waiting = MigrationExecutor(connection)
    assert not waiting.migration_plan(waiting.loader.graph.leaf_nodes()), "every migration is recorded"
