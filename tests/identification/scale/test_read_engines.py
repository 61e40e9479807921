"""`openfls read` with its engines, and the batches that it reads from files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from openfls.commands import read  # noqa: F401
from openfls.commands import report_batches as batches_module
from openfls.commands.app import app
from openfls.commands.report_batches import report_batches
from openfls.commands.tables import read_rows
from openfls.identification.scale import batch as batch_module
from openfls.identification.scale import spark
from openfls.record.errors import BadInput

SPEC = Path(__file__).parents[1] / "reports" / "spec.csv"


def run(*arguments):
    result = CliRunner().invoke(app, ["read", *map(str, arguments)])
    if isinstance(result.exception, BadInput):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def write_reports(path):
    with SPEC.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)][:120]
    table = pa.table({"id": [f"R{n}" for n in range(120)], "modality": ["XR"] * 120, "text": texts})
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.column_names)
            writer.writeheader()
            writer.writerows(table.to_pylist())
    return path


def test_every_engine_and_every_form_of_the_file_writes_the_same_bytes(tmp_path):
    written = set()
    for number, (ending, *options) in enumerate(
        [(".csv",), (".parquet",), (".jsonl",), (".csv", "--engine", "pool", "--workers", 2)]
    ):
        out = tmp_path / f"out{number}.csv"
        run(write_reports(tmp_path / f"in{ending}"), "-o", out, "--evidence", *options)
        written.add(out.read_bytes())
    assert len(written) == 1


def test_spark_writes_the_same_bytes(tmp_path):
    if spark.why_not():
        pytest.skip(spark.why_not())
    reports = write_reports(tmp_path / "in.parquet")
    run(reports, "-o", tmp_path / "local.csv")
    run(reports, "-o", tmp_path / "spark.csv", "--engine", "spark", "--workers", 2)
    assert (tmp_path / "spark.csv").read_bytes() == (tmp_path / "local.csv").read_bytes()


def test_spark_where_it_is_missing_ends_in_one_line_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "why_not", lambda: "no Java: Spark needs version 17 or newer")
    with pytest.raises(BadInput, match="engine spark: no Java"):
        run(write_reports(tmp_path / "in.csv"), "-o", tmp_path / "out.csv", "--engine", "spark")
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_workers_without_an_engine_that_has_them_are_refused(tmp_path):
    with pytest.raises(BadInput, match="--workers: goes with --engine pool"):
        run(write_reports(tmp_path / "in.csv"), "-o", tmp_path / "out.csv", "--workers", 2)


def test_a_report_that_the_reader_fails_on_is_a_review_and_told_of(tmp_path, monkeypatch):
    def failing(text):
        raise RecursionError(text)

    monkeypatch.setattr(batch_module, "read_report", failing)
    (tmp_path / "in.csv").write_text("id,text\na,Normal.\nb,A fracture.\n", encoding="utf-8")
    result = run(tmp_path / "in.csv", "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "id,triage,findings\na,none,[]\nb,review,[]\n"
    assert (
        "1 reports could not be read and are given as review: row 2 (id b): text: the reader failed"
        in result.output
    )


def test_half_a_sign_in_json_is_read_as_no_sign(tmp_path):
    (tmp_path / "in.jsonl").write_text(
        '{"id": "a", "text": "Old \\ud800 fracture of L1."}\n', encoding="utf-8"
    )
    run(tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text())["triage"] == "case"


PIECES = st.sampled_from(
    [b"a", b"b ", b",", b",", b'"', b'""', b"\n", b"\r\n", b"\r", b"\x00", b"\xc3\xa9", b"\xff", b" ", b'"x"',
     b"\n1,abc", b'\n2,"d\ne"', b"\n\n3,\xe2\x80\x99", b"\n4,NA", b"\xef\xbb\xbf"]
)  # fmt: skip
HEADS = st.sampled_from(
    [
        b"id,text\n",
        b'"id","text"\r\n',
        b"id,text,besides\n",
        b"\xef\xbb\xbfid,text\n",
        b"\nid,text\n",
        b"text,id,id\n",
    ]
)


def told(rows):
    """The rows or the error in words."""
    got = []
    try:
        for row in rows:
            got.append((row["id"], row["text"]))
    except BadInput as error:
        return got, str(error)
    return got, ""


def checked(path):
    for number, row in enumerate(read_rows(path, ("id", "text")), start=1):
        if row["id"] == "":
            raise BadInput("no value", where=str(path), row=number, field="id")
        yield row


@given(HEADS, st.lists(PIECES, max_size=14).map(b"".join), st.sampled_from([64, 4096]))
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_csv_in_batches_is_csv_row_by_row(tmp_path, monkeypatch, head, body, size):
    monkeypatch.setattr(batches_module, "BYTES", size)
    path = tmp_path / "in.csv"
    path.write_bytes(head + body)
    expected, fault = told(checked(path))
    rows, batch_fault = told(row for batch in report_batches(path) for row in batch.to_pylist())
    assert batch_fault == fault
    # Before an error a batch may be cut short; nothing is written of such a file.
    assert rows == expected if not fault else rows == expected[: len(rows)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id,text\n" + b"1,x\n" * 2000 + b"2,y,z\n", r"in\.csv, row 2002: more values than columns"),
        (b"id,text\n" + b"1,x\n" * 2000 + b",y\n" + b"1,x\n" * 2000, r"in\.csv, row 2001, id: no value"),
        (b"id,text\n" + b"1,x\n" * 2000 + b"1,\xff\n", r"in\.csv: not readable as CSV in UTF-8"),
    ],
    ids=["surplus", "no id", "broken bytes"],
)
def test_an_error_far_into_a_csv_file_names_its_row(tmp_path, monkeypatch, content, message):
    monkeypatch.setattr(batches_module, "BYTES", 1024)
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(BadInput, match=message):
        list(report_batches(tmp_path / "in.csv"))


def test_short_rows_far_into_a_csv_file_are_read_and_none_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(batches_module, "BYTES", 1024)
    lines = [f"{n},report {n}" for n in range(3000)]
    lines[2500] = "2500"
    (tmp_path / "in.csv").write_text("\n".join(["id,text", *lines, ""]), encoding="utf-8")
    rows = [row for batch in report_batches(tmp_path / "in.csv") for row in batch.to_pylist()]
    assert [row["id"] for row in rows] == [str(n) for n in range(3000)]
    assert rows[2500]["text"] == ""


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"id": ["a", None], "text": ["x", "y"]}, "row 2, id: no value"),
        ({"id": ["a", "b"], "text": ["x", None]}, "row 2, text: no value"),
        ({"id": ["", "b"], "text": [None, None]}, "row 1, id: no value"),
        ({"id": [1, 2], "text": [5, 6]}, "row 1, text: not text"),
        ({"id": [1, 2], "text": [None, b"x"]}, "row 1, text: no value"),
        ({"id": [1]}, "no column text"),
    ],
)
def test_a_parquet_row_that_cannot_be_used_is_named(tmp_path, table, message):
    pq.write_table(pa.table(table), tmp_path / "in.parquet")
    with pytest.raises(BadInput, match=message):
        list(report_batches(tmp_path / "in.parquet"))


def test_a_damaged_parquet_file_is_refused(tmp_path):
    (tmp_path / "in.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(BadInput, match="not readable as Parquet"):
        list(report_batches(tmp_path / "in.parquet"))
