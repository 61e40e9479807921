"""A CSV in which a quotation mark is opened and never closed: only its own line is lost, and no line is swallowed."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_FURTHEST = 50
"""Lines over which a value in quotes may run on."""


def close_quotes(path: Path, scratch: Path, delimiter: str) -> tuple[Path, dict[int, str]]:
    """A copy of a UTF-8 file in which each such line is a blank row, so that rows keep their numbers.

    Returns the copy and, by the number of the row (the headings are row 1), why it is rejected. Headings whose own
    quotation mark is never closed are left as they are, and so is a file of which no row would be left.
    """
    copied = scratch / "closed.csv"
    unclosed: dict[int, str] = {}
    with (
        path.open(encoding="utf-8-sig", newline="") as file,
        copied.open("w", encoding="utf-8", newline="") as copy,
    ):
        lines = _Lines(file)
        width, row = 0, 0
        for line in lines:
            row += 1
            written, number, more = line, lines.number, 0
            if '"' in line and _values(line, delimiter) is None and row > 1:
                more = _runs_on(line, lines, delimiter, width)
                if more == 0 and _opens(line, delimiter):
                    unclosed[row] = f"a quotation mark in line {number} is never closed"
                    written = (delimiter * (width - 1) or '""') + "\n"
            if row == 1:
                width = len(_values(line, delimiter) or [""])
            copy.write(written)
            for _ in range(more):
                copy.write(next(lines))
    # Where no row is left there is nothing to read: the file is refused as it stands.
    return (copied, unclosed) if len(unclosed) < row - 1 else (path, {})


class _Lines(Iterator[str]):
    """Lines with their number, and a look at those that follow."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._ahead: deque[str] = deque()
        self.number = 0

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._lines)
        self.number += 1
        return line

    def ahead(self) -> list[str]:
        """The next lines, which are still to come."""
        self._ahead.extend(islice(self._lines, _FURTHEST - len(self._ahead)))
        return list(self._ahead)


def _values(text: str, delimiter: str) -> list[str] | None:
    """The values of one whole row; None where it is not one."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if rows else []


def _opens(line: str, delimiter: str) -> bool:
    """Whether the line ends within quotes: a stray sign after a closed value is another fault, and not ours."""
    reader = csv.reader([line, "\x00"], delimiter=delimiter)
    try:
        return any("\x00" in value for value in next(reader))
    except csv.Error:
        return True


def _runs_on(line: str, lines: _Lines, delimiter: str, width: int) -> int:
    """How many of the following lines belong to the row; 0 where it is never closed, or only by swallowing a row."""
    text = line
    for more, following in enumerate(lines.ahead(), start=1):
        text += following
        values = _values(text, delimiter)
        if values is not None:
            return more if len(values) == width else 0
        alone = _values(following, delimiter)
        if width > 1 and alone is not None and len(alone) == width:
            return 0
    return 0
