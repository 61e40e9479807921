"""The tables of a database in which nothing stands yet: made from the models, not by walking every migration.

A first start would spend most of its time on the states between migrations that nobody's rows ever had. That both
ways end with the same tables is tested (``tests/service/test_upgrade.py``, ``test_migrations.py``).
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import override_settings

from openfls.record.errors import BadInput
from openfls.service.auditing.guarding import install
from openfls.service.models import Installation


def is_new(connection: BaseDatabaseWrapper) -> bool:
    """Whether no migration was ever recorded there."""
    return not MigrationRecorder(connection).applied_migrations()


def make(connection: BaseDatabaseWrapper) -> None:
    """Make every table and record every migration as done.

    Safe to repeat: the tables are made in one transaction, and one that stands is left as it is, so that a start
    which was killed between tables and record is finished by the next.

    Raises:
        BadInput: tables stand there that this version did not make, so that nobody knows what they lack.
    """
    _check_ours(connection)
    with override_settings(MIGRATION_MODULES={config.label: None for config in apps.get_app_configs()}):
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    install(connection)  # before the record: a start that is killed here is not the last to look
    if not Installation.objects.exists():
        Installation.objects.create()
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=app, name=name)
        for app, name in sorted(MigrationLoader(connection).disk_migrations)
    )
    waiting = MigrationExecutor(connection)
    assert not waiting.migration_plan(waiting.loader.graph.leaf_nodes()), "every migration is recorded"


def _check_ours(connection: BaseDatabaseWrapper) -> None:
    """Raise where some of the tables stand, or all but with other columns: of another version, or put back in part."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        wanted = {
            model._meta.db_table: {field.column for field in model._meta.local_concrete_fields}
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy
        }
        if not there & wanted.keys():
            return
        unlike = wanted.keys() - there or {
            table for table, columns in wanted.items() if columns != _columns(connection, table)
        }
    if unlike:
        raise BadInput(
            f"there are tables of openfls, but not as this version makes them ({min(unlike)}), and no record of the "
            "version that made them; put back a whole backup, or name an empty database"
        )


def _columns(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    """The names alone: Django's description of a table of SQLite takes a hundred times as long."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")
        return {column[0] for column in cursor.description}
