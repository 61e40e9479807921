"""Rows out of a CSV file of any usual dialect and encoding, one at a time."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

LONGEST = 1024 * 1024
PREFACE = 10
"""How many lines may stand above the header: a title, a date, who made the extract."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of the file that is no row, and why."""

    line: int
    reason: str


def rows(file: io.BufferedReader[Any]) -> Iterator[tuple[int, list[str]] | Broken]:
    """Each row with the line it begins on, the header first. Blank rows are passed over.

    UTF-8 and UTF-16 with a mark are read as such; else each line is UTF-8 where it can be, Windows-1252 where
    not. A row that cannot be read costs itself; reading goes on behind it.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    lines = _lines(file)
    ahead = list(islice(lines, PREFACE))
    dialect = _dialect(ahead)
    rest = chain(ahead, lines)
    reader = csv.reader(rest, dialect)
    before = 0
    while True:
        begins = before + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError) as error:
            yield Broken(begins, f"not readable as a row ({_why(error)})")
            before += reader.line_num
            reader = csv.reader(rest, dialect)
            continue
        if any(value.strip() for value in row):
            yield begins, row


def _why(error: Exception) -> str:
    """What is wrong with a row, for the one who sent it."""
    words = str(error)
    if "new-line character" in words:
        return "a value holds the end of a line and no quotation marks"
    return "a value is too long" if "field limit" in words else words


def _lines(file: io.BufferedReader[Any]) -> Iterator[str]:
    """The lines of a file as text; a line longer than `LONGEST` is cut there."""
    read: Callable[[], str]
    text: io.TextIOWrapper | None = None
    if file.peek(2)[:2] in _UTF16:
        # Not codecs.getreader: it gathers a line without an end, and looks through all of it again at each piece.
        wide = text = io.TextIOWrapper(file, "utf-16", errors="replace", newline="")

        def read() -> str:
            return wide.readline(LONGEST)
    elif b"\r" in (head := file.peek()) and b"\n" not in head:
        # Spreadsheets for old Macs end a line so. Each letter stands for its byte until the line is whole.
        text = io.TextIOWrapper(file, "latin-1", newline="\r")

        def read() -> str:
            return _decoded(text.readline(LONGEST).encode("latin-1").replace(b"\r", b"\n"))
    else:

        def read() -> str:
            return _decoded(file.readline(LONGEST))

    try:
        while line := read():
            yield line.replace("\x00", "")
    finally:
        if text is not None:
            text.detach()  # the file is its owner's to close


def _decoded(raw: bytes) -> str:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _dialect(first: list[str]) -> type[csv.Dialect]:
    """The separator that the line with most of them has: a header has many, a title above it few."""
    counts = {mark: max((line.count(mark) for line in first), default=0) for mark in ",;\t|"}
    header = max(first, key=lambda line: max(line.count(mark) for mark in counts), default="")
    separator = max(counts, key=header.count) if any(counts.values()) else ","

    class Found(csv.excel):
        delimiter = separator

    return Found
