"""The same rows in each database, as a service keeps them there."""

from __future__ import annotations

import os
import sqlite3
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from openfls.record.flsdb import COLUMNS, ColumnKind

_ARROW = {ColumnKind.DATE: pa.date32(), ColumnKind.INTEGER: pa.int64(), ColumnKind.NUMBER: pa.float64()}
_SQL = {ColumnKind.DATE: "date", ColumnKind.INTEGER: "bigint", ColumnKind.NUMBER: "double precision"}
SCHEMA = pa.schema([(column.name, _ARROW.get(column.kind, pa.string())) for column in COLUMNS])
NAMES = [column.name for column in COLUMNS]
POSTGRES = "OPENFLS_TEST_POSTGRES"


def in_duckdb(rows, query: str) -> list[tuple]:
    """The answer of DuckDB over ``flsdb_row``."""
    with duckdb.connect() as connection:
        connection.register("flsdb_row", pa.Table.from_pylist(rows, schema=SCHEMA))
        return connection.execute(query).fetchall()


def in_sqlite(rows, query: str) -> list[tuple]:
    """The answer of SQLite; dates are ISO text there, and a blank is the empty string in half of the rows."""
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{column.name}" {_SQL.get(column.kind, "text")}' for column in COLUMNS)
    connection.execute(f"create table flsdb_row ({columns})")
    words = {column.name for column in COLUMNS if column.kind not in _ARROW}

    def kept(row, number):
        for name in NAMES:
            value = row[name]
            if value is None and name in words and number % 2:
                value = ""
            yield value.isoformat() if isinstance(value, date) else value

    marks = ", ".join("?" * len(NAMES))
    connection.executemany(
        f"insert into flsdb_row values ({marks})",
        [list(kept(row, number)) for number, row in enumerate(rows)],
    )
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def in_postgres(rows, query: str) -> list[tuple]:
    """The answer of the PostgreSQL that the environment names; skips the test where it names none."""
    url = os.environ.get(POSTGRES)
    if not url:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server")
    import psycopg

    columns = ", ".join(f'"{column.name}" {_SQL.get(column.kind, "text")}' for column in COLUMNS)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"create temporary table flsdb_row ({columns})")
        with cursor.copy("copy flsdb_row from stdin") as copy:
            for row in rows:
                copy.write_row([row[name] for name in NAMES])
        cursor.execute(query)
        return cursor.fetchall()


def in_spark(rows, query: str) -> list[tuple]:
    """The answer of Spark on this machine; skips the test where pyspark is not installed."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "1")  # a few hundred rows need no more
    spark = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    spark.createDataFrame(table).createOrReplaceTempView("flsdb_row")
    return [tuple(row) for row in spark.sql(query).collect()]
