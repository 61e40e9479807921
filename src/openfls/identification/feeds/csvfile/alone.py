"""Which rows of a file are the only one with their sender's number, so that a later version of them can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openfls.identification.feeds.csvfile.columns import Columns
from openfls.identification.feeds.csvfile.rows import Broken

Numbered = tuple[int, list[str]]


def with_alone(
    rows: Iterator[Numbered | Broken], columns_now: Callable[[], Columns | None]
) -> Iterator[tuple[Numbered | Broken, bool]]:
    """Each row, and whether it alone has its number; never so where the file has no number or no mark of change.

    Rows of one number that do not stand together are not alone but for the first of them: a file is read once, and
    an attendance has a row for each of its codes next to each other.
    """
    held: list[Numbered] = []
    number, met = "", set[str]()
    for row in rows:
        mine = "" if isinstance(row, Broken) else _number(row[1], columns_now())
        if held and mine != number:
            yield from ((each, len(held) == 1 and number not in met) for each in held)
            met.add(number)
            held = []
        if mine and not isinstance(row, Broken):
            held.append(row)
            number = mine
        else:
            yield row, False
    yield from ((each, len(held) == 1 and number not in met) for each in held)


def _number(values: list[str], columns: Columns | None) -> str:
    """The sender's number of a row that also says when it was last changed; empty else."""
    if columns is None or not {"record", "version"} <= columns.keys():
        return ""
    told = [
        values[columns[field][0]].strip()
        for field in ("record", "version")
        if columns[field][0] < len(values)
    ]
    return told[0] if len(told) == 2 and all(told) else ""
