"""`openfls risk qfracture`: tables in and out, and an error in the row that it is of."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from openfls.commands.app import app
from openfls.commands.risk import RESULTS
from openfls.record.errors import BadInput
from openfls_qfracture import DISCLAIMER, FIELDS, FLAGS

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "qfracture2012_vectors.csv"
PERSON = {
    "sex": "female",
    "age": "70",
    "bmi": "25",
    "ethrisk": "1",
    "smoke_cat": "0",
    "alcohol_cat6": "0",
    **dict.fromkeys(FLAGS, "0"),
    "surv": "10",
}


def _run(people, output, *options):
    return CliRunner().invoke(
        app, ["risk", "qfracture", str(people), "-o", str(output), *options], catch_exceptions=False
    )


def _write(path, rows, columns=None):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.skipif(not VECTORS.is_file(), reason=f"{VECTORS} is not here")
def test_the_reference_vectors_come_back_with_their_own_columns_replaced(tmp_path):
    result = _run(VECTORS, tmp_path / "out.csv")
    assert result.exit_code == 0
    assert DISCLAIMER in result.stderr
    given, found = _read(VECTORS), _read(tmp_path / "out.csv")
    assert list(found[0]) == [*FIELDS, "reference_error", *RESULTS]
    assert len(found) == len(given)
    for row, one in zip(given, found, strict=True):
        assert one["error"] == row["reference_error"]
        for column in ("osteoporotic_fracture_pct", "hip_fracture_pct"):
            if row["reference_error"]:
                assert one[column] == ""
            else:
                assert float(one[column]) == pytest.approx(float(row[column]), rel=0, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, ""),
        ({"sex": "Female", "age": " 70 "}, ""),
        ({"bmi": ""}, "error: bmi is missing"),
        ({"age": ""}, "error: age is missing"),
        ({"age": "seventy"}, "error: age is not a number ('seventy')"),
        ({"age": "70.5"}, "error: age must be a whole number"),
        (
            {"b_falls": "once", "age": "20"},
            "error: b_falls is not a number ('once'); error: age must be in range (30,100)",
        ),
        ({"b_falls": " Yes ", "b_renal": "NO", "b_type2": "true", "sex": "F"}, ""),
        ({"age": "yes"}, "error: age is not a number ('yes')"),
        ({"age": "29"}, "error: age must be in range (30,100)"),
        ({"age": "100"}, ""),
        ({"bmi": "19.99"}, "error: bmi must be in range (20,40)"),
        ({"bmi": "1e400"}, "error: bmi is not a number"),
        ({"bmi": "27,3"}, "error: bmi is not a number ('27,3')"),
        ({"ethrisk": "10"}, "error: ethrisk must be in range (1,9)"),
        ({"ethrisk": "White"}, "error: ethrisk is not a number ('White')"),
        ({"sex": ""}, "error: sex is missing"),
        ({"sex": "x"}, "error: sex must be female or male"),
        ({"b_carehome": "unknown"}, ""),
        ({"b_carehome": "unknown", "sex": "male"}, "error: b_carehome is not a number ('unknown')"),
        ({"b_hrt_oest": ""}, "error: b_hrt_oest is missing"),
    ],
)
def test_a_row_is_scored_or_says_what_is_wrong(tmp_path, changes, error):
    people = _write(tmp_path / "people.csv", [PERSON, {**PERSON, **changes}, PERSON])
    assert _run(people, tmp_path / "out.csv").exit_code == 0
    before, row, after = _read(tmp_path / "out.csv")
    assert row["error"] == error
    assert bool(row["hip_fracture_pct"]) is not bool(error)
    assert before["error"] == after["error"] == ""
    assert {name: row[name] for name in changes} == changes


def test_a_bmi_is_predicted_only_when_asked(tmp_path):
    rows = [
        {**PERSON, "bmi": "", "b_treatedhyp": "1"},
        {**PERSON, "bmi": "", "b_treatedhyp": ""},
        {**PERSON, "bmi": "", "b_treatedhyp": "0", "age": "90"},
        {**PERSON, "bmi": "31", "b_treatedhyp": ""},
    ]
    people = _write(tmp_path / "people.csv", rows)
    assert _run(people, tmp_path / "out.csv").exit_code == 0
    assert [row["error"] for row in _read(tmp_path / "out.csv")] == ["error: bmi is missing"] * 3 + [""]
    assert _run(people, tmp_path / "out.csv", "--predict-bmi").exit_code == 0
    filled, blank, old, given = _read(tmp_path / "out.csv")
    assert 20 < float(filled["bmi_predicted"]) < 40
    assert filled["error"] == filled["bmi"] == ""
    assert blank["error"] == "error: bmi is missing and cannot be predicted (error: b_treatedhyp is missing)"
    assert "range (30,84)" in old["error"]
    assert (given["error"], given["bmi_predicted"]) == ("", "")


def test_parquet_and_json_lines_in_and_out(tmp_path):
    row = {name: value if name == "sex" else int(value) for name, value in PERSON.items()}
    lines = tmp_path / "people.jsonl"
    lines.write_text(json.dumps(row) + "\n" + json.dumps({**row, "bmi": None}) + "\n", encoding="utf-8")
    assert _run(lines, tmp_path / "out.parquet").exit_code == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.names == [*row, "osteoporotic_fracture_pct", "hip_fracture_pct", "error"]
    assert table["error"].to_pylist() == ["", "error: bmi is missing"]
    assert _run(tmp_path / "out.parquet", tmp_path / "again.jsonl").exit_code == 0
    first, second = map(json.loads, (tmp_path / "again.jsonl").read_text(encoding="utf-8").splitlines())
    assert first["hip_fracture_pct"] == table["hip_fracture_pct"][0].as_py()
    assert second["hip_fracture_pct"] is None


def test_a_table_without_people_gives_a_table_without_people(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(",".join(PERSON) + "\n", encoding="utf-8")
    assert _run(people, tmp_path / "out.csv").exit_code == 0
    assert _read(tmp_path / "out.csv") == []
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").strip().endswith("hip_fracture_pct,error")


def test_a_missing_column_is_one_clear_line_and_no_output(tmp_path):
    people = _write(
        tmp_path / "people.csv", [{name: value for name, value in PERSON.items() if name != "b_renal"}]
    )
    with pytest.raises(BadInput, match=r"people\.csv: no column b_renal"):
        _run(people, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_names_of_columns_may_have_spaces_and_capitals(tmp_path):
    odd = {f" {name.upper()} ": value for name, value in PERSON.items()}
    people = _write(tmp_path / "people.csv", [odd])
    assert _run(people, tmp_path / "out.csv").exit_code == 0
    (row,) = _read(tmp_path / "out.csv")
    assert (row["error"], row[" AGE "]) == ("", "70")
    assert _run(_write(tmp_path / "plain.csv", [PERSON]), tmp_path / "plain_out.csv").exit_code == 0
    assert row["hip_fracture_pct"] == _read(tmp_path / "plain_out.csv")[0]["hip_fracture_pct"]


def test_semicolons_and_columns_twice_are_named(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(";".join(PERSON) + "\n" + ";".join(PERSON.values()) + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match="separated by commas"):
        _run(people, tmp_path / "out.csv")
    _write(people, [{**PERSON, "AGE": "30"}])
    with pytest.raises(BadInput, match="two columns age"):
        _run(people, tmp_path / "out.csv")


def test_a_column_of_one_sex_may_be_left_out_for_the_other(tmp_path):
    without = {name: value for name, value in PERSON.items() if name != "b_carehome"}
    people = _write(tmp_path / "people.csv", [without, {**without, "sex": "male"}])
    assert _run(people, tmp_path / "out.csv").exit_code == 0
    assert [row["error"] for row in _read(tmp_path / "out.csv")] == ["", "error: b_carehome is missing"]


def test_a_field_that_appears_late_is_not_dropped_silently(tmp_path):
    lines = tmp_path / "people.jsonl"
    rows = [PERSON] * 10_000 + [{**PERSON, "note": "new"}]
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(BadInput, match="not in the rows before: note"):
        _run(lines, tmp_path / "out.csv")


def test_the_input_is_never_written_over_and_an_empty_file_is_called_empty(tmp_path):
    people = _write(tmp_path / "people.csv", [PERSON])
    (tmp_path / "there").mkdir()
    with pytest.raises(BadInput, match="the output is the input"):
        _run(people, tmp_path / "there" / ".." / "people.csv")
    assert _read(people) == [PERSON]
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(BadInput, match="the file is empty"):
        _run(empty, tmp_path / "out.csv")
