"""Making a backup: one file, written beside its name, read back to its end, and only then called by it."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from openfls import __version__
from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.safekeeping import embedded, private, server
from openfls.service.safekeeping.frames import FrameWriter
from openfls.service.safekeeping.manifest import Manifest, State, part_of
from openfls.service.safekeeping.opening import MANIFEST, SECRET, Opened, opened

ENDING = ".backup"
PARTIAL = ".partial"
_WORKING = ".openfls-work-"
NAMED = "openfls-%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    path: Path
    manifest: Manifest
    encrypted: bool


def make_backup(folder: Path, key: bytes | None = None, *, check: bool = True) -> Made:
    """Back the installation up into ``folder``: the database as it is at one moment, and the signing key.

    Raises:
        BadInput: it cannot be made; nothing that is called a backup is left then.
    """
    now = clock.now()
    with _on_disk(folder), ExitStack() as stack:
        private.make_folder(folder)
        stack.enter_context(_alone(folder))
        target = _free_name(folder, now)
        partial = target.with_name(target.name + PARTIAL)
        try:
            with tempfile.TemporaryDirectory(prefix=_WORKING, dir=folder) as inside:
                manifest = _pack(Path(inside), now, partial, key)
            if check:
                with tempfile.TemporaryDirectory(prefix=_WORKING, dir=folder) as inside:
                    opened(partial, Path(inside), key)
            partial.rename(target)
            _settle(folder)
        except BaseException:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    return Made(target, manifest, key is not None)


def _free_name(folder: Path, now: datetime) -> Path:
    stem = now.strftime(NAMED)
    names = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
    for name in names:
        if not (folder / (name + ENDING)).exists():
            return folder / (name + ENDING)
    raise BadInput("has a hundred backups of this second", where=str(folder))


def _pack(inside: Path, now: datetime, partial: Path, key: bytes | None) -> Manifest:
    member, engine, engine_version, state = _copy(inside)
    names = [member]
    if secret := own_secret():
        (inside / SECRET).write_text(secret)
        names.append(SECRET)
    manifest = Manifest(
        version=__version__,
        made_at=now.isoformat(),
        engine=engine,
        engine_version=engine_version,
        state=state,
        parts=tuple(part_of(inside / name, name) for name in names),
    )
    (inside / MANIFEST).write_text(manifest.text(), encoding="utf-8")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        frames = FrameWriter(file, key)
        with (
            gzip.GzipFile(fileobj=frames, mode="wb", compresslevel=3, mtime=0) as pressed,
            tarfile.open(fileobj=pressed, mode="w|") as packed,
        ):
            for name in (MANIFEST, *names):
                packed.add(inside / name, name, filter=_plain)
        frames.finish()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _copy(inside: Path) -> tuple[str, str, str, State]:
    """Copy the database; its member, engine, version of the engine, and what it holds."""
    if connection.vendor == "sqlite":
        target = inside / embedded.MEMBER
        embedded.copy(own_file(), target)
        return embedded.MEMBER, embedded.ENGINE, embedded.version(), embedded.state(target)
    state = server.dump(connection.settings_dict, inside / server.MEMBER)
    return server.MEMBER, server.ENGINE, server.version(connection.settings_dict), state


def own_file() -> Path:
    """Where the embedded database is."""
    return Path(connection.settings_dict["NAME"])


def own_secret() -> str:
    """The signing key that this installation made itself; empty where it was given one, which is kept elsewhere."""
    path = settings.DATA / "secret-key"
    told = path.read_text() if path.exists() else ""
    return told if told == settings.SECRET_KEY else ""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time. Whoever has the turn clears away what a killed one left: copies in the clear."""
    private.make_file(folder / ".openfls-turn")
    with (folder / ".openfls-turn").open("w") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadInput("another backup is being made there", where=str(folder)) from error
        for left in folder.glob(f"{_WORKING}*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in folder.glob(f"*{ENDING}{PARTIAL}"):
            left.unlink(missing_ok=True)
        yield


@contextmanager
def _on_disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(
            f"the backup cannot be written ({error.strerror or error})", where=str(folder)
        ) from error


def _settle(folder: Path) -> None:
    """The new name is on the disk too, not only the content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify_backup(path: Path, key: bytes | None = None) -> Opened:
    """Read a backup to its end, as a restore would, and put nothing back.

    Raises:
        BadInput: it is not whole.
    """
    with tempfile.TemporaryDirectory(prefix="openfls-verify-", dir=path.parent) as inside:
        return opened(path, Path(inside), key)
