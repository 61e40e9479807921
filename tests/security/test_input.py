"""Input that hurts other programs: nested beyond measure, without an end, packed a thousand times over."""

from __future__ import annotations

import ast
import gzip
import io
import re
import tarfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

import openfls
from openfls.identification.feeds import archives, read_bytes, read_feed
from openfls.information.as_json import letter_from_json
from openfls.integration.flsdb.salvage import salvage_json
from openfls.integration.opt_out_list import read_list
from openfls.investigation.codec import picture_from_json, replay
from openfls.record.errors import BadInput
from openfls.record.feeds import Rejection
from openfls.service.quality.measured_files import measure_bytes
from openfls.toolkit.case.state import Case
from openfls.toolkit.caseload import population_rows
from openfls.toolkit.kit.paper import Heading, Paper, Text
from openfls.toolkit.kit.pdf import pdf
from openfls.toolkit.kit.word import word
from openfls.toolkit.run_record import read_record
from openfls.toolkit.scenario import parse

SOURCE = Path(openfls.__file__).parent
DEEP = ("[" * 100_000, '{"a":' * 50_000, "a = " + "[" * 20_000, "9" * 5_000, '"' + "x" * 200_000)
READERS = {
    "scenario": lambda text: parse(text, "x"),
    "run record": lambda text: read_record(text, "x"),
    "letter": letter_from_json,
    "picture": picture_from_json,
    "replay": replay,
    "opt-outs": lambda text: read_list(text.encode()),
    "population": lambda text: population_rows(text.splitlines(), "x"),
}


@pytest.mark.parametrize("name", READERS)
def test_what_is_nested_too_deep_or_has_no_end_is_refused_in_words(name: str) -> None:
    for text in DEEP:
        with pytest.raises(BadInput):
            READERS[name](text)


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"resourceType":' * 50_000, b"MSH|" + b"^" * 500_000, b"9" * 5_000]
)
def test_a_feed_of_that_kind_ends_in_reasons(data: bytes) -> None:
    for name in ("x.json", "x.ndjson", "x.hl7", "x.csv"):
        assert all(isinstance(each, Rejection) for each in read_bytes(name, data))


def test_json_lines_of_an_audit_file_that_are_nested_too_deep_are_rejected_rows(tmp_path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"sex": 2}\n' + "[" * 50_000 + '\n{"sex": 2}\n')
    assert set(salvage_json(path, tmp_path).rejected) == {2}
    path.write_text("[" * 50_000)
    assert set(salvage_json(path, tmp_path).rejected) == {1}


def test_a_line_of_utf_16_without_an_end_is_cut(monkeypatch) -> None:
    """One that is gathered whole costs time by its square: four megabytes took seconds."""
    from openfls.identification.feeds.csvfile import rows

    monkeypatch.setattr(rows, "LONGEST", 1000)
    file = io.BufferedReader(io.BytesIO("a;b\r\n1;2\r\n".encode("utf-16") + ("y" * 5000).encode("utf-16-le")))
    lines = list(rows._lines(file))
    assert (lines[:2], max(map(len, lines))) == (["a;b\r\n", "1;2\r\n"], 1000)


def test_a_number_of_thousands_of_digits_is_not_judged_while_somebody_waits() -> None:
    with pytest.raises(BadInput, match="more than 5,000 letters"):
        measure_bytes("rows.csv", b"sex,age,dxa\n" + b"9" * 5_001 + b",1,1\n")


def packed(ending: str, path: Path, size: int) -> None:
    """An archive of nothing but zeros."""
    if ending == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.csv", b"0" * size)
    elif ending == "csv.gz":
        path.write_bytes(gzip.compress(b"0" * size))
    else:
        with tarfile.open(path, "w:gz") as archive:
            info = tarfile.TarInfo("bomb.csv")
            info.size = size
            archive.addfile(info, io.BytesIO(b"0" * size))


@pytest.mark.parametrize("ending", ["zip", "csv.gz", "tar.gz"])
def test_an_archive_that_unpacks_to_a_thousand_times_its_size_is_not_read_on(
    ending: str, tmp_path, monkeypatch
) -> None:
    path = tmp_path / f"feed.{ending}"
    packed(ending, path, 3_000_000)
    assert "unpacks to more" not in str(list(read_feed(path))), "small as it is, it does no harm"
    monkeypatch.setattr(archives, "FREE", 1_000_000)
    monkeypatch.setattr(archives, "TIMES", 100)
    (told,) = list(read_feed(path))
    assert isinstance(told, Rejection)
    assert "unpacks to more than 100 times its size" in told.reason


def test_an_archive_in_an_archive_is_not_opened_and_no_name_in_one_becomes_a_path(tmp_path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.csv", "MRN,ICD10\n")
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("../../escaped.csv", "MRN,ICD10\n")
    assert [type(each) for each in read_feed(path)][:1] == [Rejection]
    assert [each.name for each in tmp_path.parent.rglob("escaped.csv")] == []


@pytest.mark.parametrize("title", ["\U0001f9b4", "\ufffe", "a\x00\x07b", "\u4e2d", "\u202e"])
def test_a_letter_that_no_font_has_costs_no_paper(title: str) -> None:
    paper = Paper("x", title, "y", (Heading("h"), Text(title)))
    assert pdf(paper).startswith(b"%PDF")
    kept = Case(title=title).title
    assert "\x00" not in kept
    assert word(Paper("x", kept, "", (Text(kept),))).startswith(b"PK")


@cache
def sources() -> dict[str, str]:
    """Every module of ours by its path in the package."""
    return {
        str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8")
        for path in sorted(SOURCE.rglob("*.py"))
    }


def called(text: str) -> set[str]:
    """What a module calls."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}


FORBIDDEN = {
    "eval",
    "exec",
    "os.system",
    "pickle.loads",
    "pickle.load",
    "marshal.loads",
    "yaml.unsafe_load",
    "shelve.open",
}
OWN_SPOOL = {"commands/find_spool.py"}
"""What a run of `openfls find` writes down for its own other half, in a folder of its own that it removes."""
XML_READERS = {"training/checking.py"}
"""Who reads XML: a check of our own drawings, run by who writes a course, with a parser that fetches nothing."""
NOT_FOR_SPREADSHEETS = {
    "fiction/feeds/csv_extract.py",
    "integration/flsdb/salvage.py",
    "integration/flsdb/text.py",
    "commands/tables.py",
}
"""CSV whose reader is a program: it must say what was there, letter by letter. `docs/safety/security` says so too."""


def test_nothing_that_was_sent_is_ever_run_or_unpickled() -> None:
    words = re.compile("|".join(re.escape(f"{name.rpartition('.')[2]}(") for name in FORBIDDEN))
    for name, text in sources().items():
        hits = called(text) & FORBIDDEN if words.search(text) else set()
        assert not hits or (hits <= {"pickle.load", "pickle.loads"} and name in OWN_SPOOL), name
        assert "shell=True" not in text, name


def test_xml_is_read_nowhere_but_in_a_check_of_our_own_drawings() -> None:
    readers = re.compile(r"^\s*(import|from) (xml\b|lxml|defusedxml)", re.M)
    assert {name for name, text in sources().items() if readers.search(text)} == XML_READERS


def test_whoever_writes_csv_for_people_keeps_formulas_out() -> None:
    writers = {name for name, text in sources().items() if re.search(r"csv\.(writer|DictWriter)\(", text)}
    assert writers > NOT_FOR_SPREADSHEETS
    for name in writers - NOT_FOR_SPREADSHEETS:
        assert "safe_cell(" in sources()[name], name
