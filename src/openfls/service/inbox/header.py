"""The first segment of a message as bytes: who sends, which message, with which separators. Pure.

The reader (`identification.feeds.hl7v2`) works on text. An answer must echo the sender's own bytes, so they are read
here once more, and no further than the header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(rb"[\r\n]+")
_CONTROL = {b"MSH": 10, b"BHS": 11, b"FHS": 11}
_USUAL = b"^~\\&"
_NOT_PRINTED = re.compile(rb"[\x00-\x1f\x7f]")


class NoHeader(ValueError):
    """There is no header to answer to. The message says why, without the message's content."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a message, or of a batch of them. ``fields`` count as in the standard: ``fields[10]`` is
    MSH-10."""

    separator: bytes
    encoding: bytes
    fields: tuple[bytes, ...]
    control_id: bytes

    def field(self, number: int) -> bytes:
        """A field as sent, without control characters; empty where there is none."""
        return self.fields[number] if number < len(self.fields) else b""

    @property
    def sender(self) -> str:
        """The sending application and facility, as sent."""
        parts = (shown(self.field(number)) for number in (3, 4))
        return " ".join(part for part in parts if part)


def header_of(content: bytes) -> Header:
    """The header of a frame's content.

    A batch (FHS, BHS) answers for all its messages: its own control id where it has one, else that of its first
    message.

    Raises:
        NoHeader: it does not begin with one, or states no usable separator.
    """
    lines = [line for line in _LINE.split(content.removeprefix(b"\xef\xbb\xbf")) if line.strip()]
    if not lines:
        raise NoHeader("the message is empty")
    first = _read(lines[0].lstrip())
    if first.fields[0] == b"MSH":
        return first
    inner = next((line.lstrip() for line in lines if line.lstrip().startswith(b"MSH")), None)
    if inner is None:
        raise NoHeader("a batch without a message")
    message = _read(inner)
    return Header(
        message.separator, message.encoding, message.fields, _batch_control(lines) or message.control_id
    )


def _batch_control(lines: list[bytes]) -> bytes:
    for line in lines[:2]:
        if line.lstrip()[:3] in (b"FHS", b"BHS"):
            try:
                control = _read(line.lstrip()).control_id
            except NoHeader:
                continue
            if control:
                return control
    return b""


def _read(line: bytes) -> Header:
    name, separator = line[:3], line[3:4]
    if name not in _CONTROL:
        raise NoHeader("no MSH segment at its beginning")
    if not _is_mark(separator):
        raise NoHeader("no field separator behind MSH")
    # MSH-1 is the separator itself, so that MSH counts from one further.
    raw = (name, separator, *line[4:].split(separator))
    fields = tuple(_NOT_PRINTED.sub(b" ", each) for each in raw)
    given = fields[2] if len(fields) > 2 else b""
    usable = 0 < len(given) <= 5 and all(_is_mark(given[at : at + 1]) for at in range(len(given)))
    number = _CONTROL[name]
    control = fields[number].strip() if len(fields) > number else b""
    return Header(separator, given if usable else _USUAL, fields, control)


def _is_mark(byte: bytes) -> bool:
    return len(byte) == 1 and b"!" <= byte <= b"~" and not byte.isalnum()


def shown(raw: bytes, longest: int = 200) -> str:
    """Bytes of a header as text for a column: printable, cut to ``longest``, never a reason to fail."""
    return _NOT_PRINTED.sub(b"", raw).decode("utf-8", "replace").strip()[:longest]
