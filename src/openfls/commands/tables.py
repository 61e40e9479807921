"""Tables in and out of the command line: CSV, Parquet or JSON lines by the ending of the name.

Both ways stream, so that a table may be larger than memory. A table is written beside its name and moved there when
whole: a reader never meets half of one.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq

from openfls.record.errors import BadInput

BATCH = 10_000
ENDINGS = (".csv", ".parquet", ".jsonl", ".ndjson")
Row = Mapping[str, Any]


def read_rows(path: Path, required: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Each row as a dictionary; every CSV value is text, an empty one the empty string.

    Raises:
        BadInput: the file is not there, is of another kind, is damaged, or lacks one of the ``required`` columns.
    """
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    readers = {".csv": _read_csv, ".parquet": _read_parquet, ".jsonl": _read_json, ".ndjson": _read_json}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"a name ending in one of {', '.join(ENDINGS)} is needed", where=str(path))
    return reader(path, required)


def _require(path: Path, columns: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        raise BadInput(f"no column {', '.join(missing)}", where=str(path))


def _read_csv(path: Path, required: Sequence[str]) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(16 * 1024 * 1024)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        try:
            _require(path, reader.fieldnames or (), required)
            for row in reader:
                surplus = row.pop(None, None)
                if surplus is not None:
                    raise BadInput("more values than columns", where=str(path), row=reader.line_num)
                yield {name: value or "" for name, value in row.items()}
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadInput(f"not readable as CSV in UTF-8 ({error})", where=str(path)) from error


def _read_parquet(path: Path, required: Sequence[str]) -> Iterator[dict[str, Any]]:
    try:
        file = pq.ParquetFile(path)
        _require(path, file.schema_arrow.names, required)
        for batch in file.iter_batches(BATCH):
            yield from batch.to_pylist()
    except pa.ArrowException as error:
        raise BadInput(f"not readable as Parquet ({error})", where=str(path)) from error


def _read_json(path: Path, required: Sequence[str]) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadInput(f"not readable as JSON ({error})", where=str(path), row=number) from error
            if not isinstance(row, dict):
                raise BadInput("not an object", where=str(path), row=number)
            missing = [name for name in required if name not in row]
            if missing:
                raise BadInput(f"no field {', '.join(missing)}", where=str(path), row=number)
            yield row


class _Sink(Protocol):
    def write(self, rows: list[Row]) -> None: ...
    def close(self) -> None: ...


class _CsvSink:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        self._columns = schema.names
        self._writer = csv.writer(self._text, lineterminator="\n")
        self._writer.writerow(self._columns)

    def write(self, rows: list[Row]) -> None:
        self._writer.writerows([_cell(row.get(name)) for name in self._columns] for row in rows)

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class _JsonSink:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._file = file
        self._columns = schema.names

    def write(self, rows: list[Row]) -> None:
        for row in rows:
            line = json.dumps(
                {name: row.get(name) for name in self._columns}, ensure_ascii=False, default=str
            )
            self._file.write(line.encode() + b"\n")

    def close(self) -> None:
        self._file.flush()


class _ParquetSink:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(file, schema)

    def write(self, rows: list[Row]) -> None:
        self._writer.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value


class TableWriter:
    """Writes rows to ``path``; use it in a ``with``. An error inside leaves no file and an older one untouched.

    Args:
        path: the name to write; its ending says the format.
        schema: the columns in order, with the Arrow types that Parquet gets.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        sinks: dict[str, Callable[[IO[bytes], pa.Schema], _Sink]] = {
            ".csv": _CsvSink,
            ".parquet": _ParquetSink,
            ".jsonl": _JsonSink,
            ".ndjson": _JsonSink,
        }
        make_sink = sinks.get(path.suffix.lower())
        if make_sink is None:
            raise BadInput(f"a name ending in one of {', '.join(ENDINGS)} is needed", where=str(path))
        if not path.parent.is_dir():
            raise BadInput("no such folder", where=str(path.parent))
        self._path = path
        self._partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._file = self._partial.open("wb")
        self._sink = make_sink(self._file, schema)
        self._waiting: list[Row] = []
        self.count = 0

    def write(self, row: Row) -> None:
        """Add one row; a column that it lacks is written empty."""
        self._waiting.append(row)
        self.count += 1
        if len(self._waiting) >= BATCH:
            self._sink.write(self._waiting)
            self._waiting = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._sink.write(self._waiting)
            self._sink.close()
            self._file.close()
            self._partial.replace(self._path)
            return
        with suppress(Exception):
            self._sink.close()
        self._file.close()
        self._partial.unlink(missing_ok=True)
