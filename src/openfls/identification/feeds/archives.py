"""Files out of folders and archives, one after the other: no archive is unpacked, none is held in memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from openfls.identification.feeds.fhir.reader import file_source
from openfls.record.feeds import Rejection

_TAR = (".tar", ".tar.xz", ".txz", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
_PACKED: dict[str, Callable[[Path], Any]] = {".gz": gzip.GzipFile, ".xz": lzma.LZMAFile, ".bz2": bz2.BZ2File}
BROKEN = (OSError, EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, zipfile.BadZipFile, RuntimeError,
          NotImplementedError)  # fmt: skip
"""What reading a damaged, cut-off or locked file raises."""


FREE = 256 * 1024 * 1024
"""Bytes that an archive may unpack to whatever its own size."""
TIMES = 250
"""How many times its own size it may unpack to beyond that; ours. Feeds pack to a tenth, bombs to a thousandth."""


class Bomb(OSError):
    """An archive that unpacks to more than any feed does."""

    def __init__(self) -> None:
        super().__init__(f"it unpacks to more than {TIMES} times its size")


@dataclass(slots=True)
class _Allowance:
    """How many bytes an archive may still unpack to."""

    left: int

    @classmethod
    def of(cls, path: Path) -> _Allowance:
        return cls(max(FREE, TIMES * path.stat().st_size))

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Bomb


class _Bounded(io.RawIOBase):
    """A packed file that is read only as far as its allowance goes."""

    def __init__(self, file: Any, allowance: _Allowance) -> None:
        self._file, self._allowance = file, allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read: int = self._file.readinto(buffer)
        self._allowance.take(read)
        return read


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
                bounded = cast("IO[bytes]", _Bounded(file, _Allowance.of(path)))
                yield Member(name.removesuffix(path.suffix), bounded)
        else:
            with path.open("rb") as file:
                yield Member(name, file)
    except BROKEN as error:
        yield Rejection(file_source(name), f"not readable as {path.suffix.lstrip('.') or 'a file'} ({error})")


def _tar(path: Path, name: str) -> Iterator[Member]:
    allowance = _Allowance.of(path)
    with tarfile.open(path, "r|*") as archive:
        for info in archive:
            allowance.take(info.size)
            file = archive.extractfile(info) if info.isfile() and not _hidden(info.name) else None
            if file is not None:
                yield Member(f"{name}/{info.name}", file)
            # tarfile keeps every header it has seen; in a stream they are of no use and would fill memory.
            archive.members = []  # type: ignore[attr-defined]


def _zip(path: Path, name: str) -> Iterator[Member]:
    allowance = _Allowance.of(path)
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            # No member gives more than it says it holds.
            allowance.take(info.file_size)
            if not info.is_dir() and not _hidden(info.filename):
                with archive.open(info) as file:
                    yield Member(f"{name}/{info.filename}", file)


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in Path(name).parts if part not in (".", ".."))
