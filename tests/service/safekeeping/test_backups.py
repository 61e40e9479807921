"""A backup put back is the same system; one that is not whole, or does not fit, changes nothing."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from typer.testing import CliRunner

import world
from openfls import __version__
from openfls.commands.all import app
from openfls.record.errors import BadInput
from openfls.service import audit, clock
from openfls.service.audit import verify
from openfls.service.auditing.terms import deciphered, enciphered
from openfls.service.models import AuditEvent, Installation, Person, Service
from openfls.service.safekeeping import embedded, in_use, moving, ours, server, whole
from openfls.service.safekeeping.backing_up import make_backup, verify_backup
from openfls.service.safekeeping.manifest import Manifest, State, read_manifest
from openfls.service.safekeeping.moving import export_everything, import_everything
from openfls.service.safekeeping.restoring import check_fits, restore
from openfls.service.safekeeping.rotation import Keep, made_at, rotate
from openfls.service.safekeeping.whole import models_kept
from service.safekeeping.elsewhere import Settings, fresh, fresh_on_postgres, led_to
from web.conftest import signed_in

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def lived(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A database in which a service has lived, committed."""
    with django_db_blocker.unblock(), fresh(tmp_path_factory.mktemp("lived")) as settings:
        with led_to(settings), clock.at(world.at_noon(world.TODAY)):
            Installation.objects.create()
            nurse = world.member(world.service())
            seen = world.planned(nurse).person
            world.found(nurse.service)
            audit.record(nurse, "people.search", terms=enciphered("Example"))
            audit.record(nurse, "person.view", person=seen)
        yield settings


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    """The data folder of the installation that is restored."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return settings.DATA


@pytest.fixture
def backup(lived: Settings, data: Path, tmp_path: Path) -> Path:
    """A backup of it, without a key."""
    with led_to(lived):
        return make_backup(tmp_path / "backups").path


def _page_of_a_person() -> bytes:
    with clock.at(world.at_noon(world.TODAY)):
        nurse = world.Actor(Service.objects.get(), world.Role.CO_ORDINATOR, world.User.objects.get())
        return signed_in(nurse).get(f"/people/{Person.objects.order_by('pk').first().pk}/").content


def _left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name != ".openfls-turn"]


def _same_system() -> None:
    service = Service.objects.get()
    count, faults = verify(service)
    assert (count == AuditEvent.objects.count() > 5, faults) == (True, [])
    kept = AuditEvent.objects.get(action="people.search").detail["terms"]
    assert deciphered(kept) == "Example"
    assert b"EXAMPLE" in _page_of_a_person()


def test_every_table_is_taken_along_or_is_known_to_be_left(db: None) -> None:
    there = set(connection.introspection.table_names())
    taken = {model._meta.db_table for model in models_kept()}
    left = {*whole._NOT_KEPT, "django_migrations"}
    assert (taken <= there, there - taken - left) == (True, set())


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "with a key"])
def test_a_backup_put_back_is_the_same_system(
    key: bytes | None, lived: Settings, data: Path, tmp_path: Path
) -> None:
    (data / "secret-key").write_text("for tests alone")
    with led_to(lived):
        made = make_backup(tmp_path / "backups", key)
    assert made.path.stat().st_mode & 0o077 == 0
    assert _left_in(made.path.parent) == [made.path.name]
    assert verify_backup(made.path, key).manifest == made.manifest
    (data / "secret-key").write_text("another")
    with fresh(tmp_path, tables=False) as empty, led_to(empty):
        done = restore(made.path, key)
        assert done.aside is None
        _same_system()
    assert made.manifest.state.rows["person"] == 2
    assert len(made.manifest.state.heads) == 2


def test_nothing_is_overwritten_without_being_told_and_what_was_there_is_kept(
    backup: Path, tmp_path: Path, data: Path
) -> None:
    with fresh(tmp_path) as other, led_to(other):
        world.service("elsewhere")
        with pytest.raises(BadInput, match="say --replace"):
            restore(backup)
        assert Service.objects.get().code == "elsewhere"
        aside = restore(backup, replace=True).aside
        assert aside is not None
        assert aside.parent == data
        _same_system()
        if connection.vendor == "sqlite":
            assert embedded.state(aside).rows["service"] == 1
            embedded.put_back(aside, Path(other["NAME"]))
        else:
            server.put_back(aside, connection.settings_dict)
        connection.close()
        assert Service.objects.get().code == "elsewhere", "the restore was taken back"


def test_a_database_that_is_worked_on_is_not_replaced(backup: Path, tmp_path: Path) -> None:
    with fresh(tmp_path) as other, led_to(other):
        world.service("elsewhere")
        with in_use.working(), pytest.raises(BadInput, match="openfls runs on this database; stop"):
            restore(backup, replace=True)
        # A process that holds no lock of ours: of an earlier version, or on another machine.
        held = connection.copy()
        with held.cursor() as cursor:
            cursor.execute("SELECT code FROM service")
        with pytest.raises(BadInput, match=r"another process|other connections \(1, from"):
            restore(backup, replace=True)
        assert Service.objects.get().code == "elsewhere"
        held.close()
        with in_use.nobody_else(), pytest.raises(BadInput, match="being restored at this moment"):
            in_use.working().__enter__()


def test_a_damaged_database_is_kept_aside_and_replaced(backup: Path, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the file of SQLite")
    with fresh(tmp_path) as hurt, led_to(hurt):
        file = Path(hurt["NAME"])
        file.write_bytes(b"SQLite format 3\0" + bytes(4000))
        with pytest.raises(BadInput, match="say --replace"):
            restore(backup)
        aside = restore(backup, replace=True).aside
        assert aside is not None
        assert (aside.stat().st_size, embedded.state(file).rows["service"]) == (4016, 1)


def _of_a_year_ago(made: Path, day: int) -> Path:
    return made.rename(made.with_name(f"openfls-202501{day:02}T030000Z.backup"))


def test_rotation_removes_backups_of_this_installation_alone(
    lived: Settings, data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    with led_to(lived):
        mine = [_of_a_year_ago(make_backup(folder, key).path, day) for day, key in enumerate((None, KEY), 1)]
        before = {path: path.read_bytes() for path in mine}
        (folder / "openfls-20250103T030000Z.backup").write_bytes(b"somebody else's")
        (folder / "letters.backup").write_bytes(mine[0].read_bytes())
        assert made_at(folder / "openfls-20250101T030000Z-2.backup") == made_at(mine[0])
    with fresh(tmp_path) as new, led_to(new):
        Installation.objects.create()
        made = make_backup(folder)
        done = rotate(folder, Keep(days=1), made.manifest)
        assert done.removed == []
        assert sorted(done.left.values()) == [mine[:1], mine[1:]]
        assert {why[:23] for why in done.left} == {"of another installation", "it cannot be shown to b"}
        assert {path: path.read_bytes() for path in mine} == before
        theirs = _of_a_year_ago(made.path, 4)
    with led_to(lived):
        made = make_backup(folder)
        assert rotate(folder, Keep(), made.manifest, KEY).left == {}, "nothing is looked at"
        done = rotate(folder, Keep(days=1), made.manifest, KEY)
    assert (done.removed, done.left) == (mine, {"of another installation": [theirs]})
    assert {path.name for path in folder.glob("*.backup")} == {
        "letters.backup",
        "openfls-20250103T030000Z.backup",
        theirs.name,
        made.path.name,
    }


@pytest.mark.parametrize(
    ("installation", "heads", "people", "why"),
    [
        ("ours", ("held",), 10, ""),
        ("ours", (), 10, ""),
        ("", ("held",), 10, ""),
        ("", (), 10, "made by an earlier version, with an empty audit log"),
        ("", ("held", "unknown"), 10, "its audit log holds what that of this database does not"),
        ("ours", ("unknown",), 10, "its audit log holds what that of this database does not"),
        ("theirs", ("held",), 10, "of another installation"),
        ("ours", ("held",), 21, "more than twice as many people"),
    ],
)
def test_a_backup_may_go_where_this_database_holds_what_it_holds(
    installation: str, heads: tuple[str, ...], people: int, why: str
) -> None:
    def manifest(of: str, log: tuple[str, ...], count: int) -> Manifest:
        return Manifest("1", "", "sqlite", "3", State((), {"person": count}, log, of), ())

    told = ours.reason(
        manifest(installation, heads, people), manifest("ours", ("x",), 10), {"held"}.__contains__
    )
    assert (why in told) if why else (told == "")


def test_a_backup_that_does_not_fit_changes_nothing(backup: Path, lived: Settings, tmp_path: Path) -> None:
    manifest = verify_backup(backup).manifest
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[manifest.engine]
    with pytest.raises(BadInput, match="openfls export everything"):
        check_fits(replace(manifest, engine=other), "it")
    later = replace(manifest.state, migrations=("service.9999_of_next_year",))
    for newer in (replace(manifest, state=later), replace(manifest, version="99.0")):
        with pytest.raises(BadInput, match=r"newer version .* install that version first"):
            check_fits(newer, "it")
    for change in ({"product": "another"}, {"format": 2}, {"parts": 1}):
        with pytest.raises(BadInput):
            read_manifest(replace(manifest, **change).text(), "it")
    hurt = tmp_path / "hurt.backup"
    hurt.write_bytes(backup.read_bytes()[:-7])
    with fresh(tmp_path, tables=False) as empty, led_to(empty):
        with pytest.raises(BadInput, match="cut off"):
            restore(hurt)
        assert connection.introspection.table_names() == []


def test_what_a_killed_backup_left_is_cleared_away_and_two_do_not_meet(
    lived: Settings, data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    (folder / ".openfls-work-x").mkdir(parents=True)
    (folder / ".openfls-work-x" / "database.sqlite3").write_text("in the clear")
    (folder / "openfls-20260101T000000Z.backup.partial").write_text("half")
    with led_to(lived):
        made = make_backup(folder)
        assert _left_in(folder) == [made.path.name]
        with (folder / ".openfls-turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            with pytest.raises(BadInput, match="another backup"):
                make_backup(folder)


@pytest.mark.parametrize("when", ["fsync", "rename"])
def test_a_full_disk_leaves_nothing_that_is_called_a_backup(
    when: str, lived: Settings, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*{"fsync": (os, "fsync"), "rename": (Path, "rename")}[when], full)
    with led_to(lived), pytest.raises(BadInput, match="No space left"):
        make_backup(tmp_path / "backups")
    assert _left_in(tmp_path / "backups") == []


def test_the_commands_say_what_they_did(lived: Settings, data: Path, tmp_path: Path) -> None:
    run, folder, key = CliRunner().invoke, tmp_path / "backups", tmp_path / "key"
    assert run(app, ["backup-key", str(key)]).exit_code == 0
    with led_to(lived):
        made = run(app, ["backup", str(folder), "--key-file", str(key), "--keep-days", "1"])
    assert "rows" in made.output
    assert made.output.strip().endswith("encrypted")
    (file,) = folder.glob("*.backup")
    assert "is whole" in run(app, ["backup-verify", str(file), "--key-file", str(key)]).output
    assert "give its key" in str(run(app, ["backup-verify", str(file)]).exception)
    with fresh(tmp_path, tables=False) as empty, led_to(empty):
        done = run(app, ["restore", str(file), "--key-file", str(key)])
        assert "The audit log holds" in done.output


def _by_hand(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_an_export_that_is_not_whole_or_not_for_here_changes_nothing(lived: Settings, tmp_path: Path) -> None:
    with led_to(lived):
        (tmp_path / "all.partial").mkdir()
        (tmp_path / "all.partial" / "person.jsonl").write_text("left by an export that was killed")
        export_everything(tmp_path / "all")
        assert not (tmp_path / "all.partial").exists()
        with pytest.raises(BadInput, match="is there already"):
            export_everything(tmp_path / "all")
        with pytest.raises(BadInput, match="not empty"):
            import_everything(tmp_path / "all")
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "all", *(tmp_path / "all").iterdir())} == {0}
    with fresh(tmp_path) as empty, led_to(empty):
        _by_hand(tmp_path / "all", "manifest.json", f'"version": "{__version__}"', '"version": "9.9.9"')
        with pytest.raises(BadInput, match=r"another version of openfls \(9\.9\.9, and this is"):
            import_everything(tmp_path / "all")
        _by_hand(tmp_path / "all", "manifest.json", '"version": "9.9.9"', f'"version": "{__version__}"')
        _by_hand(tmp_path / "all", "manifest.json", '"migrations": []', '"migrations": ["service.0030_x"]')
        with pytest.raises(BadInput, match="another version"):
            import_everything(tmp_path / "all")
        _by_hand(tmp_path / "all", "manifest.json", '"migrations": ["service.0030_x"]', '"migrations": []')
        _by_hand(tmp_path / "all", "person.jsonl", "Example", "Changed")
        with pytest.raises(BadInput, match=r"person\.jsonl is not what the manifest says"):
            import_everything(tmp_path / "all")
        _by_hand(tmp_path / "all", "person.jsonl", "Changed", "Example")
        # Killed before the next keys are set: no row is there whose key would be given out again.
        killed = mock.patch.object(moving, "_go_on_counting", side_effect=KeyboardInterrupt)
        with killed, pytest.raises(KeyboardInterrupt):
            import_everything(tmp_path / "all")
        assert not Service.objects.exists()


@pytest.mark.skipif("OPENFLS_TEST_POSTGRES" not in os.environ, reason="no PostgreSQL for the tests")
def test_an_export_into_another_database_is_the_same_system(lived: Settings, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("asked on SQLite, whose export goes to PostgreSQL and back")
    with led_to(lived):
        before, page = export_everything(tmp_path / "one"), _page_of_a_person()
    with fresh_on_postgres() as server_settings, led_to(server_settings):
        import_everything(tmp_path / "one")
        _same_system()
        assert _without_token(_page_of_a_person()) == _without_token(page)
        assert Person.objects.count() == before.state.rows["person"]
        world.found(Service.objects.get())  # the next keys are free
    with led_to(lived):
        assert export_everything(tmp_path / "two").state.rows.keys() == before.state.rows.keys()


def _without_token(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrf" not in line]
