"""How a CSV file is laid out: its header, and which of its columns is read as which field."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import islice

from openfls.identification.feeds.csvfile.columns import fields_in_order
from openfls.identification.feeds.csvfile.reader import header_columns, read_rows
from openfls.identification.feeds.csvfile.rows import PREFACE, Broken, rows
from openfls.identification.feeds.options import FeedOptions, steady_name
from openfls.record.feeds import Reading


@dataclass(frozen=True, slots=True)
class Layout:
    """A header and what it is taken for.

    ``columns`` holds for each field of ours, in the order of the list, the file's columns that are read as it; empty
    for none. ``fault`` says why the mapping does not fit the file.
    """

    header: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    fault: str = ""


def layout_of(data: bytes, options: FeedOptions) -> Layout:
    """The layout of a file under ``options``.

    Where no row is recognised as the header, the widest of the first rows is taken for it, so that a person can say
    what its columns are.
    """
    first = [each[1] for each in islice(rows(_reader(data)), PREFACE) if not isinstance(each, Broken)]
    for row in first:
        columns, _ = header_columns(row, options)
        if columns is not None:
            return Layout(_names(row), _named(row, columns))
    widest = max(first, key=len, default=[])
    plain, _ = header_columns(widest, replace(options, columns={}))
    _, fault = header_columns(widest, options)
    return Layout(_names(widest), _named(widest, plain or {}), fault)


def first_rows(
    name: str, data: bytes, options: FeedOptions, most: int = 10
) -> list[tuple[int, list[Reading]]]:
    """The first rows, each with its line and what it is read as; line 0 is about the whole file."""
    return list(islice(read_rows(_reader(data), name, options, steady_name(name)), most))


def _reader(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(data))


def _names(row: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell.strip() for cell in row if cell.strip()))


def _named(row: list[str], columns: dict[str, list[int]]) -> dict[str, tuple[str, ...]]:
    return {
        field: tuple(dict.fromkeys(row[at].strip() for at in columns.get(field, ())))
        for field in fields_in_order()
    }
