"""MLLP: messages out of the bytes of one connection, however these are cut into pieces.

A message stands between a start block (0x0B) and an end block (0x1C 0x0D). Pure: bytes in, frames out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

START, END, RETURN = b"\x0b", b"\x1c", b"\r"
HEAD = 64 * 1024
"""Bytes that are kept of what is too large, so that its header can be read and a person can see what it was."""

_START_OR_END = re.compile(rb"[\x0b\x1c]")
# An end block that lost its carriage return is one too where the next thing is a line feed or a start block.
_ENDING = re.compile(rb"\x1c(?:\r\n?|\n|(?=\x0b))")
_BEGUN_ANEW = START + b"MSH"


class Fault(StrEnum):
    """What is wrong with a frame."""

    NONE = ""
    TOO_LARGE = "too large"
    NO_START = "an end block without a start block"
    STRAY = "bytes between two messages"
    UNFRAMED = "bytes without a start block"
    CUT_OFF = "cut off before its end block"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stood in one frame, or outside of any.

    ``size`` and ``sha256`` are of all of it, ``content`` is its beginning alone where it was too large.
    """

    content: bytes
    size: int
    sha256: str
    fault: Fault = Fault.NONE

    @property
    def is_answered(self) -> bool:
        """Whether the sender waits for an answer. One to a stray byte would be taken for that to the next message."""
        return self.fault not in (Fault.STRAY, Fault.CUT_OFF)


class Framer:
    """The frames of one connection. ``longest`` is the largest message in bytes that is kept whole."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._head = min(HEAD, longest)
        self._inside = False
        self._undecided = b""
        self._begin()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that ``data`` completes, in order."""
        rest = self._undecided + data
        self._undecided = b""
        frames: list[Frame] = []
        at = 0
        while at < len(rest):
            found = (_ENDING if self._inside else _START_OR_END).search(rest, at)
            if found is None:
                # Whether a last 0x1C ends the message is told by the byte behind it.
                stop = len(rest) - 1 if self._inside and rest.endswith(END) else len(rest)
                self._gather(rest[at:stop])
                self._undecided = rest[stop:]
                break
            self._gather(rest[at : found.start()])
            at = found.end()
            frames += self._close() if self._inside else self._outside(starts=found[0] == START)
        return frames

    @property
    def is_within(self) -> bool:
        """Whether a message, or something that is none, has begun and not ended."""
        return self._inside or bool(self._body)

    @property
    def awaits_return(self) -> bool:
        """Whether only the carriage return behind the end block is missing."""
        return bool(self._undecided)

    def pause(self) -> list[Frame]:
        """The message whose carriage return did not come while its sender waits."""
        if not self.awaits_return:
            return []
        self._undecided = b""
        return self._close()

    def finish(self) -> list[Frame]:
        """What is left when the sender says no more."""
        frames = self.pause()
        if self._inside:
            frames += self._emit(Fault.CUT_OFF)
        elif self._body:
            frames += self._emit(Fault.UNFRAMED)
        self._inside = False
        return frames

    def _begin(self) -> None:
        self._body = bytearray()
        self._size = 0
        self._hash = sha256()

    def _gather(self, piece: bytes) -> None:
        if not self._inside and not self._body:
            # Line ends between two messages mean nothing.
            piece = piece.lstrip()
        self._size += len(piece)
        self._hash.update(piece)
        if self._size <= self._longest:
            self._body += piece
        elif len(self._body) < self._head or len(self._body) > self._head:
            self._body += piece
            del self._body[self._head :]

    def _outside(self, *, starts: bool) -> list[Frame]:
        frames = self._emit(Fault.STRAY if starts else Fault.NO_START) if self._body else []
        self._begin()
        self._inside = starts
        return frames

    def _close(self) -> list[Frame]:
        self._inside = False
        if self._size > self._longest:
            return self._emit(Fault.TOO_LARGE)
        begun = self._body.rfind(_BEGUN_ANEW)
        if begun < 0:
            return self._emit(Fault.NONE)
        # The sender broke off and began again: what came first has no end.
        whole = bytes(self._body[begun + 1 :])
        self._begin()
        return [
            Frame(b"", begun, "", Fault.CUT_OFF),
            Frame(whole, len(whole), sha256(whole).hexdigest()),
        ]

    def _emit(self, fault: Fault) -> list[Frame]:
        frame = Frame(bytes(self._body), self._size, self._hash.hexdigest(), fault)
        self._begin()
        return [frame]


def framed(content: bytes) -> bytes:
    """``content`` between its blocks."""
    return START + content + END + RETURN
