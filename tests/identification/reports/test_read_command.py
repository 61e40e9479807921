"""`openfls read` as a user meets it."""

from __future__ import annotations

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from openfls.commands import read  # noqa: F401
from openfls.commands.app import app
from openfls.record.errors import BadInput

TEXT = "Old fracture of L1. No rib fracture."
FINDING = {
    "site": "vertebra",
    "side": "",
    "levels": "L1",
    "certainty": "present",
    "age": "old",
    "kind": "traumatic",
}


def run(*arguments):
    result = CliRunner().invoke(app, ["read", *map(str, arguments)])
    if isinstance(result.exception, BadInput):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "modality", "text"])
        writer.writerows(rows)
    return path


def test_csv_to_csv(tmp_path):
    reports = write_csv(tmp_path / "in.csv", [["1", "XR", TEXT], ["2", "XR", "Normal.\nNo fracture."]])
    run(reports, "-o", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["triage"]) for row in rows] == [("1", "case"), ("2", "none")]
    assert json.loads(rows[0]["findings"]) == [FINDING]
    assert json.loads(rows[1]["findings"]) == []


def test_parquet_to_jsonl(tmp_path):
    pq.write_table(pa.table({"id": [7], "text": [TEXT]}), tmp_path / "in.parquet")
    run(tmp_path / "in.parquet", "-o", tmp_path / "out.jsonl")
    (line,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(line)
    assert (row["id"], row["triage"], json.loads(row["findings"])) == ("7", "case", [FINDING])


def test_evidence_quotes_the_text(tmp_path):
    reports = write_csv(tmp_path / "in.csv", [["1", "XR", TEXT]])
    run(reports, "-o", tmp_path / "out.parquet", "--evidence")
    (row,) = pq.read_table(tmp_path / "out.parquet").to_pylist()
    (finding,) = json.loads(row["findings"])
    assert {item["text"] for item in finding.pop("evidence")} == {"Old", "fracture", "L1"}
    assert finding == FINDING


def test_missing_column_is_named(tmp_path):
    (tmp_path / "in.csv").write_text("id,report\n1,x\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"in\.csv.*no column text"):
        run(tmp_path / "in.csv", "-o", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_row_without_id_is_named(tmp_path):
    reports = write_csv(tmp_path / "in.csv", [["1", "XR", TEXT], ["", "XR", TEXT]])
    with pytest.raises(BadInput, match=r"in\.csv, row 2, id: no value"):
        run(reports, "-o", tmp_path / "out.csv")


def test_text_of_another_type_is_named(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": 5}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"in\.jsonl, row 1, text: not text"):
        run(tmp_path / "in.jsonl", "-o", tmp_path / "out.csv")
