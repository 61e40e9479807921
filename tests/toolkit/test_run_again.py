"""A run record run again: the same digits, or a line that says why not."""

from __future__ import annotations

import json
import sys

import pytest

from openfls.cli import main
from openfls.record.errors import BadInput
from openfls.toolkit.analysis import analyse
from openfls.toolkit.bundle import as_csv
from openfls.toolkit.run_record import read_record, rerun, run_record
from toolkit.scenarios import prepared


@pytest.fixture(scope="module")
def record() -> dict:
    """A record of a small run, as it would be read from its file."""
    ready = prepared()
    return json.loads(json.dumps(run_record(ready, analyse(ready))))


def test_a_record_run_again_gives_every_digit(record):
    done = rerun(record, "record")
    assert done.same
    assert done.why_not == ()
    assert done.record == record


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda r: r.update(openfls="0.0.1", results_sha256="x"), "openfls: 0.0.1 then"),
        (
            lambda r: r.update(scenario=r["scenario"].replace("seed = 1", "seed = 2")),
            "not those that its hash",
        ),
        (lambda r: r.update(results_sha256="x"), "the inputs are the same"),
        (
            lambda r: (
                r.update(results_sha256="x"),
                r["parameters"][0].update(value=1.5),
            ),
            "incidence.hip.female: 1.5 then, 33.5 now",
        ),
    ],
)
def test_a_record_that_was_changed_says_what_differs(record, change, why):
    changed = json.loads(json.dumps(record))
    change(changed)
    done = rerun(changed, "record")
    assert not done.same
    assert any(why in line for line in done.why_not), done.why_not


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not readable as JSON"),
        ("[]", "is no run record"),
        ('{"scenario": "x"}', "has no 'parameters'"),
        ("[" * 100_000, "not readable as JSON"),
        (" " * 2_000_001, "larger than any"),
    ],
)
def test_what_is_no_record_is_refused(text, reason):
    with pytest.raises(BadInput, match=reason):
        read_record(text, "file.json")


def test_the_command_reruns_and_its_exit_code_tells(record, tmp_path, monkeypatch, capsys):
    file = tmp_path / "run-record.json"
    file.write_text(json.dumps(record), encoding="utf-8")

    def run() -> int:
        monkeypatch.setattr(sys, "argv", ["openfls", "benefits", "--rerun", str(file)])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    assert run() == 0
    assert "every digit is the same" in capsys.readouterr().out
    file.write_text(json.dumps({**record, "results_sha256": "x"}), encoding="utf-8")
    assert run() == 1
    assert "NOT the same" in capsys.readouterr().out
    file.write_text("no", encoding="utf-8")
    assert run() == 2


def test_a_cell_that_a_spreadsheet_would_run_is_text():
    assert as_csv([{"source": "=1+1", "value": -3.5}]) == b"source,value\n'=1+1,-3.5\n"
