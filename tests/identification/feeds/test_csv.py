"""Tables from any hospital as readings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.identification.feeds import FeedOptions, read_bytes, read_feed
from openfls.identification.feeds.csvfile.columns import load_mapping
from openfls.identification.feeds.csvfile.dates import read_date
from openfls.record.errors import BadInput
from openfls.record.feeds import Energy, Notice, Observation, Rejection, SourceKind
from openfls.record.people import NHS_NUMBER, Identifier, Sex
from openfls.record.sites import Side, Site

REPORTS = Path(__file__).parents[4] / "shared" / "data" / "reports_dev.csv"


def readings(text, name="ed.csv", options=None):
    return list(read_bytes(name, text if isinstance(text, bytes) else text.encode(), options))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_usual_extract(separator, encoding):
    rows = [
        ["Hosp No", "NHS Number", "Surname", "Date of Birth", "Sex", "Attendance Date", "Diagnosis Code"],
        ["A1", "999 000 0018", "Müller", "05/05/1950", "F", "01/03/2024", "S52.5"],
    ]
    told = readings("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    assert len(told) == 1
    observation = told[0]
    assert isinstance(observation, Observation)
    assert observation.person.identifiers == (
        Identifier("hospital number", "A1"),
        Identifier(NHS_NUMBER, "9990000018"),
    )
    assert (observation.person.family_name, observation.person.sex) == ("Müller", Sex.FEMALE)
    assert (observation.on, observation.findings[0].site) == (date(2024, 3, 1), Site.WRIST)


def test_a_file_with_the_line_ends_of_old_macs_is_read():
    told = readings(
        "mrn,surname,dob,date,code\rA1,Müller,05/05/1950,01/03/2024,S52.5\rA2,X,05/05/1950,1/3/24,S72.0\r"
    )
    assert [each.findings[0].site for each in told] == [Site.WRIST, Site.HIP]
    assert told[0].person.family_name == "Müller"


def test_a_file_without_a_header_says_so_and_quotes_nobody():
    (rejection,) = readings("9990000018,SMITH,JANE,05/05/1950,S52.5\n")
    assert rejection.reason == "no line names its columns: the first with 5 values holds a row"


def test_many_code_columns_and_a_cause():
    header = "mrn,dob,admidate,diag_01,diag_02,diag_03,opertn_01\n"
    told = readings(header + "A1,1950-05-05,2024-03-01,S720,S525,W010,W471\n")
    assert [each.findings[0].site for each in told] == [Site.HIP, Site.WRIST, Site.HIP]
    assert {each.energy for each in told} == {Energy.LOW}
    assert len({each.source.record for each in told}) == 3
    assert told[2].source.kind is SourceKind.THEATRE


def test_a_report_with_line_breaks_and_its_line():
    broken = '"Findings:\nFracture of the left distal radius."'
    text = f"mrn,dob,exam date,report\nA1,5 May 1950,1/3/24,{broken}\nA2,,,No fracture\n"
    first, second = readings(text, "ris.csv")
    assert (first.findings[0].side, first.source.kind) == (Side.LEFT, SourceKind.RADIOLOGY)
    assert second.source.position == "ris.csv, line 4"
    assert second.reason == "no fracture in the report"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A1,31/02/1950,01/03/2024,S525", "birth_date: '31/02/1950' is no day of the calendar"),
        ("A1,05/05/1950,03/25/2024,S525", "on: '03/25/2024' puts the month first"),
        ("A1,05/05/1950,soon,S525", "line 2, on: 'soon' is no date"),
        ("A1,05/05/1950,01/03/2024,S525,more", "5 values under 4 columns"),
        (",05/05/1950,01/03/2024,S525", "no person named; it tells of: wrist"),
        ("A1,05/05/1950,01/03/2024,2.63102E+08", "shortened by a spreadsheet"),
        (
            'A1,05/05/1950,"01/03/2024,S525\nA9,05/05/1950,01/03/2024,S525"',
            "line 2 to 3, is a quotation mark open",
        ),
        ("A1,05/05/1950,01/03/2024,S62.0", "outside a fracture liaison service"),
        ("A1,05/05/1950,01/03/2024,", "neither code nor report"),
    ],
)
def test_a_bad_row_is_one_rejection_with_field_and_reason(row, words):
    told = readings(f"mrn,dob,date,code\n{row}\nA2,05/05/1950,01/03/2024,S720\n")
    assert [type(each) for each in told] == [Rejection, Observation]
    assert words in told[0].reason


def test_a_title_above_the_header():
    told = readings("ED extract, run 02/03/2024\n\nmrn,dob,date,code\nA1,05/05/1950,01/03/2024,S525\n")
    assert [(type(each), each.source.position) for each in told] == [(Observation, "ed.csv, line 4")]


def test_an_age_stands_in_for_a_missing_birth_date():
    young, old = readings("mrn,age,date,code\nA1,34,01/03/2024,S525\nA2,71Y,01/03/2024,S525\n")
    assert young.reason == "aged 34 by the record's own column, under 50"
    assert isinstance(old, Observation)


def test_a_row_of_no_concern_is_counted():
    told = readings("mrn,dob,date,code\nA1,05/05/1950,01/03/2024,J18.9\n")
    assert [(each.about, each.count) for each in told] == [("other", 1)]


def test_a_list_of_deaths():
    told = readings("NHS No,DOB,Date of death\n9990000018,05/05/1950,04/04/2024\n")
    assert isinstance(told[0], Notice)
    assert (told[0].about, told[0].person.deceased_on) == ("death", date(2024, 4, 4))


def test_the_same_row_tomorrow_is_the_same_record():
    row = "mrn,dob,date,code\nA1,05/05/1950,01/03/2024,S525\n"
    first, again = readings(row, "ed_2024-03-02.csv")[0], readings(row, "ed_2024-03-03.csv")[0]
    assert (first.source.feed, first.source.record) == (again.source.feed, again.source.record)


def test_a_concept_that_a_spreadsheet_took_for_a_number():
    told = readings("mrn,dob,date,snomed code\nA1,05/05/1950,01/03/2024,263102004.0\n")
    assert told[0].findings[0].site is Site.WRIST


def test_codes_with_words_beside_them():
    told = readings(
        "mrn,dob,date,diagnosis\nA1,05/05/1950,01/03/2024,S52.5 - Fracture of lower end of radius\n"
    )
    assert told[0].code == "icd10|S52.5"


def test_a_mapping_names_columns(tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'feed = "RXX ED"\nhospital_system = "RXX"\n[columns]\nhospital_number = "Wer"\ncode = "Was"\n'
    )
    told = readings("Wer,DOB,Wann,Was\nA1,05/05/1950,x,S525\n", options=load_mapping(mapping))
    assert told[0].person.identifiers == (Identifier("RXX", "A1"),)
    assert told[0].source.feed == "csv RXX ED"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[columns]\nhat_size = 'x'\n", "no such field"), ("x = [", "TOML"), ("columns = 1\n", "one column")],
)
def test_a_wrong_mapping_is_refused(tmp_path, text, reason):
    mapping = tmp_path / "map.toml"
    mapping.write_text(text)
    with pytest.raises(BadInput, match=reason):
        load_mapping(mapping)


def test_a_mapping_to_a_column_that_is_not_there_is_told():
    told = readings("mrn,code\nA1,S525\n", options=FeedOptions(columns={"birth_date": "DOB"}))
    assert "'DOB' for birth_date is not in the file" in told[0].reason


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "mrn,code\n"])
def test_a_table_that_cannot_be_used(text):
    told = readings(text)
    assert len(told) == 1
    assert told[0].source.record == ""


@pytest.mark.skipif(not REPORTS.is_file(), reason="the shared reports are not here")
def test_reports_without_people_are_each_named():
    told = list(read_feed(REPORTS))
    assert len(told) == 300
    assert all(isinstance(each, Rejection) and each.reason.startswith("no person named") for each in told)
    assert {each.source.record.split("#")[0] for each in told} >= {"D001", "D300"}


DAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "01/03/2024", "1/3/24", "01-03-2024", "01.03.2024", "2024-03-01", "20240301", "2024-03-01T10:15:00Z",
        "01/03/2024 10:15", "1 March 2024", "1st Mar 2024", "01-MAR-24", "Fri 1 March 2024", "March 1, 2024",
        "45352", "45352.5", " 01/03/2024 ", "2024/03/01", "20240301101500",
    ],
)  # fmt: skip
def test_uk_dates(text):
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    "text", ["03/25/2024", "31/02/2024", "2024-13-01", "May", "12", "1 Foo 2024", "0/0/0"]
)
def test_what_is_no_date(text):
    with pytest.raises(ValueError):
        read_date(text)


def test_a_birth_year_of_two_digits_is_before_the_fracture():
    assert read_date("05/05/50", DAY).year == 1950
    assert read_date("05/05/20", DAY).year == 2020
    assert read_date("05/05/45", date(2024, 1, 1)).year == 1945


@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2068, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d-%b-%Y"]),
)
def test_every_day_written_is_read_back(day, form):
    assert read_date(day.strftime(form)) == day
