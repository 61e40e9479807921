"""Rows out of a CSV file of any usual dialect and encoding, one at a time."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

LONGEST = 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of the file that is no row, and why."""

    line: int
    reason: str


def rows(file: io.BufferedReader[Any]) -> Iterator[tuple[int, list[str]] | Broken]:
    """Each row with the line it begins on, the header first. Blank rows are passed over.

    UTF-8 and UTF-16 with a mark are read as such; else each line is UTF-8 where it can be, Windows-1252 where not.
    A row that cannot be read costs itself; reading goes on behind it.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    lines = _Lines(file)
    first = next(lines, "")
    dialect = _dialect(first)
    reader = csv.reader(chain([first], lines), dialect)
    while True:
        begins = lines.number + (1 if lines.number > 1 or reader.line_num else 0)
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError) as error:
            yield Broken(begins, f"not readable as a row ({error})")
            reader = csv.reader(lines, dialect)
            continue
        if any(value.strip() for value in row):
            yield begins, row


class _Lines:
    """The lines of a file as text, counted; a line longer than `LONGEST` is cut there."""

    def __init__(self, file: io.BufferedReader[Any]) -> None:
        self.number = 0
        self._next: Callable[[], str]
        if file.peek(2)[:2] in _UTF16:
            self._next = codecs.getreader("utf-16")(file, "replace").readline
        else:
            self._next = lambda: _decoded(file.readline(LONGEST))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        if not line:
            raise StopIteration
        self.number += 1
        return line.replace("\x00", "")


def _decoded(raw: bytes) -> str:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _dialect(header: str) -> type[csv.Dialect]:
    counts = {mark: header.count(mark) for mark in ",;\t|"}
    separator = max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","

    class Found(csv.excel):
        delimiter = separator

    return Found
