"""Where a value in quotes ends that runs over several lines, and which one is never closed: no line is swallowed."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice

_FURTHEST = 50
"""Lines over which a value in quotes may run on."""


class Lines(Iterator[str]):
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


def values_of(text: str, delimiter: str) -> list[str] | None:
    """The values of one whole row; None where it is not one."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if rows else []


def opens(line: str, delimiter: str) -> bool:
    """Whether the line ends within quotes: a stray sign after a closed value is another fault, and not ours."""
    reader = csv.reader([line, "\x00"], delimiter=delimiter)
    try:
        return any("\x00" in value for value in next(reader))
    except csv.Error:
        return True


def runs_on(line: str, lines: Lines, delimiter: str, width: int) -> int:
    """How many of the following lines belong to the row; 0 where it is never closed, or only by swallowing a row."""
    text = line
    for more, following in enumerate(lines.ahead(), start=1):
        text += following
        values = values_of(text, delimiter)
        if values is not None:
            return more if len(values) == width else 0
        alone = values_of(following, delimiter)
        if width > 1 and alone is not None and len(alone) == width:
            return 0
    return 0
