"""`openfls export flsdb`: either version, each kind of table, and one clear line on bad input."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import openfls.commands.all
import world
from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent
from openfls.service.quality.audit_file import keep_opt_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> Actor:
    """A co-ordinator with one person on treatment and one who has opted out."""
    with clock.at(world.at_noon(world.TODAY)):
        by = world.member(world.service())
        world.planned(by)
        other = world.confirmed(by)
        keep_opt_out(person=other.person, opted_out=True, checked_on=world.TODAY, by=by)
        return by


def export(path, *options: str):
    """Run the command."""
    return CliRunner().invoke(openfls.commands.all.app, ["export", "flsdb", "-o", str(path), *options])


@pytest.mark.parametrize(("dataset", "site"), [("2020", "Non hip/non spine"), ("2024", "Wrist")])
def test_each_version_in_its_own_words(nurse, tmp_path, dataset, site) -> None:
    done = export(tmp_path / "out.csv", "--dataset", dataset, "--unchecked-because", "the list is late")
    assert done.exit_code == 0, done.output
    with (tmp_path / "out.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["1.11 SiteFirstFrac"] == site
    assert "1 left out: national data opt-out" in done.output
    event = AuditEvent.objects.get(action="audit_file.export")
    assert (event.detail["rows"], event.detail["opted_out"]) == (1, 1)
    assert event.detail["unchecked_because"] == "the list is late"


def test_a_row_that_nobody_looked_up_holds_the_file_back_unless_a_reason_is_given(nurse, tmp_path) -> None:
    done = export(tmp_path / "out.csv")
    assert isinstance(done.exception, BadInput)
    assert "not been looked up for 1 of the rows" in str(done.exception)
    assert not (tmp_path / "out.csv").exists()


def test_each_kind_of_table_has_the_same_rows(nurse, tmp_path) -> None:
    for ending in ("csv", "parquet", "jsonl"):
        assert export(tmp_path / f"out.{ending}", "--for-ourselves").exit_code == 0
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["record_id"] for row in lines] == [row["record_id"] for row in table]
    assert len(table) == 2, "for ourselves nobody is left out"


@pytest.mark.parametrize(
    "options",
    [
        ["--dataset", "1999"],
        ["--since", "2025-01-01"],
        ["--since", "soon", "--until", "2025-01-01"],
        ["--service", "nowhere"],
    ],
)
def test_bad_input_is_one_clear_line(nurse, tmp_path, options) -> None:
    done = export(tmp_path / "out.csv", *options)
    assert isinstance(done.exception, BadInput)
    assert "\n" not in str(done.exception)
    assert not (tmp_path / "out.csv").exists()
