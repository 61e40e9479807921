"""Opening a backup: everything in it is proven before anything of it is believed."""

from __future__ import annotations

import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from openfls.record.errors import BadInput
from openfls.service.safekeeping import embedded, server
from openfls.service.safekeeping.frames import FrameReader, is_encrypted
from openfls.service.safekeeping.manifest import Manifest, part_of, read_manifest, unlike

MANIFEST, SECRET = "manifest.json", "secret-key"
_DATABASES = {embedded.ENGINE: embedded.MEMBER, server.ENGINE: server.MEMBER}
_KNOWN = {MANIFEST, SECRET, *_DATABASES.values()}


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup that is whole. ``database`` and ``secret`` are files in the folder that it was opened into."""

    manifest: Manifest
    database: Path
    secret: Path | None


def opened(path: Path, inside: Path, key: bytes | None = None) -> Opened:
    """Unpack a backup into the folder ``inside`` and prove it.

    Raises:
        BadInput: it is no backup, needs another key, was made by a newer version, or is not whole.
    """
    where = path.name
    try:
        with path.open("rb") as file:
            _unpack(FrameReader(file, where, key), inside, where)
    except OSError as error:
        raise BadInput(f"cannot be read ({error.strerror or error})", where=where) from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BadInput("is damaged inside", where=where) from error
    manifest_file = inside / MANIFEST
    if not manifest_file.exists():
        raise BadInput("has no manifest", where=where)
    manifest = read_manifest(manifest_file.read_text(encoding="utf-8"), where)
    _check_parts(manifest, inside, where)
    member = _DATABASES.get(manifest.engine, "")
    if not member or not (inside / member).exists():
        raise BadInput("holds no database", where=where)
    database = inside / member
    if manifest.engine == embedded.ENGINE:
        embedded.check(database)
        if other := unlike(manifest.state, embedded.state(database)):
            raise BadInput(f"is not what its manifest says ({other[0]})", where=where)
    else:
        server.check(database)
    secret = inside / SECRET
    return Opened(manifest, database, secret if secret.exists() else None)


def peek(path: Path, key: bytes | None = None) -> Manifest:
    """What a backup says of itself, from its beginning alone: that it is whole is not looked at.

    ``key`` is used where the backup has one.

    Raises:
        BadInput: that cannot be read.
    """
    where = path.name
    try:
        with path.open("rb") as file:
            sealed = is_encrypted(file.read(200))
            file.seek(0)
            frames = FrameReader(file, where, key if sealed else None)
            with tarfile.open(fileobj=cast("BinaryIO", frames), mode="r|gz") as packed:
                entry = packed.next()
                source = packed.extractfile(entry) if entry and entry.name == MANIFEST else None
                if source is None:
                    raise BadInput("has no manifest", where=where)
                return read_manifest(source.read().decode(), where)
    except OSError as error:
        raise BadInput(f"cannot be read ({error.strerror or error})", where=where) from error
    except (tarfile.TarError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BadInput("is damaged inside", where=where) from error


def _unpack(frames: FrameReader, inside: Path, where: str) -> None:
    with tarfile.open(fileobj=cast("BinaryIO", frames), mode="r|gz") as packed:
        for entry in packed:
            # Nothing but files of known names, each once: no path leads out of the folder.
            if entry.name not in _KNOWN or not entry.isfile() or (inside / entry.name).exists():
                raise BadInput(f"holds something that is not ours ({entry.name[:60]!r})", where=where)
            source = packed.extractfile(entry)
            with (inside / entry.name).open("wb") as target:
                while source is not None and (data := source.read(1 << 20)):
                    target.write(data)
    # To the last frame, which proves that nothing was cut off.
    while frames.read(1 << 20):
        pass


def _check_parts(manifest: Manifest, inside: Path, where: str) -> None:
    there = {path.name for path in inside.iterdir()} - {MANIFEST}
    if there != {part.name for part in manifest.parts}:
        raise BadInput("lacks a part that its manifest names, or has one more", where=where)
    for part in manifest.parts:
        if part_of(inside / part.name, part.name) != part:
            raise BadInput(f"is damaged in {part.name}", where=where)
