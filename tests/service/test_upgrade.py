"""A database that an older release made and filled, brought to this version: nothing is lost and pages open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from typer.testing import CliRunner

import world
from openfls.commands.all import app
from openfls.service import clock
from openfls.service.audit import record, verify
from openfls.service.auditing import guarding
from openfls.service.models import AuditEvent, Episode, Letter, Person, Service
from openfls.service.safekeeping.backing_up import make_backup, verify_backup
from service import migrated
from service.of_release import PEOPLE, RELEASES, Release
from service.safekeeping.elsewhere import fresh, led_to
from web.conftest import signed_in


@pytest.fixture(params=RELEASES, ids=lambda release: f"release {release.number}")
def older(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path: Path,
    settings: Any,
) -> Iterator[tuple[Release, dict[str, Any]]]:
    """A release whose database is in place, and the tables as this version's models describe them."""
    release: Release = request.param
    if release is not (RELEASES[-1] if connection.vendor == "sqlite" else RELEASES[0]):
        pytest.skip("the oldest is brought here on PostgreSQL; on SQLite every step copies its tables")
    settings.DATA = tmp_path
    with django_db_blocker.unblock():
        tables = migrated.tables(connection)
        with fresh(tmp_path, tables=False) as database, led_to(database):
            if connection.vendor == "sqlite":
                release.make(Path(database["NAME"]))
            else:
                address = os.environ["OPENFLS_DATABASE"].rsplit("/", 1)[0]
                release.make_on_server(f"{address}/{database['NAME']}")
            settings.MIGRATION_MODULES = {}
            yield release, tables


def test_this_version_has_tables_that_release_27_had_not(db: None) -> None:
    assert {"access_review", "audit_event"} <= set(connection.introspection.table_names())


def test_the_database_of_an_older_release_is_brought_to_this_version(
    older: tuple[Release, dict[str, Any]], tmp_path: Path
) -> None:
    release, tables = older
    # A backup is made before the upgrade, by the program that will do it.
    before = make_backup(tmp_path / "backups")
    assert verify_backup(before.path).manifest.state.rows["person"] == len(PEOPLE)
    heads = [head.split()[:3] for head in before.manifest.state.heads]
    assert heads == [["north", str(lane), str(number)] for lane, number in release.heads.items()]

    verified = CliRunner().invoke(app, ["audit", "verify"])
    assert (verified.exit_code, verified.output) == (0, f"north: {release.events} events, 0 faults\n")
    assert (
        MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
        == []
    )
    assert guarding.missing(connection) == []
    assert migrated.tables(connection) == tables
    assert set(Person.objects.values_list("given_name", flat=True)) == PEOPLE
    with clock.at(world.at_noon(world.TODAY)):
        _pages_open(release)
    assert verify(Service.objects.get())[1] == []


def _pages_open(release: Release) -> None:
    service = Service.objects.get()
    nurse = world.actor_of(service.memberships.get(user__username="nurse"))
    manager = world.actor_of(service.memberships.get(user__username="manager"))
    client = signed_in(nurse)
    episodes = Episode.objects.values_list("pk", "person")
    paths = ["/", "/worklist/to-plan/", "/tasks/", "/letters/", "/measures/"]
    paths += [f"/people/{person}/" for _, person in episodes]
    paths += [f"/letters/{letter.pk}.pdf" for letter in Letter.objects.all()]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    person = Person.objects.get(given_name="Planned")
    assert b"Nurse Example" in signed_in(manager).get(f"/people/{person.pk}/who-saw/").content
    # What is written now follows what was written then.
    record(nurse, "plan.agree", person=person)
    assert AuditEvent.objects.get(lane=0, number=release.heads[0] + 1).previous != "0" * 64
