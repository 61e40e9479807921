"""The envelope of a backup: a line that says what it is, then frames, each with its own proof, the last marked as last.

A frame is its length (4 bytes, the highest bit set in the last frame), its content, and the proof: the tag of
AES-256-GCM where there is a key, SHA-256 where there is none. Number and last mark of a frame go into its proof, so
that a frame lost, moved, or cut off at the end is found wherever it happens.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openfls.record.errors import BadInput
from openfls.service.safekeeping.keys import LENGTH, name_of

MAGIC = b"openfls backup"
FORMAT = 1
FRAME = 1024 * 1024
_LAST = 0x8000_0000
_LONGEST_LINE = 200
_PLAIN, _SEALED = "plain", "aes-256-gcm"


class _Proof(Protocol):
    def close(self, place: bytes, content: bytes) -> bytes: ...
    def open(self, place: bytes, kept: bytes) -> bytes: ...


class _Digest:
    """For a backup without a key: finds damage, not malice."""

    def __init__(self, line: bytes) -> None:
        self._line = line

    def _of(self, place: bytes, content: bytes) -> bytes:
        return hashlib.sha256(self._line + place + content).digest()

    def close(self, place: bytes, content: bytes) -> bytes:
        return content + self._of(place, content)

    def open(self, place: bytes, kept: bytes) -> bytes:
        content, digest = kept[:-32], kept[-32:]
        if self._of(place, content) != digest:
            raise ValueError("damaged")
        return content


class _Cipher:
    """A key of its own for each backup, made from the key file and the salt in its line: counting nonces are safe."""

    def __init__(self, line: bytes, key: bytes, salt: bytes) -> None:
        self._line = line
        self._cipher = AESGCM(HKDF(SHA256(), LENGTH, salt=salt, info=MAGIC).derive(key))

    def close(self, place: bytes, content: bytes) -> bytes:
        return self._cipher.encrypt(place, content, self._line)

    def open(self, place: bytes, kept: bytes) -> bytes:
        return self._cipher.decrypt(place, kept, self._line)


def _place(number: int, *, last: bool) -> bytes:
    return struct.pack(">?xxxQ", last, number)


class FrameWriter(io.RawIOBase):
    """Whatever is written goes into frames; nothing is a backup before `finish`."""

    def __init__(self, into: BinaryIO, key: bytes | None = None) -> None:
        super().__init__()
        salt = secrets.token_bytes(16)
        told = f"{_SEALED} {salt.hex()} {name_of(key)}" if key else _PLAIN
        line = MAGIC + f" {FORMAT} {told}\n".encode()
        into.write(line)
        self._into, self._waiting, self._number = into, bytearray(), 0
        self._proof: _Proof = _Cipher(line, key, salt) if key else _Digest(line)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Take bytes; full frames go out."""
        self._waiting += data
        while len(self._waiting) > FRAME:
            self._frame(bytes(self._waiting[:FRAME]), last=False)
            del self._waiting[:FRAME]
        return len(data)

    def finish(self) -> None:
        """Write the last frame."""
        self._frame(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _frame(self, content: bytes, *, last: bool) -> None:
        kept = self._proof.close(_place(self._number, last=last), content)
        self._into.write(struct.pack(">I", len(kept) | (_LAST if last else 0)) + kept)
        self._number += 1


def is_backup(head: bytes) -> bool:
    """Whether a file begins as a backup does."""
    return head.startswith(MAGIC + b" ")


def is_encrypted(head: bytes) -> bool:
    """Whether a backup that begins so needs a key."""
    return _SEALED.encode() in head.partition(b"\n")[0]


class FrameReader(io.RawIOBase):
    """The content again, each frame proven before a byte of it is given out.

    Raises:
        BadInput: it is no backup, one of a newer format, needs another key, or is damaged or cut off.
    """

    def __init__(self, source: BinaryIO, where: str, key: bytes | None = None) -> None:
        super().__init__()
        self._source, self._where = source, where
        line = source.readline(_LONGEST_LINE)
        words = line.decode("ascii", "replace").split()
        if not is_backup(line) or not line.endswith(b"\n") or len(words) < 4:
            raise self._fault("is no backup of openfls")
        if words[2] != str(FORMAT):
            raise self._fault(f"has format {words[2][:9]} of a backup; this version reads {FORMAT}")
        self._proof = self._proof_of(line, words[3:], key)
        self._frames = self._read_frames()
        self._left = b""

    def _fault(self, reason: str) -> BadInput:
        return BadInput(reason, where=self._where)

    def _proof_of(self, line: bytes, words: list[str], key: bytes | None) -> _Proof:
        if words == [_PLAIN]:
            if key is not None:
                raise self._fault("is not encrypted, though a key was given: look where it comes from")
            return _Digest(line)
        if len(words) != 3 or words[0] != _SEALED:
            raise self._fault("is damaged at its beginning")
        if key is None:
            raise self._fault("is encrypted; give its key with --key-file")
        if words[2] != name_of(key):
            raise self._fault(f"was encrypted with another key (its name is {words[2][:16]})")
        try:
            return _Cipher(line, key, bytes.fromhex(words[1]))
        except ValueError as error:
            raise self._fault("is damaged at its beginning") from error

    def _read_frames(self) -> Iterator[bytes]:
        number = 0
        while True:
            head = self._source.read(4)
            if len(head) < 4:
                raise self._fault("is cut off: its end is missing")
            (told,) = struct.unpack(">I", head)
            last, length = bool(told & _LAST), told & ~_LAST
            if length > FRAME + 64:
                raise self._fault(f"is damaged in part {number + 1}")
            kept = self._source.read(length)
            if len(kept) < length:
                raise self._fault("is cut off: its end is missing")
            try:
                yield self._proof.open(_place(number, last=last), kept)
            except (InvalidTag, ValueError) as error:
                raise self._fault(f"is damaged in part {number + 1}") from error
            if last:
                break
            number += 1
        if self._source.read(1):
            raise self._fault("has something behind its end")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        """Fill ``buffer`` as far as there is something."""
        while not self._left:
            content = next(self._frames, None)
            if content is None:
                return 0
            self._left = content
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
