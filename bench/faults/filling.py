"""A disk that is really full: a small file system in memory with a ballast on it that leaves so much room and no more.

Needs the right to mount; where there is none, nothing is tried and that is said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from ground import CHANCE, Ground, Tally, how_long, in_child, look, work_file
from killing import finished
from works import WORKS

MEBIBYTE = 1024 * 1024


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path | None]:
    """A file system of so many megabytes; None where nobody may mount one."""
    place.mkdir(exist_ok=True)
    size = f"size={megabytes}m,mode=0711"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode:
        print(f"  no disk can be filled here: {done.stderr.decode().strip()}", file=sys.stderr)
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=False)


def leave(place: Path, room: int) -> None:
    """Fill the disk up to so many bytes."""
    ballast = place / "ballast"
    free = shutil.disk_usage(place).free - room
    with ballast.open("wb") as file:
        while free > 0:
            free -= file.write(b"\0" * min(free, MEBIBYTE))


def full_disks(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """Each work on a database whose disk fills up under it."""
    sqlite = connection.vendor == "sqlite"
    with small_disk(ground.folder / "small", 160) as disk:
        if disk is None:
            return
        before = connection.settings_dict["NAME"]
        if sqlite:
            connection.close()
            connection.settings_dict["NAME"] = disk / "openfls.sqlite3"
        else:
            inside = disk / "tablespace"
            inside.mkdir()
            shutil.chown(inside, "postgres")
            for folder in ground.folder, disk:
                folder.chmod(0o711)
            ground.on_server(f"CREATE TABLESPACE small LOCATION '{inside}'")
            ground.tablespace = "small"
        try:
            for work in WORKS:
                yield f"disk full: {work.name}", _on(disk, ground, work, tries)
        finally:
            connection.close()
            if sqlite:
                connection.settings_dict["NAME"] = before
            else:
                ground.tablespace = ""
                ground.fresh()
                ground.on_server("DROP TABLESPACE small")


def _on(disk: Path, ground: Ground, work: object, tries: int) -> Tally:
    ground.fresh()
    before = shutil.disk_usage(disk).used
    how_long(work.act, ground)
    reference, tally = work.figures(), Tally()
    grown = max(shutil.disk_usage(disk).used - before, MEBIBYTE // 4)
    for _ in range(tries):
        ground.fresh()
        connection.close()
        leave(disk, CHANCE.randint(4096, grown))
        of_fault = in_child(work.act)
        (disk / "ballast").unlink()
        finished(work, tally, of_fault, reference)
    return tally


def full_backups(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """Whatever is called a backup or an export is whole, however full the disk became under it."""
    from keeping import all_whole

    from openfls.service.safekeeping.backing_up import make_backup
    from openfls.service.safekeeping.moving import export_everything

    with small_disk(ground.folder / "small", 160) as disk:
        if disk is None:
            return
        ground.fresh()
        folder = disk / "backups"
        acts = {
            "backup": lambda report: report(str(make_backup(folder).path)),
            "export of everything": lambda report: report(export_everything(folder).version),
        }
        for name, act in acts.items():
            tally = Tally()
            shutil.rmtree(folder, ignore_errors=True)
            before = shutil.disk_usage(disk).used
            in_child(act)
            grown = shutil.disk_usage(disk).used - before
            most = 3 * grown + (work_file().stat().st_size if connection.vendor == "sqlite" else 0)
            for _ in range(tries):
                shutil.rmtree(folder, ignore_errors=True)
                leave(disk, CHANCE.randint(0, most))
                told, ended = in_child(act)
                (disk / "ballast").unlink()
                tally.one(told, ended)
                if name == "backup":
                    all_whole(tally, folder, told)
                elif folder.exists() != bool(told) or [*disk.glob("*.partial")]:
                    tally.faults.append("half an export was left")
                shutil.rmtree(folder, ignore_errors=True) if name != "backup" else None
                if not in_child(act)[1]:
                    tally.faults.append(f"no {name} can be made afterwards")
                look(tally)
            yield f"disk full: {name}", tally
    os.sync()
