"""Measures on Spark: the file is read and mended by DuckDB, and counted by Spark from a table between the two."""

from __future__ import annotations

import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openfls.integration.flsdb import TABLE

_MEMORY = "1g"


def counted_on_spark(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The rows of a query in Spark's SQL over the open file's rows.

    A cluster that has the rows already runs `openfls.quality.sql(..., "pyspark")` over them itself.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        quoted = str(path).replace("'", "''")
        connection.execute(f"COPY (SELECT * FROM {TABLE}) TO '{quoted}' (FORMAT parquet)")
        # Spark speaks to itself over the network: to this machine alone.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder: Any = import_module("pyspark.sql").SparkSession.builder.appName("openfls measure")
        for name, value in {
            "spark.ui.enabled": "false",
            "spark.driver.memory": _MEMORY,
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.session.timeZone": "UTC",
        }.items():
            builder = builder.config(name, value)
        spark = builder.getOrCreate()
        try:
            spark.read.parquet(str(path)).createOrReplaceTempView(TABLE)
            table: pa.Table = spark.sql(query).toArrow()
            return table
        finally:
            spark.stop()
