"""Messages out of a stream of bytes: MLLP frames, batches, any line ending, byte-order marks.

Own code rather than a library's: a broken message must cost only itself, which strict parsers do not grant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

CHUNK = 256 * 1024
LONGEST = 32 * 1024 * 1024
_BREAK = re.compile(rb"\r\n|\r|\n|\x1c\r?|\x0b")
# A segment begins with three capitals or digits and the separator; anything else continues the line before.
_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9\s]|$)")
_ENVELOPE = (b"FHS", b"BHS", b"BTS", b"FTS")


@dataclass(frozen=True, slots=True)
class Block:
    """The segments of one message as sent, or of what stands outside any message. ``line`` is its first
    line."""

    lines: tuple[bytes, ...]
    line: int

    @property
    def is_message(self) -> bool:
        return bool(self.lines) and self.lines[0].startswith(b"MSH")


def blocks(file: IO[bytes]) -> Iterator[Block]:
    """The messages and envelopes of a file, in order; segments before any header are a block of their own."""
    gathered: list[bytes] = []
    size = 0
    first = 1
    for number, raw in enumerate(_lines(file), start=1):
        line = raw.removeprefix(b"\xef\xbb\xbf").strip(b"\x0b\x1c\x00")
        stripped = line.lstrip()
        if not stripped:
            continue
        match = _SEGMENT.match(stripped)
        starts = match is not None and match.group() in (b"MSH", *_ENVELOPE)
        if (starts and gathered) or size > LONGEST:
            yield Block(tuple(gathered), first)
            gathered, size = [], 0
        if not gathered:
            first = number
        if match is None and gathered:
            gathered[-1] += b"\n" + line
        else:
            gathered.append(stripped)
        size += len(line)
    if gathered:
        yield Block(tuple(gathered), first)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := file.read(CHUNK):
        parts = _BREAK.split(rest + chunk)
        rest = parts.pop()
        yield from parts
    yield rest
