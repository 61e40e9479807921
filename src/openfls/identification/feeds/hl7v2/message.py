"""One HL7 v2 message as segments, fields, components; separators and escapes as the message itself states
them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CHARSETS = {
    "ASCII": "utf-8",
    "8859/1": "cp1252",
    "8859/15": "iso8859-15",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
}
_SEPARATORS = "|^~\\&"


@dataclass(frozen=True, slots=True)
class Separators:
    """The five characters of MSH-1 and MSH-2."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. Fields are numbered as in the standard: ``field(3)`` of PID is PID-3."""

    name: str
    fields: tuple[str, ...]
    separators: Separators
    line: int

    def field(self, number: int) -> str:
        """A field as sent, all repetitions; empty where there is none or it is a deleting ``""``."""
        raw = self.fields[number] if number < len(self.fields) else ""
        return "" if raw == '""' else raw

    def repetitions(self, number: int) -> list[str]:
        """The repetitions of a field as sent."""
        raw = self.field(number)
        return [each for each in raw.split(self.separators.repetition) if each] if raw else []

    def component(self, number: int, part: int, subpart: int = 1) -> str:
        """A component of the first repetition, unescaped."""
        repetitions = self.repetitions(number)
        return self.part(repetitions[0], part, subpart) if repetitions else ""

    def part(self, repetition: str, part: int, subpart: int = 1) -> str:
        """A component of a repetition, unescaped."""
        parts = repetition.split(self.separators.component)
        if part > len(parts):
            return ""
        subparts = parts[part - 1].split(self.separators.subcomponent)
        value = subparts[subpart - 1] if subpart <= len(subparts) else ""
        return "" if value == '""' else unescape(value, self.separators).strip()

    def words(self, number: int) -> str:
        """A field of text: repetitions as lines, stray separators kept as they are, escapes resolved."""
        lines = self.field(number).split(self.separators.repetition)
        return "\n".join(unescape(line, self.separators) for line in lines)


@dataclass(frozen=True, slots=True)
class Message:
    """The segments of one message."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def first(self, name: str) -> Segment | None:
        """The first segment of a name."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Segment]:
        """Every segment of a name."""
        return (segment for segment in self.segments if segment.name == name)


def parse(lines: tuple[bytes, ...], line: int) -> Message:
    """A message from its lines; the first is the MSH. Raises ValueError with the reason where it has no
    header."""
    raw = lines[0]
    if not raw.startswith(b"MSH") or len(raw) < 4:
        raise ValueError("no MSH segment")
    separators = _separators(raw[3:9].decode("latin-1"))
    encoding = _charset(raw, separators)
    segments = []
    for number, each in enumerate(lines):
        text = _decoded(each, encoding)
        fields = tuple(text.split(separators.field))
        if each is raw:
            # MSH-1 is the separator itself, so that MSH counts from one further.
            fields = (fields[0], separators.field, *fields[1:])
        segments.append(Segment(fields[0].strip()[:3], fields, separators, line + number))
    return Message(tuple(segments))


def _separators(after_name: str) -> Separators:
    field = after_name[0]
    if field.isalnum() or field.isspace():
        raise ValueError("no field separator behind MSH")
    encoding = after_name[1:].split(field, maxsplit=1)[0]
    filled = encoding + _SEPARATORS[1 + len(encoding) :] if len(encoding) < 4 else encoding
    return Separators(field, filled[0], filled[1], filled[2], filled[3])


def _charset(raw: bytes, separators: Separators) -> str:
    fields = raw.decode("latin-1").split(separators.field)
    named = fields[17].split(separators.repetition)[0].strip().upper() if len(fields) > 17 else ""
    return _CHARSETS.get(named, "utf-8")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def unescape(text: str, separators: Separators) -> str:
    r"""Escapes resolved: ``\F\ \S\ \T\ \R\ \E\``, ``\Xhh..\`` as bytes, ``\.br\`` as a line break; others
    removed."""
    mark = separators.escape
    if mark not in text:
        return text
    plain = {
        "F": separators.field,
        "S": separators.component,
        "T": separators.subcomponent,
        "R": separators.repetition,
        "E": mark,
        "H": "",
        "N": "",
    }

    def resolved(match: re.Match[str]) -> str:
        body = match[1]
        if body in plain:
            return plain[body]
        if body[:1] == "X" and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", body[1:]):
            return _decoded(bytes.fromhex(body[1:]), "utf-8")
        if body.startswith((".br", ".sp", ".ce", ".fi", ".nf", ".in", ".ti", ".sk")):
            return " " if body.startswith(".sk") else "\n"
        if body[:1] in ("Z", "C", "M"):
            return ""
        return match[0]

    return re.sub(re.escape(mark) + r"([^\r\n]{0,200}?)" + re.escape(mark), resolved, text)
