"""Reports out of a table in Arrow batches, for the readers that work on whole columns.

The values and the errors are those of `openfls.commands.tables.read_rows`, row for row; a CSV file is read by Arrow
for as long as Arrow and Python's csv module agree about it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from openfls.commands.tables import read_rows
from openfls.record.errors import BadInput

ROWS = 8192
BYTES = 4 * 1024 * 1024
"""The most rows and about the most bytes of one batch."""

NEEDED = ("id", "text")
_TEXT = pa.schema([("id", pa.string()), ("text", pa.string())])
_HALF_SIGN = re.compile("[\ud800-\udfff]")


def report_batches(path: Path) -> Generator[pa.RecordBatch, None, None]:
    """The reports of a CSV, Parquet or JSON lines file as batches of ``id`` and ``text``, each row checked.

    Raises:
        BadInput: as `read_rows`; or a row has no id or no text, with its number from 1.
    """
    if path.is_file() and path.suffix.lower() == ".csv":
        return _csv(path)
    if path.is_file() and path.suffix.lower() == ".parquet":
        return _parquet(path)
    return _gathered(read_rows(path, NEEDED), path, 0)


def _csv(path: Path) -> Generator[pa.RecordBatch, None, None]:
    done = 0
    try:
        with closing(_by_arrow(path)) as read:
            for batch in read:
                _check(batch, path, done)
                yield batch
                done += batch.num_rows
    except (pa.ArrowException, csv.Error, UnicodeDecodeError):
        # Short rows, damage, rows larger than a block: from here on the csv module has the word, and names the row.
        yield from _gathered(read_rows(path, NEEDED), path, done)


def _by_arrow(path: Path) -> Generator[pa.RecordBatch, None, None]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    if len(set(header)) < len(header) or not set(NEEDED) <= set(header):
        raise pa.ArrowInvalid("not for Arrow")
    with arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(block_size=BYTES, use_threads=False),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        # Every column is converted, so that broken UTF-8 anywhere is found, as the csv module finds it.
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string())),
    ) as reader:
        if reader.schema.names != header:
            raise pa.ArrowInvalid("not for Arrow")
        for batch in reader:
            yield batch.select(NEEDED)


def _parquet(path: Path) -> Generator[pa.RecordBatch, None, None]:
    done = 0
    try:
        with pq.ParquetFile(path) as file:
            missing = [name for name in NEEDED if name not in file.schema_arrow.names]
            if missing:
                raise BadInput(f"no column {', '.join(missing)}", where=str(path))
            for batch in file.iter_batches(ROWS, columns=list(NEEDED)):
                _check(batch, path, done)
                yield batch.select(NEEDED)
                done += batch.num_rows
    except pa.ArrowException as error:
        raise BadInput(f"not readable as Parquet ({error})", where=str(path)) from error


def _check(batch: pa.RecordBatch, path: Path, done: int) -> None:
    """Raises for the first row without id or text."""
    names, texts = batch.column("id"), batch.column("text")
    faulty = pc.or_(names.is_null(), texts.is_null())
    if pa.types.is_string(names.type) or pa.types.is_large_string(names.type):
        faulty = pc.or_(faulty, pc.equal(names, "").fill_null(True))
    of_text = (pa.types.is_string, pa.types.is_large_string, pa.types.is_dictionary, pa.types.is_string_view)
    if not any(fits(texts.type) for fits in of_text):
        faulty = pc.or_(faulty, texts.is_valid())
    at = pc.index(faulty, True).as_py()
    if at >= 0:
        _check_row(names[at].as_py(), texts[at].as_py(), path, done + at + 1)


def _check_row(name: Any, text: Any, path: Path, number: int) -> None:
    if name is None or name == "":
        raise BadInput("no value", where=str(path), row=number, field="id")
    if text is None:
        raise BadInput("no value", where=str(path), row=number, field="text")
    if not isinstance(text, str):
        raise BadInput("not text", where=str(path), row=number, field="text")


def _gathered(rows: Iterator[dict[str, Any]], path: Path, done: int) -> Generator[pa.RecordBatch, None, None]:
    """The rows after the first ``done`` in batches. Closes ``rows``, and with it the file, whatever happens."""
    names: list[str] = []
    texts: list[str] = []
    weight = 0
    with closing(cast("Generator[dict[str, Any], None, None]", rows)):
        for number, row in enumerate(islice(rows, done, None), start=done + 1):
            name, text = row["id"], row["text"]
            _check_row(name, text, path, number)
            names.append(_whole(str(name)))
            texts.append(_whole(text))
            weight += len(text)
            if len(texts) >= ROWS or weight >= BYTES:
                yield pa.record_batch([pa.array(names), pa.array(texts)], schema=_TEXT)
                names, texts, weight = [], [], 0
    if texts:
        yield pa.record_batch([pa.array(names), pa.array(texts)], schema=_TEXT)


def _whole(text: str) -> str:
    """The text as it can be written: each half of a sign that JSON may hold becomes the mark for no sign."""
    return text if text.isascii() else _HALF_SIGN.sub("\ufffd", text)
