"""A file as DuckDB can scan it: CSV, Parquet or JSON lines, also in an old encoding or with ragged lines."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from openfls.integration.flsdb.columns_sql import literal
from openfls.integration.flsdb.problems import Problem
from openfls.integration.flsdb.quotes import close_quotes
from openfls.record.errors import BadInput

ENDINGS = (".csv", ".parquet", ".jsonl", ".ndjson")
_CHUNK = 1 << 20
_STRICT = "all_varchar = true, header = true, quote = '\"', escape = '\"'"
# Lines with too few values are filled up; DuckDB keeps what it cannot read at all in its reject tables.
_RAGGED = f"{_STRICT}, null_padding = true, strict_mode = false, parallel = false, store_rejects = true"


@dataclass(slots=True)
class Source:
    """``scan`` is the SQL to read from; ``types`` the DuckDB type of each heading; ``first_row`` as users count."""

    scan: str
    types: dict[str, str]
    first_row: int
    problems: list[Problem] = field(default_factory=list)
    keeps_rejects: bool = False
    unclosed: dict[int, str] = field(default_factory=dict)
    """Rows that open a quotation mark and never close it, with why each is rejected: they are read as blank rows."""


def open_source(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    """Make the file scannable, taking it to be in UTF-8 and even. Raises BadInput."""
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(f"a name ending in one of {', '.join(ENDINGS)} is needed", where=str(path))
    if path.stat().st_size == 0:
        raise BadInput("the file is empty", where=str(path))
    name = literal(str(path))
    if ending == ".csv":
        scan = f"read_csv({name}, {_STRICT}, {_delimiter(path)})"
    elif ending == ".parquet":
        scan = f"read_parquet({name})"
    else:
        scan = f"read_json({name}, format = 'newline_delimited')"
    return _described(connection, scan, 2 if ending == ".csv" else 1)


def open_damaged(
    connection: duckdb.DuckDBPyConnection, path: Path, scratch: Path, error: duckdb.Error
) -> Source:
    """A CSV file that `open_source` could not read to its end: in another encoding, or uneven.

    ``scratch`` is a folder for a copy in UTF-8. Raises BadInput where the file is of another kind.
    """
    if path.suffix.lower() != ".csv":
        raise BadInput(f"not readable ({first_line(error)})", where=str(path)) from error
    notes = []
    if not _is_utf8(path):
        path = _as_utf8(path, scratch)
        notes.append(Problem(None, "", "", "", "not in UTF-8", "read as Windows-1252"))
    else:
        what = f"uneven lines ({first_line(error)[:160]})"
        notes.append(Problem(None, "", "", "", what, "short lines filled with blanks"))
    closed, unclosed = close_quotes(path, scratch, delimiter_of(path))
    if unclosed:
        path = closed
        notes = [note for note in notes if not note.problem.startswith("uneven")]
    source = _described(connection, f"read_csv({literal(str(path))}, {_RAGGED}, {_delimiter(path)})", 2)
    source.keeps_rejects = True
    source.problems = notes
    source.unclosed = unclosed
    return source


def first_line(error: Exception) -> str:
    """The first line of an error's message, without the path of the copy that is read."""
    line = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "sniffing" in line:
        return "its lines and columns cannot be told apart; often a quotation mark is never closed"
    return re.sub(r'(?:file )?"[^"]*/[^"]*"', "it", line)


def _described(connection: duckdb.DuckDBPyConnection, scan: str, first_row: int) -> Source:
    rows = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    return Source(scan, {row[0]: row[1] for row in rows}, first_row)


def _delimiter(path: Path) -> str:
    return f"delim = {literal(delimiter_of(path))}"


def delimiter_of(path: Path) -> str:
    """The sign that stands most often in the line of the headings."""
    with path.open("rb") as file:
        line = file.readline(_CHUNK)
    return max((b",", b";", b"\t", b"|"), key=line.count).decode()


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _as_utf8(path: Path, scratch: Path) -> Path:
    copied = scratch / "utf8.csv"
    with path.open("rb") as file, copied.open("w", encoding="utf-8", newline="") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk.decode("cp1252", errors="replace"))
    return copied
