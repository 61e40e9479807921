"""A damaged file copied row by row into one that DuckDB reads, each row with its number in the file.

What could not be taken is told of: lines above the headings, lines with too many values or too few, a quotation mark
that is opened and never closed (only its own line is lost), the headings again, a line that is no JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openfls.integration.flsdb.headings import column_of
from openfls.integration.flsdb.problems import Problem
from openfls.integration.flsdb.quotes import Lines, opens, runs_on, values_of
from openfls.record.errors import BadInput

ROW = "row of the file"
"""The column of a copy that holds the number of the row, as a spreadsheet counts."""
_FURTHEST_HEADINGS = 40
_NO_JSON = (ValueError, RecursionError)
"""What text raises that is no JSON, is nested beyond measure, or holds a number of thousands of digits."""
_ENOUGH = 2
"""So many headings that mean a column make a line the line of the headings."""


@dataclass(slots=True)
class Salvaged:
    """The copy, why rows of it are rejected (they are blank there) by their number, and what else was wrong."""

    path: Path
    rejected: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Seen:
    """Rows with the same fault: the first of them, what stood there, and how many there are."""

    row: int
    value: str
    count: int = 0


def salvage_csv(path: Path, scratch: Path, delimiter: str) -> Salvaged:
    """A copy of a UTF-8 CSV file in which every row has as many values as there are headings."""
    found = Salvaged(scratch / "salvaged.csv")
    uneven: dict[str, _Seen] = {}
    with (
        path.open(encoding="utf-8-sig", newline="") as file,
        found.path.open("w", encoding="utf-8", newline="") as copy,
    ):
        rows = _rows(Lines(_plain(file)), delimiter, found.rejected)
        names, above = _headings(path, delimiter)
        writer = csv.writer(copy, lineterminator="\n")
        writer.writerow([*_told_apart(names), ROW])
        for number, values in rows(len(names)):
            if number <= above + 1:
                continue
            if not any(values) and number not in found.rejected:
                if len(values) > 1:  # a row of blanks is a row; an empty line is none
                    writer.writerow([*[""] * len(names), number])
                continue
            if [value.strip() for value in values] == names:
                found.rejected[number] = "the headings again"
            kept = [] if number in found.rejected else values[: len(names)]
            _count(uneven, number, values, len(names))
            writer.writerow([*kept, *[""] * (len(names) - len(kept)), number])
    if above:
        lines = "a line" if above == 1 else f"{above} lines"
        found.problems.append(Problem(None, "", "", "", f"{lines} above the headings", "passed over"))
    found.problems += [
        Problem(seen.row, "", "", seen.value[:60], f"uneven line: {what}", done, seen.count)
        for what, done in (
            ("more values than headings", "those beyond the last heading left out"),
            ("fewer values than headings", "filled with blanks"),
        )
        if (seen := uneven.get(what))
    ]
    return found


def salvage_json(path: Path, scratch: Path) -> Salvaged:
    """A copy of JSON lines, or of one JSON list, in which a line that is no object is a blank row."""
    found = Salvaged(scratch / "salvaged.jsonl")
    with found.path.open("w", encoding="utf-8") as copy:
        for number, value in _objects(path):
            kept: dict[str, Any] = {ROW: number}
            if isinstance(value, dict):
                kept |= {name: None if each is None else str(each) for name, each in value.items()}
            else:
                found.rejected[number] = "the line is no JSON object"
            copy.write(json.dumps(kept) + "\n")
    return found


def _objects(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        begin = file.read(64).lstrip()
        file.seek(0)
        if begin.startswith("["):
            try:
                yield from enumerate(json.load(file), start=1)
            except _NO_JSON:
                yield 1, None
            return
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except _NO_JSON:
                    yield number, None


def _plain(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace("\x00", "")


def _rows(
    lines: Lines, delimiter: str, rejected: dict[int, str]
) -> Callable[[int], Iterator[tuple[int, list[str]]]]:
    """The rows by their number; a row may run over several lines. One that is never closed is rejected."""

    def each(width: int) -> Iterator[tuple[int, list[str]]]:
        for row, line in enumerate(lines, start=1):
            number, text = lines.number, line
            values = values_of(line, delimiter)
            if values is None:
                more = runs_on(line, lines, delimiter, width)
                for _ in range(more):
                    text += next(lines)
                if more == 0 and opens(line, delimiter):
                    rejected[row] = f"a quotation mark in line {number} is never closed"
                    values = [""] * width
                else:
                    values = values_of(text, delimiter)
            if values is None:  # a stray sign after a closed value
                try:
                    values = next(csv.reader([text], delimiter=delimiter), [])
                except csv.Error as error:
                    rejected[row] = f"not readable as a row ({error})"
                    values = [""] * width
            yield row, values

    return each


def _headings(path: Path, delimiter: str) -> tuple[list[str], int]:
    """The headings, and how many rows stand above them. Raises BadInput where they never end."""
    try:
        return _headings_of(path, delimiter)
    except csv.Error as error:
        raise BadInput(f"its headings are not readable as CSV ({error})", where=str(path)) from error


def _headings_of(path: Path, delimiter: str) -> tuple[list[str], int]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first: list[str] = []
        for place, row in enumerate(csv.reader(_plain(file), delimiter=delimiter)):
            names = [value.strip() for value in row]
            if any(name.count("\n") > 1 or name.endswith(("\n", "\r")) for name in row):
                raise BadInput("a quotation mark in its headings is never closed", where=str(path))
            first = first or names
            if sum(column_of(name) is not None for name in names) >= min(_ENOUGH, len(names)) > 0:
                return names, place
            if place == _FURTHEST_HEADINGS:
                break
    return first, 0


def _told_apart(names: Sequence[str]) -> list[str]:
    """The headings, each another one: a blank or repeated heading is told by its column."""
    found: list[str] = []
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        known = name.casefold() in seen or not name
        found.append(f"{name} (column {place})".strip() if known else name)
        seen.add(name.casefold())
    return found


def _count(uneven: dict[str, _Seen], number: int, values: Sequence[str], width: int) -> None:
    beyond = [value for value in values[width:] if value.strip()]
    if beyond:
        uneven.setdefault("more values than headings", _Seen(number, ", ".join(beyond))).count += 1
    elif len(values) < width:
        uneven.setdefault("fewer values than headings", _Seen(number, "")).count += 1
