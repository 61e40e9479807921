"""Spark: the same function in the executors' Python, over Arrow batches that Spark hands it.

`read_frame` is for a cluster, where the reports lie in tables of its own. `read_on_spark` sends a stream through,
window by window, so that `openfls read --engine spark` writes the same rows in the same order. pyspark is an optional
dependency.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from openfls.identification.scale.batch import RESULT, read_batch
from openfls.record.errors import BadInput

COLUMNS: Final = ", ".join(f"{name} string" for name in RESULT.names)
WINDOW_ROWS: Final = 131_072
WINDOW_BYTES: Final = 128 * 1024 * 1024
"""A window ends at either. Starting a job costs some tenths of a second, so a window holds many batches."""


def read_frame(frame: Any, *, evidence: bool = False) -> Any:
    """A Spark data frame with ``id`` and ``text`` to one with the columns of `RESULT`, one row for each row.

    Lazy, as Spark is. The executors need openfls installed. Rows keep their order within a partition.
    """
    return frame.select("id", "text").mapInArrow(partial(_read_all, evidence=evidence), COLUMNS)


def _read_all(batches: Iterable[pa.RecordBatch], *, evidence: bool) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield read_batch(batch, evidence=evidence)


def why_not() -> str:
    """Why Spark cannot be used here; empty if it can."""
    try:
        version = str(import_module("pyspark").__version__)
    except ImportError:
        return "pyspark is not installed (openfls[spark] brings it)"
    if int(version.partition(".")[0]) < 4:
        return f"pyspark {version} is too old: 4.0 or newer is needed"
    home = os.environ.get("JAVA_HOME")
    if shutil.which(str(Path(home) / "bin" / "java") if home else "java") is None:
        return "no Java: Spark needs version 17 or newer"
    return ""


def read_on_spark(
    batches: Iterator[pa.RecordBatch], *, workers: int, evidence: bool = False
) -> Iterator[pa.RecordBatch]:
    """`read_batch` of each batch on Spark, in order; one window of them is in memory.

    A Spark session that already runs is used and left running; else one with ``workers`` threads on this machine, or on
    the cluster that Spark's own configuration names, is started and stopped.

    Raises:
        BadInput: pyspark or Java is missing or too old.
    """
    reason = why_not()
    if reason:
        raise BadInput(reason, field="engine spark")
    return _windows_through(batches, workers=workers, evidence=evidence)


def _windows_through(
    batches: Iterator[pa.RecordBatch], *, workers: int, evidence: bool
) -> Iterator[pa.RecordBatch]:
    builder = import_module("pyspark.sql").SparkSession
    running = builder.getActiveSession()
    session = running or _start(builder.builder, workers)
    try:
        for window in windows(batches):
            yield from _through(session, window, evidence=evidence)
    finally:
        if running is None:
            session.stop()


def _through(session: Any, window: list[pa.RecordBatch], *, evidence: bool) -> list[pa.RecordBatch]:
    with warnings.catch_warnings():
        # pyspark warns of pandas 3 as soon as anything of Arrow is used; no pandas is used here.
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        # Partitions are made, read and collected in order: the rows come back in the order they went.
        frame = session.createDataFrame(pa.Table.from_batches(window))
        table = read_frame(frame, evidence=evidence).toArrow()
    sent = sum(batch.num_rows for batch in window)
    if table.num_rows != sent:
        # pyspark 4.3 silently drops what follows an empty batch. None is sent; should it drop others, nobody is lost.
        raise RuntimeError(f"Spark gave back {table.num_rows} rows of {sent}")
    return list(table.cast(RESULT).to_batches())


def windows(
    batches: Iterable[pa.RecordBatch], rows: int = WINDOW_ROWS, size: int = WINDOW_BYTES
) -> Iterator[list[pa.RecordBatch]]:
    """Batches gathered until they hold ``rows`` rows or ``size`` bytes."""
    window: list[pa.RecordBatch] = []
    held = weight = 0
    for batch in batches:
        window.append(batch)
        held, weight = held + batch.num_rows, weight + batch.nbytes
        if held >= rows or weight >= size:
            yield window
            window, held, weight = [], 0, 0
    if window:
        yield window


def _start(builder: Any, workers: int) -> Any:
    if not import_module("pyspark").SparkConf().contains("spark.master"):
        # Spark takes these from the environment alone: its workers run this Python, and it stays on this machine.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master(f"local[{workers}]").config("spark.driver.host", "127.0.0.1")
    builder = (
        builder.appName("openfls read")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
    )
    try:
        return builder.getOrCreate()
    except Exception as error:
        # The gateway's own errors come in several classes, with a trace of Java behind them.
        first = str(error).splitlines()[:1]
        raise BadInput(f"Spark does not start ({first[0] if first else type(error).__name__})") from error
