"""`openfls training`: faults one a line and exit code 2, a preview, and statements."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import world
from openfls.commands.all import app
from openfls.record.errors import BadInput
from service import training_world as tw
from training import small


def run(*words):
    """The command as a shell gives it."""
    return CliRunner().invoke(app, ["training", *map(str, words)])


def test_content_without_a_fault(tmp_path):
    done = run("check", small.write(tmp_path))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("2 topics, 22 questions, ")
    assert " 0 faults." in done.stderr


def test_each_fault_is_a_line_and_the_code_is_2(tmp_path):
    def change(_, asked):
        asked[0]["explanation"] = ""
        asked[1]["sources"] = []

    done = run("check", small.write(tmp_path, "F1", change=change))
    assert done.exit_code == 2
    assert done.stdout.splitlines() == [
        "f1/questions.yaml: F1-01: it has no explanation",
        "f1/questions.yaml: F1-02: it has no source",
    ]


def test_what_cannot_be_read_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match=r"no topic\.yaml"):
        raise run("check", tmp_path).exception


def test_a_preview_is_one_file(tmp_path):
    out = tmp_path / "out.html"
    done = run("preview", small.write(tmp_path, "F1"), "-o", out)
    assert done.exit_code == 0
    assert "A small topic F1" in out.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_statements_of_a_service_line_by_line(tmp_path, settings, monkeypatch):
    monkeypatch.setattr("openfls.commands.database.prepare_database", lambda **_: None)
    settings.TRAINING_CONTENT = str(small.write(tmp_path / "topics"))
    tw.over(world.member(world.service()))
    out = tmp_path / "x.jsonl"
    done = run("xapi", "-o", out, "--home", "https://fls.example.org")
    assert done.exit_code == 0, done.exception
    verbs = [json.loads(line)["verb"]["display"]["en-GB"] for line in out.read_text().splitlines()]
    assert verbs == ["passed", "registered"]
    with pytest.raises(BadInput, match="begins with https"):
        raise run("xapi", "-o", out, "--home", "here").exception
