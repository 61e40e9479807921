"""``openfls measure``: the summary, the people, the report on the quality of the data, and refusals."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from openfls.cli import main
from openfls.commands.tables import TableWriter
from openfls.quality import measure_set, people_sql, sql
from openfls.quality.windows import is_open, open_until
from quality.databases import SCHEMA, in_duckdb
from quality.made_rows import AS_OF, made_rows


@pytest.fixture(scope="module")
def rows():
    return made_rows(seed=5, count=200)


@pytest.fixture(scope="module")
def table(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    with TableWriter(path, SCHEMA) as writer:
        for row in rows:
            writer.write(row)
    return path


def run(monkeypatch, *arguments) -> int:
    monkeypatch.setattr("sys.argv", ["openfls", "measure", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        raise SystemExit(main())
    return int(end.value.code or 0)


def lines(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_summary_is_what_the_engine_counts(rows, table, tmp_path, monkeypatch):
    out = tmp_path / "out.csv"
    assert run(monkeypatch, table, "--set", "flsdb", "--by", "year", "--as-of", AS_OF, "-o", out) == 0
    head, *body = lines(out)
    columns = "set,measure,service,period,numerator,denominator,not_eligible,unknown,value,rating,open_until"
    assert head == columns.split(",")
    expected = in_duckdb(rows, sql("flsdb", "duckdb", as_of=AS_OF, by="year"))
    told = [["" if value is None else str(value) for value in row] for row in expected]
    for row in told:
        if row[1] in ("kpi2", "kpi3"):
            row[-1] = ""  # five times the hips are a guess, by which nobody is rated
        measure, year = measure_set("flsdb").measure(row[1]), row[3]
        still = year.isdecimal() and is_open(measure, date(int(year), 12, 31), AS_OF)
        if still:
            row[-1] = ""  # not rated before everybody's window is over
        row.append(str(open_until(measure, date(int(year), 12, 31))) if still else "")
    assert body == told


def test_people_are_what_the_engine_judges(rows, table, tmp_path, monkeypatch):
    out = tmp_path / "out.csv"
    assert run(monkeypatch, table, "--people", "--as-of", AS_OF, "-o", out) == 0
    head, *body = lines(out)
    assert head == ["record_id", "measure", "state", "reason"]
    expected = in_duckdb(rows, people_sql("flsdb", "duckdb", as_of=AS_OF))
    assert sorted(body) == sorted(list(row) for row in expected)


def test_caseload_and_switches_change_the_count(table, tmp_path, monkeypatch):
    out = tmp_path / "out.csv"
    options = [
        "--caseload",
        "Alder=1000",
        "--caseload",
        "Birch=500",
        "--switch",
        "spine=records",
        "--by",
        "year",
    ]
    assert run(monkeypatch, table, *options, "--as-of", AS_OF, "-o", out) == 0
    found = {(row[1], row[2], row[3]): row for row in lines(out)[1:]}
    assert float(found["kpi2", "Alder", "2023"][5]) == 1000
    assert float(found["kpi2", "Birch", "2023"][5]) == 500
    spine = found["kpi3", "Alder", "2023"]
    assert float(spine[5]) + int(spine[6]) == sum(float(found["kpi4", "Alder", "2023"][i]) for i in (5, 6, 7))


def test_the_quality_report_stands_beside_the_output(tmp_path, monkeypatch):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("record_id,age,1.03 Gender\na,seventy,F\n", encoding="utf-8")
    assert run(monkeypatch, path, "--as-of", AS_OF, "-o", out) == 0
    head, *body = lines(tmp_path / "out.quality.csv")
    assert head == ["row", "record_id", "column", "value", "problem", "action", "count"]
    assert ["2", "a", "age", "seventy", "not a whole number", "left blank", "1"] in body
    assert ["2", "a", "sex", "F", "written differently", "read as Female", "1"] in body


@pytest.mark.parametrize(
    "wrong",
    [
        ["--set", "nonsense"],
        ["--by", "week"],
        ["--as-of", "yesterday"],
        ["--caseload", "many"],
        ["--switch", "spine"],
        ["--engine", "abacus"],
        ["--engine", "spark"],
    ],
)
def test_bad_options_end_with_one_clear_line(wrong, table, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out.csv"
    assert run(monkeypatch, table, *wrong, "-o", out) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not out.exists()


def test_today_is_the_day_of_the_count_by_default(table, tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, table, "-o", tmp_path / "out.csv") == 0
    assert date.today().isoformat() in capsys.readouterr().err


def test_what_is_to_be_passed_on_adds_up_whatever_is_asked(table, tmp_path, monkeypatch, capsys):
    """Years, quarters, all together and each split: the same running totals, so nothing is told by laying them over."""
    met: list[dict[str, int]] = []
    for asked in (["--by", "year"], ["--by", "quarter"], ["--by", "all"], ["--by", "year", "--split", "sex"]):
        out = tmp_path / "out.csv"
        assert run(monkeypatch, table, *asked, "--suppress", "--as-of", AS_OF, "-o", out) == 0
        with out.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["measure"] == "kpi4"]
        found: dict[str, int] = {}
        for row in rows:
            assert row["unknown"] == row["not_eligible"] == ""
            found[row["service"]] = found.get(row["service"], 0) + int(row["numerator"] or 0)
        met.append(found)
    assert met[0] == met[1] == met[2] == met[3]
    assert any(met[0].values())
    for wrong in (["--by", "quarter", "--split", "sex"], ["--since", "2023-01-01", "--until", "2023-12-31"]):
        assert run(monkeypatch, table, *wrong, "--suppress", "-o", tmp_path / "out.csv") == 2
        assert "--suppress" in capsys.readouterr().err
