"""A list of NHS numbers, as a look-up service or a spreadsheet gives it: each line read, or refused with its reason."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from openfls.record.errors import BadInput
from openfls.record.people import is_valid_nhs_number, nhs_number_digits

_POWER_OF_TEN = re.compile(r"\d[.,]\d+[eE]\+?\d+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: ``number`` are its ten digits, None where ``problem`` says why there are none.

    ``row`` counts as a spreadsheet does; headings, where there are some, are row 1.
    """

    row: int
    written: str
    number: str | None
    problem: str = ""
    is_repeated: bool = False
    """Whether the number stands in an earlier row too, which says it all."""


def read_list(data: bytes, name: str = "the list") -> list[Entry]:
    """The lines of a CSV (one column, or several of which one holds NHS numbers); blank lines are passed over.

    Raises:
        BadInput: nothing in it is an NHS number.
    """
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise BadInput(f"not readable as CSV ({error})", where=name) from error
    width = max(map(len, rows), default=0)
    scores = [
        sum(is_valid_nhs_number(row[place]) for row in rows if place < len(row)) for place in range(width)
    ]
    if not any(scores):
        raise BadInput("no NHS number in it; one column of a CSV file has to hold them", where=name)
    column = scores.index(max(scores))
    written = [
        (number, row[column]) for number, row in enumerate(rows, start=1) if column < len(row) and row[column]
    ]
    if written and not re.search(r"\d", written[0][1]):
        written = written[1:]  # the heading
    return _entries(written)


def _entries(written: list[tuple[int, str]]) -> list[Entry]:
    found: list[Entry] = []
    seen: dict[str, int] = {}
    for row, cell in written:
        digits = nhs_number_digits(cell)
        if _POWER_OF_TEN.fullmatch(cell):
            found.append(
                Entry(row, cell, None, "written as a power of ten by a spreadsheet: digits are lost")
            )
        elif not is_valid_nhs_number(cell):
            found.append(
                Entry(row, cell, None, "not an NHS number: ten digits whose last one checks the others")
            )
        elif digits in seen:
            found.append(Entry(row, cell, None, f"the same as in row {seen[digits]}", is_repeated=True))
        else:
            seen[digits] = row
            found.append(Entry(row, cell, digits))
    return found


def _decoded(data: bytes) -> str:
    for marks, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(marks):
            return data.decode(encoding, errors="replace").replace("\x00", "")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\x00", "")
