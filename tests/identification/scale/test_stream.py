"""The engines: equal rows, order kept, memory bounded, a lost worker told of."""

from __future__ import annotations

import csv
import multiprocessing
from itertools import count, islice
from pathlib import Path

import pyarrow as pa
import pytest

from openfls.identification.scale import read_batch, read_frame, read_stream
from openfls.identification.scale.pool import AHEAD, packed, unpacked
from openfls.identification.scale.spark import read_on_spark, why_not, windows
from openfls.identification.scale.stream import slices
from openfls.record.errors import BadInput

SPEC = Path(__file__).parents[1] / "reports" / "spec.csv"


def batches(sizes):
    """Batches of these sizes: texts of the spec table in turn, each eleventh missing."""
    with SPEC.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    number = count()
    for size in sizes:
        ids = list(islice(number, size))
        yield pa.record_batch(
            {
                "id": pa.array([f"R{n}" for n in ids], pa.string()),
                "text": pa.array([None if n % 11 == 10 else texts[n % len(texts)] for n in ids], pa.string()),
                "besides": pa.array(ids, pa.int64()),
            }
        )


SIZES = (1, 400, 0, 37, 300)


def rows(**options):
    return pa.Table.from_batches(read_stream(batches(SIZES), **options))


@pytest.mark.parametrize("evidence", [False, True])
def test_the_pool_gives_the_rows_of_one_process_in_their_order(evidence):
    alone = rows(evidence=evidence)
    assert alone["id"].to_pylist() == [f"R{n}" for n in range(sum(SIZES))]
    assert alone["error"].null_count < alone.num_rows
    assert rows(engine="pool", workers=2, evidence=evidence).equals(alone)


def test_spark_gives_the_rows_of_one_process_in_their_order():
    reason = why_not()
    if reason:
        pytest.skip(reason)
    assert rows(engine="spark", workers=2).equals(rows())


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
def test_a_spark_frame_gives_the_same_rows():
    reason = why_not()
    if reason:
        pytest.skip(reason)
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        # pyspark 4.3 drops the rows after an empty batch.
        frame = session.createDataFrame(
            pa.Table.from_batches(each for each in batches(SIZES) if each.num_rows)
        )
        got = read_frame(frame.repartition(3)).toArrow().to_pylist()
    finally:
        session.stop()
    assert sorted(got, key=lambda row: int(row["id"][1:])) == rows().to_pylist()


@pytest.mark.parametrize("engine", ["local", "pool"])
def test_the_source_is_asked_for_no_more_than_is_under_way(engine):
    given = 0

    def endless():
        nonlocal given
        for batch in batches([5] * 1000):
            given += 1
            yield batch

    out = read_stream(endless(), engine=engine, workers=2)
    next(out)
    next(out)
    assert given <= 2 * AHEAD + 1
    out.close()


def test_a_worker_that_is_killed_is_told_of():
    before = set(multiprocessing.active_children())
    out = read_stream(batches([50] * 200), engine="pool", workers=1)
    next(out)
    (worker,) = set(multiprocessing.active_children()) - before
    worker.kill()
    with pytest.raises(BadInput, match="workers: a worker process was ended from outside"):
        list(out)


def test_a_fault_of_the_source_comes_through_the_pool():
    def faulty():
        yield from batches([5])
        raise BadInput("no value", where="in.csv", row=6, field="id")

    with pytest.raises(BadInput, match=r"in\.csv, row 6, id: no value"):
        list(read_stream(faulty(), engine="pool", workers=1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "gpu"}, "engine: 'gpu' is none of local, pool, spark"),
        ({"workers": 0}, "workers: at least one"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message):
    with pytest.raises(BadInput, match=message):
        read_stream(iter(()), **options)


@pytest.mark.parametrize("engine", ["local", "pool"])
def test_nothing_in_nothing_out(engine):
    assert list(read_stream(iter(()), engine=engine, workers=1)) == []


def test_without_pyspark_the_engine_says_what_is_missing(monkeypatch):
    from openfls.identification.scale import spark

    def gone(name):
        raise ImportError(name)

    monkeypatch.setattr(spark, "import_module", gone)
    with pytest.raises(
        BadInput, match=r"engine spark: pyspark is not installed \(openfls\[spark\] brings it\)"
    ):
        read_on_spark(iter(()), workers=1)


@pytest.mark.parametrize(
    ("version", "has_java", "reason"),
    [("3.5.1", True, "pyspark 3.5.1 is too old"), ("4.0.0", False, "no Java"), ("4.1.0.dev1", True, "")],
)
def test_why_spark_cannot_be_used(monkeypatch, version, has_java, reason):
    from openfls.identification.scale import spark

    monkeypatch.setattr(spark, "import_module", lambda name: type("Module", (), {"__version__": version}))
    monkeypatch.setattr(spark.shutil, "which", lambda name: "java" if has_java else None)
    assert why_not().startswith(reason)
    assert bool(why_not()) == bool(reason)


def test_large_batches_are_cut_by_rows_and_by_bytes():
    (batch,) = batches([100])
    assert [each.num_rows for each in slices([batch], rows=40)] == [40, 40, 20]
    pieces = list(slices([batch], rows=40, size=batch.nbytes // 10))
    assert max(piece.num_rows for piece in pieces) < 20
    assert pa.Table.from_batches(pieces).equals(pa.table(batch.select(["id", "text"])))


def test_windows_end_by_rows_and_by_bytes():
    pieces = list(batches([10] * 7))
    assert [len(window) for window in windows(pieces, rows=30)] == [3, 3, 1]
    assert [len(window) for window in windows(pieces, size=1)] == [1] * 7


def test_a_packed_slice_carries_only_its_rows():
    (batch,) = batches([1000])
    piece = batch.slice(500, 10)
    sent = packed(piece)
    assert unpacked(sent).equals(piece)
    assert len(sent) < batch.nbytes / 10
    assert read_batch(unpacked(sent)).equals(read_batch(piece))
