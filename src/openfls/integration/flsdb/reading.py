"""Reading an FLS-DB file of any make into the row, with a report of everything that was wrong with it.

The whole file stays in DuckDB: what is clean is never touched in Python, and memory stays flat. Only the distinct
values that are not clean come to Python, are mended there one by one, and go back as a small table.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from openfls.integration.flsdb.columns_sql import ColumnSql, column_sql, identifier, literal, sql_type
from openfls.integration.flsdb.headings import Headings, match
from openfls.integration.flsdb.mend import mend
from openfls.integration.flsdb.problems import Check, Problem, checks, held, shown
from openfls.integration.flsdb.salvage import ROW
from openfls.integration.flsdb.source import Source, first_line, open_damaged, open_source, stands
from openfls.record.errors import BadInput
from openfls.record.flsdb import BY_NAME, COLUMNS, Column

TABLE = "flsdb_row"
"""The view on the open file that has the columns of the row."""

_MEMORY = "300MB"
_HALF = 0.5
_KEYS = ("record_id", "service")


@dataclass(slots=True)
class FlsdbFile:
    """An open file. ``connection`` has the view `TABLE`; ``rows`` counts every row of the file."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    headings: Headings
    reads: Mapping[str, ColumnSql]
    as_of: date
    dirty: dict[str, int]
    counts: dict[str, int]

    @property
    def rows(self) -> int:
        """Rows of the file, the rejected ones included."""
        return self.counts["rows"]

    @property
    def rejected(self) -> int:
        """Rows left out: blank, or with a key that came before."""
        return self.counts["blank"] + self.counts["repeated"]

    @property
    def keyless(self) -> int:
        """Usable rows without a record_id; they get the number of their row."""
        return self.counts["keyless"]

    def each(self) -> Iterator[dict[str, Any]]:
        """Every usable row, typed, None for a blank."""
        result = self.connection.cursor().execute(f"SELECT * FROM {TABLE}")
        names = [column.name for column in COLUMNS]
        while batch := result.fetchmany(5_000):
            for values in batch:
                yield dict(zip(names, values, strict=True))

    def problems(self) -> Iterator[Problem]:
        """Everything that was wrong, and what was done about it."""
        yield from self.source.problems
        yield from self._about_columns()
        yield from self.mended()
        if self.rejected:
            yield from self._rejections()
        yield from self._failing(tuple(check for check in checks() if self.counts[check.id]))

    def mended(self) -> Iterator[Problem]:
        """The values that were not as they should be: read all the same, or left blank."""
        for name in self.dirty:
            yield from self._about_values(self.reads[name])

    def _about_columns(self) -> Iterator[Problem]:
        for heading in self.headings.strange:
            yield Problem(None, "", heading, "", "column not known", "ignored")
        for name in self.headings.missing:
            yield Problem(None, "", name, "", "column not in the file", "every value blank", self.rows)
        for name, heading in self.headings.found.items():
            column = BY_NAME[name]
            if heading not in (name, column.header):
                yield Problem(
                    None, "", name, heading, "column named differently", f"read as {column.header or name}"
                )
            if name == "record_id" and self.keyless:
                yield Problem(None, "", name, "", "no record_id", "number of the row taken", self.keyless)
            empty = self.rows - self.counts[f"filled {name}"]
            if column.in_export and self.rows and empty > _HALF * self.rows:
                yield Problem(
                    None, "", name, "", f"blank in {100 * empty / self.rows:.0f} % of the rows", "kept", empty
                )

    def _about_values(self, read: ColumnSql) -> Iterator[Problem]:
        name = read.column.name
        # One line for each way of writing an option, and one for all dates or numbers written another way.
        each = "m.raw, m.value" if read.column.all_options else "NULL, NULL"
        kept = self.connection.cursor().execute(
            f"""SELECT min(n.file_row), min_by(n.record_id, n.file_row), min_by(m.raw, n.file_row), m.problem,
                min_by(m.value, n.file_row), count(*)
            FROM numbered AS n JOIN mended AS m ON m.raw = n.{identifier("raw " + name)}
            WHERE m.name = {literal(name)} AND m.value IS NOT NULL AND m.problem <> ''
            GROUP BY m.problem, {each} ORDER BY 1"""
        )
        for row, record_id, raw, problem, value, count in kept.fetchall():
            yield Problem(row, record_id, name, raw, problem, f"read as {value}", count)
        lost = self.connection.cursor().execute(
            f"""SELECT n.file_row, n.record_id, m.raw, m.problem
            FROM numbered AS n JOIN mended AS m ON m.raw = n.{identifier("raw " + name)}
            WHERE m.name = {literal(name)} AND m.value IS NULL AND m.problem <> '' ORDER BY 1"""
        )
        yield from (Problem(row, key, name, raw, why, "left blank") for row, key, raw, why in _fetched(lost))

    def _rejections(self) -> Iterator[Problem]:
        left_out = self.connection.cursor().execute(
            "SELECT file_row, record_id, is_blank FROM numbered WHERE is_blank OR repeat > 1 ORDER BY 1"
        )
        for row, record_id, is_blank in _fetched(left_out):
            problem = "nothing in the row" if is_blank else "record_id came before in the file"
            problem = self.source.rejected.get(row, problem)
            yield Problem(row, record_id, "" if is_blank else "record_id", "", problem, "row rejected")

    def _failing(self, failed: tuple[Check, ...]) -> Iterator[Problem]:
        """The rows that fail a check, in one pass, in the order of the file."""
        if not failed:
            return
        failing = self.connection.cursor().execute(
            f"""SELECT * FROM (SELECT file_row, record_id, {held(self.as_of, failed)} AS held, {shown(failed)}
            FROM numbered WHERE NOT is_blank AND repeat = 1) WHERE list_contains(held, TRUE) ORDER BY 1"""
        )
        for row, record_id, broken, values in _fetched(failing):
            for check, is_broken, value in zip(failed, broken, values, strict=True):
                if is_broken:
                    action = f"kept ({check.level})"
                    yield Problem(row, record_id, check.column, value or "", check.problem, action)


def _fetched(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := result.fetchmany(5_000):
        yield from batch


@contextmanager
def open_file(
    path: Path, as_of: date, *, columns: Mapping[str, str] | None = None, service: str = ""
) -> Iterator[FlsdbFile]:
    """Open a file of FLS-DB rows under our names or the export's, CSV, Parquet or JSON lines.

    Args:
        as_of: the day by which a date counts as lying in the future.
        columns: headings of the file and the columns that they mean, where the usual names do not find them.
        service: the service of rows that name none.

    Raises:
        BadInput: no such file, not readable, no column of the row in it, or a wrong name in ``columns``.
    """
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        # What does not fit is put aside on the disk, so that a nation's file needs no more than a service's.
        connection.execute(f"SET memory_limit = '{_MEMORY}'; SET temp_directory = {literal(scratch)}")
        connection.execute("SET autoinstall_known_extensions = false")
        try:
            source: Source | None = open_source(connection, path)
            assert source is not None  # for the checker: it was made just now
            if not stands(path, source):
                source = None
            file = _opened(connection, source, path, as_of, columns, service) if source else None
            why = "not as its first line says"
        except duckdb.Error as error:
            file, why = None, first_line(error)
        if file is None:
            try:
                source = open_damaged(connection, path, Path(scratch), why)
                file = _opened(connection, source, path, as_of, columns, service)
            except duckdb.Error as still:
                raise BadInput(f"not readable ({first_line(still)})", where=str(path)) from still
            if file.rows and file.rows == len(source.rejected):
                raise BadInput(
                    f"no row of it can be read: {next(iter(source.rejected.values()))}", where=str(path)
                )
        yield file


def _opened(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    path: Path,
    as_of: date,
    columns: Mapping[str, str] | None,
    service: str,
) -> FlsdbFile:
    headings = match(list(source.types), columns)
    if not any(BY_NAME[name].in_export for name in headings.found):
        raise BadInput("no column of the FLS-DB row in the file", where=str(path))
    reads = {
        name: column_sql(BY_NAME[name], heading, source.types[heading])
        for name, heading in headings.found.items()
    }
    connection.execute(
        "CREATE OR REPLACE TABLE mended (name VARCHAR, raw VARCHAR, value VARCHAR, problem VARCHAR)"
    )
    file = FlsdbFile(connection, source, headings, reads, as_of, {}, {})
    _make_views(file, service)
    _count(file)
    if file.dirty:
        _mend(file)
        _make_views(file, service)
        _count(file)
    _make_row_view(file)
    return file


def _value(file: FlsdbFile, column: Column, service: str) -> str:
    read = file.reads.get(column.name)
    if read is None:
        if column.name == "service":
            return literal(service)
        return f"CAST(NULL AS {sql_type(column)})"
    value = read.mended() if column.name in file.dirty else read.value
    return f"coalesce({value}, {literal(service)})" if column.name == "service" else value


def _make_views(file: FlsdbFile, service: str) -> None:
    """``typed``: the row as it can be read; ``rows``: the same with row numbers and raw values, for reports."""
    values = {column.name: _value(file, column, service) for column in COLUMNS}
    number = f"row_number() OVER () + {file.source.first_row - 1}"
    if file.source.has_numbers:
        number = f"CAST({identifier(ROW)} AS BIGINT)"
    if "record_id" not in file.reads:
        values["record_id"] = f"CAST({number} AS VARCHAR)"
    flags = {
        f"dirty {name}": f"NOT {read.clean}" for name, read in file.reads.items() if read.clean != "TRUE"
    }
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in (values | flags).items())
    raws = "".join(f", {file.reads[name].raw} AS {identifier('raw ' + name)}" for name in file.dirty)
    filled = [identifier(name) for name in file.reads if name not in _KEYS]
    blank = " AND ".join(f"{name} IS NULL" for name in filled) or "FALSE"
    for view, more in (("typed", ""), ("rows", f", {number} AS file_row{raws}")):
        file.connection.execute(
            f"""CREATE OR REPLACE VIEW {view} AS SELECT *, ({blank}) AS is_blank
            FROM (SELECT {listed}{more} FROM {file.source.scan})"""
        )


def _count(file: FlsdbFile) -> None:
    """One pass over the file: rows, blanks, repeated keys, filled and unclean values, failed checks."""
    counted = {"rows": "count(*)", "blank": "count_if(is_blank)"}
    if "record_id" in file.reads:
        counted["repeated"] = (
            # Equal keys have equal hashes, so that no repetition is missed; one that is found is counted exactly below.
            "count(record_id) FILTER (NOT is_blank) - "
            "count(DISTINCT hash(record_id)) FILTER (NOT is_blank AND record_id IS NOT NULL)"
        )
        counted["keyless"] = "count(*) FILTER (record_id IS NULL AND NOT is_blank)"
    else:
        counted["repeated"] = "0"
        counted["keyless"] = "0"
    counted |= {f"filled {name}": f"count({identifier(name)})" for name in file.reads}
    for name, read in file.reads.items():
        if read.clean != "TRUE":
            counted[f"dirty {name}"] = f"count_if({identifier('dirty ' + name)})"
    for check in checks():
        if all(name in file.reads for name in _columns_in(check.condition)):
            counted[check.id] = f"count_if({check.on(file.as_of)} AND NOT is_blank)"
        else:
            counted[check.id] = "0"
    values = file.connection.execute(f"SELECT {', '.join(counted.values())} FROM typed").fetchone()
    assert values is not None
    file.counts = {name: value or 0 for name, value in zip(counted, values, strict=True)}
    if file.counts["repeated"]:
        exact = "count(record_id) - count(DISTINCT record_id)"
        (repeated,) = file.connection.execute(f"SELECT {exact} FROM typed WHERE NOT is_blank").fetchall()
        file.counts["repeated"] = repeated[0]
    if not file.dirty:
        file.dirty = {
            name: file.counts[f"dirty {name}"] for name in file.reads if file.counts.get(f"dirty {name}")
        }


def _columns_in(condition: str) -> list[str]:
    """The columns that a check reads. A check on a column that the file lacks would only repeat that it lacks it."""
    return [word for word in re.findall(r"[a-z_0-9]+", condition) if word in BY_NAME]


def _mend(file: FlsdbFile) -> None:
    for name in file.dirty:
        read = file.reads[name]
        raws = file.connection.execute(
            f"SELECT DISTINCT {read.raw} FROM {file.source.scan} WHERE NOT {read.clean}"
        ).fetchall()
        mended = [(name, raw, *_mended(read.column, raw)) for (raw,) in raws]
        file.connection.executemany("INSERT INTO mended VALUES (?, ?, ?, ?)", mended)


def _mended(column: Column, raw: str) -> tuple[str | None, str]:
    result = mend(column, raw)
    return result.value, result.problem


def _make_row_view(file: FlsdbFile) -> None:
    """``numbered``: the rows for reports, a repeated key told; `TABLE`: the rows that can be used."""
    names = ", ".join(identifier(column.name) for column in COLUMNS)
    repeat = "1"
    if file.counts["repeated"]:
        # Only then: it sorts the file.
        repeat = "CASE WHEN is_blank THEN 1 ELSE row_number() OVER (PARTITION BY key, is_blank ORDER BY file_row) END"
    keyed = "SELECT *, coalesce(record_id, 'row ' || file_row) AS key FROM rows"
    file.connection.execute(
        f"""CREATE OR REPLACE VIEW numbered AS
        SELECT * REPLACE (key AS record_id), {repeat} AS repeat FROM ({keyed})"""
    )
    if file.counts["repeated"] or file.keyless:
        query = f"SELECT {names} FROM numbered WHERE repeat = 1 AND NOT is_blank"
    else:
        query = f"SELECT {names} FROM typed" + (" WHERE NOT is_blank" if file.counts["blank"] else "")
    file.connection.execute(f"CREATE OR REPLACE VIEW {TABLE} AS {query}")
