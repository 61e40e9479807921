"""Faults in what keeps things safe: backup, restore, export, import, and the migration of the release before."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.db import connection
from ground import CHANCE, Ground, Report, Tally, files_full, how_long, in_child, look, work_file

from openfls.record.errors import BadInput
from openfls.service.safekeeping import embedded
from openfls.service.safekeeping.backing_up import make_backup, verify_backup


def backups(ground: Ground, tries: int) -> dict[str, Tally]:
    """Whatever is called a backup is whole, and the next one is made."""
    folder = ground.folder / "backups"

    def act(report: Report) -> None:
        report(str(make_backup(folder).path))

    found = {"killed: backup": Tally(), "disk full: backup": Tally()}
    length = how_long(act, ground)
    size = next(folder.glob("*.backup")).stat().st_size
    most = work_file().stat().st_size if connection.vendor == "sqlite" else 4 * size
    for name, tally in found.items():
        for _ in range(tries):
            shutil.rmtree(folder, ignore_errors=True)
            if name.startswith("killed"):
                told, ended = in_child(act, CHANCE.uniform(0.05, 1.0) * length)
            else:
                told, ended = in_child(
                    act, limit=files_full(CHANCE.choice((size, most)) * CHANCE.randint(1, 99) // 100)
                )
            tally.one(told, ended)
            all_whole(tally, folder, told)
            if not in_child(act)[1]:
                tally.faults.append("no backup can be made afterwards")
            all_whole(tally, folder, told)
            left = [path.name for path in folder.iterdir() if not path.name.endswith((".backup", "-turn"))]
            tally.faults += [f"left behind: {name}" for name in left]
            look(tally)
    return found


def all_whole(tally: Tally, folder: Path, told: list[str]) -> None:
    there = list(folder.glob("*.backup")) if folder.exists() else []
    tally.faults += [f"lost: {path}" for path in told if Path(path) not in there]
    for path in there:
        try:
            verify_backup(path)
        except BadInput as error:
            tally.faults.append(str(error))


def restores(ground: Ground, tries: int) -> dict[str, Tally]:
    """A restore that is killed leaves what was there, or what was backed up; nothing between."""
    from openfls.service.models import Service
    from openfls.service.safekeeping.restoring import restore

    folder = ground.folder / "for-restore"
    ground.fresh()
    kept = make_backup(folder)
    held = kept.manifest.state
    Service.objects.create(code="later", name="Made after the backup")
    connection.close()
    later = ground.folder / "later.sqlite3"
    embedded.copy(work_file(), later)
    other = embedded.state(later)

    def act(report: Report) -> None:
        restore(kept.path, replace=True)
        report("restored")

    def begin() -> None:
        ground.fresh()
        embedded.put_back(later, work_file())

    begin()
    import time

    began = time.monotonic()
    in_child(act)
    length, tally = time.monotonic() - began, Tally()
    for _ in range(tries):
        begin()
        told, ended = in_child(act, CHANCE.uniform(0.2, 1.0) * length)
        tally.one(told, ended)
        now = embedded.state(work_file())
        if now not in (held, other) or (told and now != held):
            tally.faults.append("neither what was there nor what was backed up")
        if not in_child(act)[1] or embedded.state(work_file()) != held:
            tally.faults.append("it cannot be restored afterwards")
        look(tally)
    return {"killed: restore": tally}


def exports(ground: Ground, tries: int) -> dict[str, Tally]:
    """An export that is killed is none: what is there under its name is whole, and the next one is made."""
    from openfls.service.safekeeping.moving import _checked, export_everything

    folder = ground.folder / "going-out"

    def act(report: Report) -> None:
        report(export_everything(folder).version)

    length, tally = how_long(act, ground), Tally()
    for _ in range(tries):
        shutil.rmtree(folder, ignore_errors=True)
        told, ended = in_child(act, CHANCE.uniform(0.1, 1.0) * length)
        tally.one(told, ended)
        if told and not folder.exists():
            tally.faults.append("lost: an export that was told of")
        if not folder.exists() and not in_child(act)[1]:
            tally.faults.append("nothing can be exported afterwards")
        try:
            _checked(folder)
        except BadInput as error:
            tally.faults.append(str(error))
        look(tally)
    shutil.rmtree(folder, ignore_errors=True)
    return {"killed: export of everything": tally}


def moves(ground: Ground, tries: int, empty: Ground) -> dict[str, Tally]:
    """An import of everything that is killed, or has no room, leaves the installation empty."""
    from ground import database_full

    from openfls.service.models import Person
    from openfls.service.safekeeping.moving import export_everything, import_everything

    folder = ground.folder / "everything"
    ground.fresh()
    went_out = export_everything(folder).state

    def act(report: Report) -> None:
        import_everything(folder)
        report("imported")

    length = how_long(act, empty)
    found = {"killed: import of everything": Tally(), "disk full: import of everything": Tally()}
    for name, tally in found.items():
        for _ in range(tries):
            empty.fresh()
            if name.startswith("killed"):
                told, ended = in_child(act, CHANCE.uniform(0.1, 1.0) * length)
            else:
                told, ended = in_child(act, limit=database_full(CHANCE.randint(0, 120)))
            tally.one(told, ended)
            count = Person.objects.count()
            if count not in (0, went_out.rows["person"]) or (told and not count):
                tally.faults.append(f"{count} people after it")
            if not count and not in_child(act)[1]:
                tally.faults.append("it cannot be imported afterwards")
            look(tally)
            if Person.objects.count() != went_out.rows["person"]:
                tally.faults.append("not what went out")
    return found


def migrations(ground: Ground, tries: int, old: Path) -> dict[str, Tally]:
    """The database of the release before, brought to this version and killed on the way."""
    from openfls.commands.database import prepare_database
    from openfls.service.models import Person

    def begin() -> None:
        ground.fresh()
        for ending in ("", "-wal", "-shm"):
            work_file().with_name(work_file().name + ending).unlink(missing_ok=True)
        shutil.copyfile(old, work_file())

    def act(report: Report) -> None:
        prepare_database()
        report("migrated")

    import time

    begin()
    rows = embedded.state(work_file()).rows["person"]
    began = time.monotonic()
    in_child(act)
    length, tally = time.monotonic() - began, Tally()
    for _ in range(tries):
        begin()
        told, ended = in_child(act, CHANCE.uniform(0.1, 1.0) * length)
        tally.one(told, ended)
        if not in_child(act)[1]:
            tally.faults.append("it cannot be brought to this version afterwards")
            continue
        look(tally)
        if Person.objects.count() != rows:
            tally.faults.append(f"{Person.objects.count()} people of {rows}")
    return {"killed: migration": tally}
