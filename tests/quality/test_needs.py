"""A measure over a file that lacks its column is not countable; it is not nought per cent."""

from __future__ import annotations

import csv

import pytest
from typer.testing import CliRunner

import openfls.commands.all
from openfls.quality import SET_IDS, measure_set, not_countable
from openfls.quality.needs import NEEDS
from openfls.record.flsdb import BY_NAME


def test_every_rule_says_what_it_needs_in_columns_that_there_are() -> None:
    assert {measure.rule for each in SET_IDS for measure in measure_set(each).measures} == set(NEEDS)
    assert {name for needs in NEEDS.values() for need in needs for name in need} <= set(BY_NAME)
    assert not any(not_countable(each, BY_NAME) for each in SET_IDS)


def _measured(tmp_path, *more: str) -> list[dict[str, str]]:
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "record_id,index_diagnosis_date,age,fls_assessment_date,bone_therapy\na,2025-01-01,70,2025-01-20,Alendronate\n"
    )
    out = tmp_path / "out.csv"
    asked = ["measure", str(rows), "-o", str(out), "--by", "all", "--as-of", "2026-06-01", *more]
    done = CliRunner().invoke(openfls.commands.all.app, asked)
    assert done.exit_code == 0, done.output
    assert "kpi6 cannot be counted: no column for" in done.output
    with out.open() as file:
        return list(csv.DictReader(file))


def test_a_file_without_the_column(tmp_path) -> None:
    found = {row["measure"]: row for row in _measured(tmp_path)}
    assert (found["kpi4"]["numerator"], found["kpi4"]["denominator"]) == ("1", "1.0")
    assert [found["kpi6"][name] for name in ("numerator", "denominator", "value", "rating")] == [""] * 4
    assert found["kpi6"]["not_eligible"] == found["kpi6"]["unknown"] == ""


@pytest.mark.parametrize(("measure", "state"), [("kpi4", "met"), ("kpi6", "not_yet_known")])
def test_its_people_are_not_called_missed(tmp_path, measure, state) -> None:
    (row,) = [row for row in _measured(tmp_path, "--people") if row["measure"] == measure]
    assert row["state"] == state
    assert ("cannot be counted" in row["reason"]) == (measure == "kpi6")
