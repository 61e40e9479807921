"""`openfls find` from the shell's side: what is written, what is refused, and that every record is accounted
for."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openfls.commands.all import app
from openfls.record.errors import BadInput

SHARED = Path(__file__).parents[3] / "shared" / "data"
SYNTHEA = SHARED / "synthea_fhir_r4_dev.tar.xz"
COLUMNS = (
    "person_id,nhs_number,birth_date,sex,deceased,fracture_date,age_at_fracture,site,side,levels,triage,reason,"
    "sources,evidence"
)
HEADER = "mrn,nhs number,surname,dob,date,code\n"
ED = "MSH|^~\\&|PAS|RXX|||{sent}||{kind}|{control}|P|2.4\rPID|1||{numbers}||{name}||{born}|F|{rest}\r"


def run(*arguments):
    result = CliRunner().invoke(app, ["find", *map(str, arguments)])
    if isinstance(result.exception, BadInput):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def accounted(result):
    """The numbers of the summary's last line: read, told, left out, not about fractures, again."""
    line = result.stderr.strip().splitlines()[-1].replace(",", "")
    found = re.search(
        r"read (\d+) records: (\d+) tell of .*; (\d+) left out.*; (\d+) not about fractures;"
        r" (\d+) delivered again",
        line,
    )
    assert found, line
    return [int(each) for each in found.groups()]


@pytest.fixture
def table(tmp_path):
    def write(*lines, name="ed.csv"):
        path = tmp_path / name
        path.write_text(HEADER + "".join(f"{line}\n" for line in lines))
        return path

    return write


def found_in(tmp_path, *feeds):
    result = run(*feeds, "-o", tmp_path / "out.csv")
    read, *parts = accounted(result)
    assert read == sum(parts)
    left = rows(tmp_path / "out.rejected.csv")
    assert parts[1] == len(left)
    return rows(tmp_path / "out.csv"), left


@pytest.mark.skipif(not SYNTHEA.is_file(), reason="the shared FHIR archive is not here")
def test_every_fracture_of_the_fictional_people_from_fifty(tmp_path):
    found, left = found_in(tmp_path, SYNTHEA)
    told = {
        (row["birth_date"], row["fracture_date"], row["site"], int(row["age_at_fracture"])) for row in found
    }
    assert told == {
        ("1948-05-29", "2013-06-29", "wrist", 65),
        ("1924-06-16", "1992-10-02", "forearm", 68),
        ("1956-10-18", "2011-02-19", "rib", 54),
        ("1953-04-23", "2014-06-27", "wrist", 61),
        ("1945-12-09", "2017-10-02", "wrist", 71),
        ("1924-06-16", "2002-02-19", "hip", 77),
        ("1953-01-10", "2020-04-11", "clavicle", 67),
        ("1939-01-27", "1998-03-21", "wrist", 59),
        ("1952-07-31", "2015-10-20", "forearm", 63),
        ("1949-04-19", "2011-06-05", "clavicle", 62),
        ("1947-05-06", "2017-06-19", "wrist", 70),
        ("1913-01-13", "1997-05-29", "clavicle", 84),
        ("1952-01-17", "2018-09-15", "forearm", 66),
    }
    dead = [row for row in found if row["deceased"]]
    assert len(dead) == 5
    assert all(row["triage"] == "none" and "not offered for contact" in row["reason"] for row in dead)
    assert len({row["person_id"] for row in left}) == 10  # the ten who were under fifty
    assert all("under 50" in row["reason"] for row in left)


def test_the_columns_and_the_evidence(tmp_path, table):
    found, _ = found_in(tmp_path, table("A1,9990000018,Smith,05/05/1950,01/03/2024,S52.5"))
    assert (tmp_path / "out.csv").read_text().splitlines()[0] == COLUMNS
    assert (tmp_path / "out.rejected.csv").read_text().splitlines()[
        0
    ] == "feed,position,record,person_id,reason"
    row = found[0]
    assert (row["person_id"], row["nhs_number"], row["age_at_fracture"]) == ("A1", "9990000018", "73")
    evidence = json.loads(row["evidence"])
    assert (evidence[0]["code"], evidence[0]["findings"][0]["site"]) == ("icd10|S52.5", "wrist")


def test_one_fracture_told_by_several_feeds(tmp_path, table):
    hl7 = tmp_path / "adt.hl7"
    hl7.write_text(
        ED.format(sent="20240304", kind="ADT^A03", control=1, numbers="77^^^RXX^MR~9990000018^^^NHS^NH",
                  name="SMITH^JANE", born="19500505", rest="") + "DG1|1||S52.5^^I10||20240301\r"
    )  # fmt: skip
    found, _ = found_in(tmp_path, table("A1,9990000018,Smith,05/05/1950,01/03/2024,S52.5"), hl7)
    assert len(found) == 1
    assert len(json.loads(found[0]["evidence"])) == 2


def test_a_death_told_later_by_another_feed(tmp_path, table):
    deaths = tmp_path / "deaths.csv"
    deaths.write_text("nhs number,date of death\n999 000 0018,02/01/2025\n")
    found, _ = found_in(tmp_path, table("A1,9990000018,Smith,05/05/1950,01/03/2024,S52.5"), deaths)
    assert (found[0]["deceased"], found[0]["triage"]) == ("2025-01-02", "none")


def test_a_wrong_nhs_number_links_nobody(tmp_path, table):
    feed = table(
        "A1,9990000019,Smith,05/05/1950,01/03/2024,S52.5", "A2,9990000019,Smith,05/05/1950,01/03/2024,S52.5"
    )
    found, _ = found_in(tmp_path, feed)
    assert [row["nhs_number"] for row in found] == ["", ""]
    assert all("9990000019 fails its check digit" in row["reason"] for row in found)


def test_one_number_on_two_people_merges_nobody(tmp_path, table):
    feed = table(
        "A1,9990000018,Smith,05/05/1950,01/03/2024,S52.5", "A2,9990000018,Jones,06/06/1961,01/03/2024,S52.5"
    )
    found, _ = found_in(tmp_path, feed)
    assert [row["birth_date"] for row in found] == ["1950-05-05", "1961-06-06"]
    assert all(row["triage"] == "review" and "shared with somebody" in row["reason"] for row in found)


def test_a_refracture_is_a_new_episode(tmp_path, table):
    feed = table("A1,,Smith,05/05/1950,01/03/2020,S52.5", "A1,,Smith,05/05/1950,01/03/2024,S52.5")
    found, _ = found_in(tmp_path, feed)
    assert [row["fracture_date"] for row in found] == ["2020-03-01", "2024-03-01"]


def test_the_same_file_twice_changes_nothing(tmp_path, table):
    feed = table("A1,,Smith,05/05/1950,01/03/2020,S52.5", "A2,,X,05/05/1990,01/03/2024,S52.5")
    once = found_in(tmp_path, feed)
    assert found_in(tmp_path, feed, feed) == once


def test_rows_of_one_attendance_are_each_kept(tmp_path):
    feed = tmp_path / "ed.csv"
    feed.write_text(
        "attendance id,mrn,dob,date,code\n"
        "E1,A1,05/05/1950,01/03/2024,S52.5\nE1,A1,05/05/1950,01/03/2024,S72.0\n"
    )
    found, _ = found_in(tmp_path, feed)
    assert [(row["site"], row["sources"]) for row in found] == [
        ("hip", "diagnosis E1"),
        ("wrist", "diagnosis E1"),
    ]


def test_a_corrected_report_takes_the_place_of_the_first(tmp_path):
    def report(text, sent):
        head = ED.format(sent=sent, kind="ORU^R01", control=sent, numbers="A1^^^RXX^MR", name="SMITH^J",
                         born="19500505", rest="")  # fmt: skip
        return f"{head}OBR|1||F7|XR^XR wrist|||20240301{'|' * 17}RAD|F\rOBX|1|TX|R||{text}||||||F\r"

    wrong, right = (
        report("Fracture of the left distal radius.", "20240301"),
        report("No fracture.", "20240302"),
    )
    for order in (wrong + right, right + wrong):
        feed = tmp_path / "ris.hl7"
        feed.write_text(order)
        found, left = found_in(tmp_path, feed)
        assert found == []
        assert [row["reason"] for row in left] == ["no fracture in the report"]


def test_a_merge_is_named_and_not_done(tmp_path, table):
    adt = tmp_path / "adt.hl7"
    adt.write_text(
        ED.format(sent="20240304", kind="ADT^A40", control=1, numbers="A1^^^hospital number^MR",
                  name="SMITH^J",
                  born="19500505", rest="") + "MRG|A2^^^hospital number^MR\r"
    )  # fmt: skip
    feed = table("A1,,Smith,05/05/1950,01/03/2024,S52.5", "A2,,Smith,05/05/1950,01/03/2024,S52.5")
    found, left = found_in(tmp_path, feed, adt)
    assert [row["person_id"] for row in found] == ["A1", "A2"]
    assert "A2 is said to be the same person" in left[0]["reason"]


def test_what_is_unknown_goes_to_review(tmp_path, table):
    feed = table(
        "A1,,Smith,,01/03/2024,S52.5", "A2,,Jones,05/05/1950,,S72.0", "A3,,X,05/05/1990,01/03/2024,S72.0"
    )
    found, left = found_in(tmp_path, feed)
    assert [(row["person_id"], row["triage"], row["age_at_fracture"]) for row in found] == [
        ("A1", "review", ""),
        ("A2", "review", ""),
    ]
    assert [row["person_id"] for row in left] == ["A3"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_every_sample_feed_is_accounted_for(tmp_path):
    found, left = found_in(tmp_path, SHARED / "hl7v2", SHARED / "reports_dev.csv", SYNTHEA)
    assert len(found) == 13
    assert sum(row["feed"] == "reports_dev.csv" for row in left) == 300


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_other_kinds_of_table(tmp_path, table, ending):
    from openfls.commands.tables import read_rows

    run(table("A1,,Smith,05/05/1950,01/03/2024,S52.5"), "-o", tmp_path / f"out.{ending}")
    assert next(iter(read_rows(tmp_path / f"out.{ending}")))["site"] == "wrist"
    assert (tmp_path / f"out.rejected.{ending}").is_file()


def test_own_codes_and_columns(tmp_path):
    feed = tmp_path / "x.csv"
    feed.write_text("Wer,Geboren,Wann,Was\nA1,05/05/1950,01/03/2024,4711471147\n")
    codes = tmp_path / "codes.csv"
    codes.write_text("system,code,title,site,class\nsnomed,4711471147,Own,humerus,include\n")
    columns = tmp_path / "columns.toml"
    columns.write_text('[columns]\nhospital_number="Wer"\nbirth_date="Geboren"\non="Wann"\ncode="Was"\n')
    run(feed, "-o", tmp_path / "out.csv", "--codes", codes, "--columns", columns)
    assert rows(tmp_path / "out.csv")[0]["site"] == "humerus"


@pytest.mark.parametrize(
    ("name", "content", "output", "reason"),
    [
        ("gone.csv", None, "out.csv", "no such file or folder"),
        ("a.pdf", b"%PDF-1.4", "out.csv", "nothing readable: .*binary"),
        ("a.csv", b"", "out.csv", "nothing readable: .*empty"),
        ("a.csv", b"mrn,code\nA1,S720\n", "out.xlsx", "a name ending in one of"),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_file(tmp_path, name, content, output, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=reason) as error:
        run(tmp_path / name, "-o", tmp_path / output)
    assert "\n" not in str(error.value)
    assert not (tmp_path / output).exists()


def test_an_empty_folder_is_bad_input(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="nothing readable: no file in it"):
        run(tmp_path / "empty", "-o", tmp_path / "out.csv")


def test_nothing_of_the_spool_stays_behind(tmp_path, table, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run(table("A1,,Smith,05/05/1950,01/03/2024,S52.5"), "-o", tmp_path / "out.csv")
    assert not list(tmp_path.glob("openfls-find-*"))
