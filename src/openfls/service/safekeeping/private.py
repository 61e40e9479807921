"""Files and folders for their owner alone, from the moment they are made."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(path: Path) -> None:
    """Make a folder; one that is there is left as it is."""
    path.mkdir(mode=FOLDER, parents=True, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file, into which another program will write; one that is there is left as it is.

    It is not even opened: closing it again would take from this process the locks that SQLite holds on it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))


def is_open_to_others(path: Path) -> bool:
    """Whether anybody but its owner may do anything with it; a file that is not there is not."""
    return path.exists() and bool(path.stat().st_mode & _OTHERS)


def close_database(path: Path) -> None:
    """Take from others what an earlier version gave them: the database and the two files that SQLite keeps beside it.

    Those of another owner are left: that owner is told by `openfls check`.
    """
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if is_open_to_others(each):
            with suppress(PermissionError):
                each.chmod(FILE)
