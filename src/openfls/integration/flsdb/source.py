"""A file as DuckDB can scan it: CSV, Parquet or JSON lines, also in an old encoding or with ragged lines."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from openfls.integration.flsdb.columns_sql import literal
from openfls.integration.flsdb.problems import Problem
from openfls.integration.flsdb.salvage import ROW, salvage_csv, salvage_json
from openfls.record.errors import BadInput

ENDINGS = (".csv", ".parquet", ".jsonl", ".ndjson")
_CHUNK = 1 << 20
_FIRST_LINES = 64 * 1024
_LINES_LOOKED_AT = 40
_STRICT = "all_varchar = true, header = true, comment = '', quote = '\"', escape = '\"'"
# Days are read by us: the engine takes the month first where it may be either. Every line may bring a new heading.
_LINES = "format = 'newline_delimited', dateformat = '%Y-%m-%d', sample_size = -1"
_EMPTY_LINE = re.compile(rb"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")
_ENCODINGS = {
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


@dataclass(slots=True)
class Source:
    """``scan`` is the SQL to read from; ``types`` the DuckDB type of each heading; ``first_row`` as users count."""

    scan: str
    types: dict[str, str]
    first_row: int
    problems: list[Problem] = field(default_factory=list)
    has_numbers: bool = False
    """Whether the rows hold their numbers in the column `salvage.ROW`."""
    rejected: dict[int, str] = field(default_factory=dict)
    """Rows that could not be taken, and why: they are read as blank rows."""


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
        scan = f"read_json({name}, {_LINES})"
    return _described(connection, scan, 2 if ending == ".csv" else 1)


def stands(path: Path, source: Source) -> bool:
    """Whether a CSV is as its first line says: DuckDB passes over lines above the headings, and empty ones between,
    and then the rows have other numbers than in a spreadsheet. JSON lines must be lines, not one list."""
    if path.suffix.lower() == ".parquet":
        return True
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    if path.suffix.lower() != ".csv":
        return not start.lstrip().startswith(b"[")
    if b"\x00" in start:
        return False
    first = start.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    names = {name.strip().strip('"') for name in first.split(delimiter_of(path))}
    if not names & source.types.keys():
        return False
    return path.stat().st_size > _CHUNK or not _EMPTY_LINE.search(start.rstrip())


def open_damaged(connection: duckdb.DuckDBPyConnection, path: Path, scratch: Path, why: str) -> Source:
    """A file that `open_source` could not read to its end, or not as it stands: in another encoding, uneven, with lines
    that are none.

    ``scratch`` is a folder for copies. Raises BadInput where the file is of another kind.
    """
    ending = path.suffix.lower()
    if ending in (".jsonl", ".ndjson"):
        made = salvage_json(path, scratch)
        source = _described(connection, f"read_json({literal(str(made.path))}, {_LINES})", 1)
    elif ending == ".csv":
        encoding = encoding_of(path)
        notes = []
        if encoding != "utf-8":
            path = _as_utf8(path, scratch, encoding)
            notes.append(Problem(None, "", "", "", "not in UTF-8", f"read as {_ENCODINGS[encoding]}"))
        made = salvage_csv(path, scratch, delimiter_of(path))
        made.problems[:0] = notes
        source = _described(connection, f"read_csv({literal(str(made.path))}, {_STRICT}, delim = ',')", 2)
    else:
        raise BadInput(f"not readable ({why})", where=str(path))
    source.problems, source.rejected, source.has_numbers = made.problems, made.rejected, True
    source.types.pop(ROW, None)
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
    """The sign that divides the first lines: it stands in many of them equally often. One line alone may be a title."""
    with path.open("rb") as file:
        start = file.read(_FIRST_LINES)
    lines = [line for line in start.splitlines()[:_LINES_LOOKED_AT] if line.strip(b" \t\x00")]
    return max((b",", b";", b"\t", b"|"), key=lambda sign: _evenness(lines, sign)).decode()


def _evenness(lines: list[bytes], sign: bytes) -> int:
    """In how many lines a sign stands equally often, times how often."""
    often = Counter(line.count(sign) for line in lines if sign in line)
    return max((number * lines_with for number, lines_with in often.items()), default=0)


def encoding_of(path: Path) -> str:
    """``utf-8`` where all of it is; else by its first bytes UTF-16, or Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4_000)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Latin letters in UTF-16 have a nought for every second byte.
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        every = start[place::2]
        if every and every.count(0) > len(every) / 2:
            return encoding
    return "utf-8" if _is_utf8(path) else "cp1252"


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


def _as_utf8(path: Path, scratch: Path, encoding: str) -> Path:
    copied = scratch / "utf8.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with path.open("rb") as file, copied.open("w", encoding="utf-8", newline="") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(decoder.decode(chunk))
        copy.write(decoder.decode(b"", final=True))
    return copied
