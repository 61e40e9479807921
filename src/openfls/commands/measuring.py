"""What ``openfls measure`` needs: its options read, its results and its report written."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from openfls.commands.tables import ENDINGS, TableWriter
from openfls.record.errors import BadInput

if TYPE_CHECKING:
    import duckdb

    from openfls.integration.flsdb import FlsdbFile

ENGINES = ("duckdb", "spark")
_COPY = {
    ".csv": "FORMAT csv, HEADER, DELIMITER ','",
    ".parquet": "FORMAT parquet",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
}
_QUALITY = pa.schema(
    [
        ("row", pa.int64()),
        ("record_id", pa.string()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("problem", pa.string()),
        ("action", pa.string()),
        ("count", pa.int64()),
    ]
)


def check_engine(engine: str) -> None:
    """Raises BadInput for an engine that is not there."""
    if engine not in ENGINES:
        raise BadInput(f"{engine!r} is not one of {', '.join(ENGINES)}", field="--engine")
    if engine == "spark" and importlib.util.find_spec("pyspark") is None:
        raise BadInput("pyspark is not installed; take duckdb, or install pyspark", field="--engine")


def day_of_count(text: str) -> date:
    """The day given, or today: the one place where the clock is read. Raises BadInput."""
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is not a day in the form YYYY-MM-DD", field="--as-of") from error


def day_named(text: str, option: str) -> date | None:
    """The day that an option names, None for an empty one. Raises BadInput."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"{text!r} is not a day in the form YYYY-MM-DD", field=option) from error


def pairs(given: Sequence[str], what: str) -> dict[str, str]:
    """``NAME=VALUE`` options as a dictionary. Raises BadInput."""
    found = {}
    for text in given:
        name, sign, value = text.rpartition("=")
        if not sign or not name:
            raise BadInput(f"{text!r} is not of the form NAME=VALUE", field=f"--{what}")
        found[name] = value
    return found


def number_or_by_name(given: Sequence[str]) -> float | dict[str, float] | None:
    """The caseload options: one number, or one for each service. Raises BadInput."""
    if not given:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return _number(given[0])
    return {name: _number(value) for name, value in pairs(given, "caseload").items()}


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 10_000_000:
        raise BadInput(f"{text!r} is not a number above nought", field="--caseload")
    return number


def suppressed(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    set_id: str,
    switches: Mapping[str, str],
    split: Sequence[str],
    caseload: float | Mapping[str, float] | None,
) -> str:
    """The results of a query as they may leave, as another query."""
    from openfls.quality.suppressing import FLAG, NUMBERS, suppress

    table = connection.sql(query).to_arrow_table()
    rows = suppress(table.to_pylist(), set_id, switches, split, caseload)
    fields = [field.with_type(pa.int64()) if field.name in NUMBERS else field for field in table.schema]
    schema = pa.schema([*fields, pa.field(FLAG, pa.bool_())])
    connection.register("suppressed_results", pa.Table.from_pylist(rows, schema=schema))
    return "SELECT * FROM suppressed_results"


def write_result(connection: duckdb.DuckDBPyConnection, query: str, output: Path) -> int:
    """Write the rows of a query, straight from the engine; the number of rows. Raises BadInput."""
    options = _COPY.get(output.suffix.lower())
    if options is None:
        raise BadInput(f"a name ending in one of {', '.join(ENDINGS)} is needed", where=str(output))
    if not output.parent.is_dir():
        raise BadInput("no such folder", where=str(output.parent))
    partial = output.with_name(f".{output.name}.{os.getpid()}.part")
    quoted = str(partial).replace("'", "''")
    try:
        copied = connection.execute(f"COPY ({query}) TO '{quoted}' ({options})").fetchone()
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    return int(copied[0]) if copied else 0


def write_quality(file: FlsdbFile, output: Path) -> tuple[Path, int]:
    """Write the data-quality report beside ``output``; its path and its number of lines."""
    path = output.with_name(f"{output.stem}.quality.csv")
    with TableWriter(path, _QUALITY) as writer:
        for problem in file.problems():
            writer.write(asdict(problem))
    return path, writer.count
