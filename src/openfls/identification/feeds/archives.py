"""Files out of folders and archives, one after the other: no archive is unpacked, none is held in memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from openfls.identification.feeds.fhir.reader import file_source
from openfls.record.feeds import Rejection

_TAR = (".tar", ".tar.xz", ".txz", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
_PACKED: dict[str, Callable[[Path], Any]] = {".gz": gzip.GzipFile, ".xz": lzma.LZMAFile, ".bz2": bz2.BZ2File}
BROKEN = (OSError, EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, zipfile.BadZipFile, RuntimeError,
          NotImplementedError)  # fmt: skip
"""What reading a damaged, cut-off or locked file raises."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file, open for reading from its start. It is closed when the next is asked for."""

    name: str
    file: IO[bytes]


def is_archive(path: Path) -> bool:
    """Whether a file holds other files, by its name."""
    return path.name.lower().endswith((*_TAR, ".zip"))


def members(path: Path) -> Iterator[Member | Rejection]:
    """Every file in ``path``: itself, a folder's (by name, folders within too), an archive's (in its order).

    Hidden files and those of archivers (``__MACOSX``) are passed over. A damaged archive ends in a rejection;
    what came before the damage is still given.
    """
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            inside = each.relative_to(path)
            if each.is_file() and not _hidden(str(inside)):
                yield from _file(each, str(Path(path.name) / inside))
        return
    yield from _file(path, path.name)


def _file(path: Path, name: str) -> Iterator[Member | Rejection]:
    lowered = path.name.lower()
    try:
        if lowered.endswith(_TAR):
            yield from _tar(path, name)
        elif lowered.endswith(".zip"):
            yield from _zip(path, name)
        elif path.suffix.lower() in _PACKED:
            with _PACKED[path.suffix.lower()](path) as file:
                yield Member(name.removesuffix(path.suffix), file)
        else:
            with path.open("rb") as file:
                yield Member(name, file)
    except BROKEN as error:
        yield Rejection(file_source(name), f"not readable as {path.suffix.lstrip('.') or 'a file'} ({error})")


def _tar(path: Path, name: str) -> Iterator[Member]:
    with tarfile.open(path, "r|*") as archive:
        for info in archive:
            file = archive.extractfile(info) if info.isfile() and not _hidden(info.name) else None
            if file is not None:
                yield Member(f"{name}/{info.name}", file)
            # tarfile keeps every header it has seen; in a stream they are of no use and would fill memory.
            archive.members = []  # type: ignore[attr-defined]


def _zip(path: Path, name: str) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir() and not _hidden(info.filename):
                with archive.open(info) as file:
                    yield Member(f"{name}/{info.filename}", file)


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in Path(name).parts if part not in (".", ".."))
