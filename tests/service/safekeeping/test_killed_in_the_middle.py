"""Killed between what an action writes: all of it is there or nothing, the chain holds. `bench/faults` has more."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.db.models import Model, QuerySet

import world
from openfls.service import clock, letters
from openfls.service.actions import posting, writing
from openfls.service.audit import verify
from openfls.service.feeds.loading import load_bytes
from openfls.service.models import AuditEvent, FeedRow, Letter, LetterBatch, LetterInBatch, Service, User
from openfls.service.safekeeping.backing_up import make_backup, verify_backup
from service.safekeeping.elsewhere import Settings, fresh, led_to

FILE = b"Hospital Number,Family Name,Given Name,Date of Birth,Sex,Attendance Date,Diagnosis\n" + b"".join(
    f"H{n},Archer{n},Ada,01/03/1940,F,{n + 1:02d}/05/2026,S52.5\n".encode() for n in range(8)
)


@pytest.fixture(scope="module")
def lived(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A database of its own with a letter that is approved."""
    with django_db_blocker.unblock(), fresh(tmp_path_factory.mktemp("lived")) as database:
        with led_to(database), clock.at(world.at_noon(world.TODAY)):
            nurse = world.member(world.service())
            letter = writing.write(episode=world.planned(nurse), kind="gp", by=nurse)
            seen = letters.fingerprint(letters.value_of(letter))
            writing.approve(episode=letter.episode, letter=letter, seen=seen, by=nurse)
        yield database


@pytest.fixture
def nurse(lived: Settings, django_db_blocker: Any, tmp_path: Path, settings: Any) -> Iterator[world.Actor]:
    """Its co-ordinator, in a copy for this test."""
    settings.DATA = tmp_path
    with (
        django_db_blocker.unblock(),
        led_to(lived),
        fresh(tmp_path) as copy,
        led_to(copy),
        clock.at(world.at_noon(world.TODAY)),
    ):
        yield world.actor_of(Service.objects.get().memberships.get())


def test_this_needs_the_tables_of_the_tests(db: None) -> None:
    assert User._meta.db_table in connection.introspection.table_names()


def _killed_at(
    act: Callable[[], object], owner: type, name: str, about: type[Model] | None, after: bool
) -> int:
    """Do ``act`` in a process that kills itself at a call of ``owner.name``; the signal of which it died."""
    connection.close()
    pid = os.fork()
    if pid == 0:
        real = getattr(owner, name)

        def deadly(self: Any, *args: Any, **options: Any) -> Any:
            mine = about is None or getattr(self, "model", type(self)) is about
            if mine and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(self, *args, **options)
            if mine:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        try:
            with mock.patch.object(owner, name, deadly):
                act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


POINTS = [
    (QuerySet, "bulk_create", LetterInBatch, False),
    (QuerySet, "bulk_create", LetterInBatch, True),
    (QuerySet, "bulk_create", AuditEvent, False),
    (QuerySet, "bulk_create", AuditEvent, True),
]


@pytest.mark.parametrize(
    "point", POINTS, ids=["before rows", "after rows", "before the log", "after the log"]
)
def test_a_batch_of_letters(point: tuple[type, str, type[Model], bool], nurse: world.Actor) -> None:
    events = AuditEvent.objects.count()

    def act() -> object:
        return posting.make_batch(keys=list(Letter.objects.values_list("pk", flat=True)), by=nurse)

    assert _killed_at(act, *point) == -signal.SIGKILL
    assert (LetterBatch.objects.count(), LetterInBatch.objects.count()) == (0, 0)
    assert AuditEvent.objects.count() == events
    act()
    assert (LetterBatch.objects.count(), LetterInBatch.objects.count()) == (1, 1)
    assert verify(Service.objects.get()) == (events + 1, [])


@pytest.mark.parametrize("after", [False, True], ids=["before the log", "after the log"])
def test_an_import(after: bool, nurse: world.Actor) -> None:
    before = FeedRow.objects.count()

    def act() -> object:
        return load_bytes("ed.csv", FILE, by=world.system_actor(nurse.service))

    assert _killed_at(act, QuerySet, "bulk_create", AuditEvent, after) == -signal.SIGKILL
    assert FeedRow.objects.count() == before
    assert verify(Service.objects.get())[1] == []
    act()
    act()
    assert FeedRow.objects.count() == before + 8
    assert verify(Service.objects.get())[1] == []


@pytest.mark.parametrize("name", ["write_text", "rename"])
def test_a_backup(name: str, nurse: world.Actor, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert _killed_at(lambda: make_backup(folder), Path, name, None, after=False) == -signal.SIGKILL
    assert list(folder.glob("*.backup")) == []
    made = make_backup(folder)
    assert verify_backup(made.path).manifest.state.rows["letter"] == 1
    assert {path.name for path in folder.iterdir()} == {made.path.name, ".openfls-turn"}
