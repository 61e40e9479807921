"""FLS-DB files: out and in again, and in from systems that write them another way."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.commands.tables import TableWriter
from openfls.integration.flsdb import checks, export_columns, export_row, export_schema, mend_list, open_file
from openfls.integration.flsdb.headings import column_of, match
from openfls.integration.flsdb.mend import mend
from openfls.record.errors import BadInput
from openfls.record.flsdb import BY_NAME, COLUMNS, SITE_2020, ColumnKind, Dataset

AS_OF = date(2024, 6, 30)
EXPORTED = [column.name for column in export_columns()]
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" ,;'\"\n"),
    min_size=1,
    max_size=12,
).map(str.strip)


def values_of(column, dataset):
    """Values that a column of the export can hold."""
    options = column.options(dataset)
    made = {
        ColumnKind.TEXT: WORDS.map(lambda text: text or None),
        ColumnKind.DATE: st.dates(date(2015, 1, 1), date(2026, 1, 1)),
        ColumnKind.INTEGER: st.integers(0, 130),
        ColumnKind.NUMBER: st.floats(-10, 250).map(lambda number: round(number, 2)),
        ColumnKind.CHOICE: st.sampled_from(options or ("x",)),
        ColumnKind.CHOICES: st.lists(
            st.sampled_from(options or ("x",)), min_size=1, max_size=3, unique=True
        ).map(";".join),
    }
    return st.none() | made[column.kind]


def rows_of(dataset):
    """Rows with keys of their own and at least one value."""
    fields = {column.name: values_of(column, dataset) for column in export_columns()}
    row = st.fixed_dictionaries(fields | {"height_cm": st.just(160.0)})
    return st.lists(row, min_size=1, max_size=6).map(
        lambda rows: [
            row | {"record_id": f"k{number}", "service": "Alder"} for number, row in enumerate(rows)
        ]
    )


def written(path, rows, dataset):
    with TableWriter(path, export_schema()) as writer:
        for row in rows:
            writer.write(export_row(row, dataset))
    return path


@pytest.mark.parametrize("dataset", list(Dataset))
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_export_and_import_give_back_the_same_rows(dataset, ending, tmp_path):
    @settings(deadline=None, max_examples=4)
    @given(rows=rows_of(dataset))
    def check(rows):
        with open_file(written(tmp_path / f"out.{ending}", rows, dataset), AS_OF) as file:
            back = sorted(file.each(), key=lambda row: row["record_id"])
            assert not any(file.mended())
            assert file.rejected == 0
        assert [{name: row[name] for name in EXPORTED} for row in back] == [
            {name: row[name] for name in EXPORTED} for row in rows
        ]

    check()


def test_the_2020_version_has_three_sites():
    row = {"record_id": "a", "index_site": "Wrist", "second_site": "Hip"}
    made = export_row(row, Dataset.V2020)
    assert made["1.11 SiteFirstFrac"] == "Non hip/non spine"
    assert made["1.12 SiteSecFrac"] == "Hip"
    assert made["1.13 SiteThirdFrac"] is None
    assert export_row(row, Dataset.V2024)["1.11 SiteFirstFrac"] == "Wrist"
    assert set(SITE_2020) == set(BY_NAME["index_site"].options(Dataset.V2024)) - {"Spine", "Hip"}


def file_with(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "in.csv"
    path.write_bytes(text.encode(encoding))
    return path


def problems_in(path, **options):
    with open_file(path, AS_OF, **options) as file:
        return list(file.problems()), list(file.each())


MESSY = """\
record_id,site,Age Frac diagnosed,1.03 Gender,1.07 DateFLSAssess,1.09 Date Index Frac Diagnosed,1.10 TypeOfFractue,\
1.11 SiteFirstFrac,4.01 BoneTherapy,6.05 BoneTherapy1216,Extra
a,Alder,75,F,01/02/2024,01/01/2024,low,Vertebral,Alendronate;Denosumab,Donít know,x
b,Alder,seventy,Female,2024-02-30,2024-01-01,low,Hip,Alendronate; Denosumab,Don't know,x
b,Alder,71,Female,2024-02-03,2024-01-01,low,Hip,Magic,Don't know,x
,,,,,,,,,,
c,Alder,45,m,2023-02-03,2024-01-01,low,Wrist,,Don?t know,x
d,Alder,66.0,M,2024-02-03 00:00:00,45292,"a, b",Wrist,,Not started,x
"""


def test_every_kind_of_damage_is_named_and_mended_where_it_can_be(tmp_path):
    problems, rows = problems_in(file_with(tmp_path, MESSY))
    named = {(p.row, p.column, p.problem) for p in problems}
    for expected in {
        (None, "Extra", "column not known"),
        (None, "smoker", "column not in the file"),
        (None, "service", "column named differently"),
        (None, "fracture_type", "column named differently"),
        (2, "sex", "written differently"),
        (2, "fls_assessment_date", "date not in ISO form, read with the day first"),
        (2, "bone_therapy_16_weeks", "written differently"),
        (2, "index_site", "written differently"),
        (3, "age", "not a whole number"),
        (3, "fls_assessment_date", "not a date"),
        (3, "bone_therapy", "written differently"),
        (4, "bone_therapy", "not one of the options"),
        (4, "record_id", "record_id came before in the file"),
        (5, "", "nothing in the row"),
        (6, "age", "under 50 at the index diagnosis"),
        (6, "fls_assessment_date", "assessment before the index diagnosis"),
        (7, "index_diagnosis_date", "spreadsheet day number read as a date"),
        (None, "bone_therapy", "blank in 67 % of the rows"),
    }:
        assert expected in named, expected
    found = {row["record_id"]: row for row in rows}
    assert set(found) == {"a", "b", "c", "d"}
    assert found["a"]["fls_assessment_date"] == date(2024, 2, 1)
    assert found["a"]["bone_therapy_16_weeks"] == found["c"]["bone_therapy_16_weeks"] == "Don't know"
    assert found["a"]["index_site"] == "Spine"
    assert found["b"]["age"] is None
    assert found["b"]["bone_therapy"] == "Alendronate;Denosumab"
    assert found["d"]["age"] == 66
    assert found["d"]["index_diagnosis_date"] == date(2024, 1, 1)
    assert found["d"]["fracture_type"] == "a, b"


def test_rows_in_are_rows_kept_and_rows_rejected(tmp_path):
    with open_file(file_with(tmp_path, MESSY), AS_OF) as file:
        rejected = [problem for problem in file.problems() if problem.action == "row rejected"]
        assert file.rows == 6
        assert len(list(file.each())) + len(rejected) == file.rows
        assert file.rejected == len(rejected)


def test_an_old_encoding_is_read_and_told(tmp_path):
    path = file_with(tmp_path, "record_id,age,4.01 BoneTherapy\na,70,Don’t know\n", "cp1252")
    problems, rows = problems_in(path)
    assert rows[0]["bone_therapy"] == "Don't know"
    assert "not in UTF-8" in {problem.problem for problem in problems}


def test_uneven_lines_are_read_and_told(tmp_path):
    lines = "".join(f"r{number},70,Male,Alder\n" for number in range(30))
    path = file_with(tmp_path, f"record_id,age,sex,service\n{lines}short,71\n")
    problems, rows = problems_in(path)
    assert {row["record_id"]: row["age"] for row in rows}["short"] == 71
    assert any("uneven" in problem.problem for problem in problems)


def test_a_line_with_too_many_values_does_not_lose_the_rest(tmp_path):
    lines = "".join(f"r{number},70,Male,Alder\n" for number in range(30))
    path = file_with(
        tmp_path, f"record_id,age,sex,service\n{lines}long,71,Male,Alder,more\nnext,72,Male,Alder\n"
    )
    problems, rows = problems_in(path)
    assert {row["record_id"]: row["age"] for row in rows}["next"] == 72
    assert any("uneven" in problem.problem for problem in problems)


def test_rows_without_a_key_get_the_number_of_their_row(tmp_path):
    problems, rows = problems_in(file_with(tmp_path, "record_id,age\n,70\n,80\na,90\n"))
    assert {row["record_id"]: row["age"] for row in rows} == {"row 2": 70, "row 3": 80, "a": 90}
    assert ("record_id", 2) in {(p.column, p.count) for p in problems if p.problem == "no record_id"}
    _, rows = problems_in(file_with(tmp_path, "age\n70\n80\n"), service="Alder")
    assert {(row["record_id"], row["service"]) for row in rows} == {("2", "Alder"), ("3", "Alder")}


def test_a_user_can_say_what_a_heading_means(tmp_path):
    path = file_with(tmp_path, "age,first seen\n70,2024-01-05\n")
    _, rows = problems_in(path, columns={"first seen": "fls_contact_date"})
    assert rows[0]["fls_contact_date"] == date(2024, 1, 5)
    with pytest.raises(BadInput, match="no column 'second seen'"):
        problems_in(path, columns={"second seen": "fls_contact_date"})
    with pytest.raises(BadInput, match="shoe_size"):
        problems_in(path, columns={"first seen": "shoe_size"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"x,y\n1,2\n"),
        ("a.csv", b'age,sex\n70,"Male\n'),
        ("a.parquet", b"no"),
    ],
)
def test_what_is_no_flsdb_file_is_refused(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=name), open_file(tmp_path / name, AS_OF):
        pass


def test_typed_parquet_is_taken_as_it_is(tmp_path):
    path = tmp_path / "in.parquet"
    pq.write_table(
        pa.table({"age": [70], "index_diagnosis_date": [date(2024, 1, 1)], "t_score": [-2.5]}), path
    )
    _, rows = problems_in(path)
    assert (rows[0]["age"], rows[0]["index_diagnosis_date"], rows[0]["t_score"]) == (
        70,
        date(2024, 1, 1),
        -2.5,
    )


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        ("index_diagnosis_date", "2024-01-05", "2024-01-05"),
        ("index_diagnosis_date", "05/01/2024", "2024-01-05"),
        ("index_diagnosis_date", "5 Jan 2024", "2024-01-05"),
        ("index_diagnosis_date", "05-Jan-24", "2024-01-05"),
        ("index_diagnosis_date", "2024-01-05T00:00:00", "2024-01-05"),
        ("index_diagnosis_date", "01/25/2024", None),
        ("age", "75 years", "75"),
        ("age", "75.5", None),
        ("height_cm", "160,5 cm", "160.5"),
        ("bone_therapy", "alendronic acid", "Alendronate"),
        ("bone_therapy", "Donâ€™t know", "Don't know"),
        ("bone_therapy", "Magic;Denosumab", "Denosumab"),
        ("bone_therapy", "N/A", None),
        ("index_site", "non-hip non-spine", "Non hip/non spine"),
        ("followed_up_16_weeks", "deceased", "Died"),
    ],
)
def test_a_value_is_read_however_it_was_written(column, raw, value):
    assert mend(BY_NAME[column], raw).value == value


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_every_column_is_found_under_its_names(column):
    assert column_of(column.name) == column.name
    if column.in_export:
        assert column_of(column.header) == column.name
        assert column_of(f"{column.field} renamed by somebody") == column.name


def test_two_headings_for_one_column_do_not_fight():
    found = match(["Age at fracture", "age", "1.03 Gender"])
    assert found.found["age"] == "age"
    assert found.strange == ("Age at fracture",)


def breaking(check_id: str) -> dict[str, object]:
    """A row that breaks that check."""
    day = date(2024, 1, 1)
    good: dict[str, object] = {"record_id": "a", "age": 70, "sex": "Male", "index_site": "Hip"}
    good |= {"index_diagnosis_date": day, "fls_contact_date": day, "fls_assessment_date": day}
    later = AS_OF + timedelta(days=1)
    return (
        good
        | {
            "no-index-date": {"index_diagnosis_date": None},
            "under-50": {"age": 49},
            "implausible-age": {"age": 121},
            "no-age": {"age": None},
            "no-sex": {"sex": None},
            "no-site": {"index_site": None},
            "contact-before-diagnosis": {"fls_contact_date": day - timedelta(days=1)},
            "assessed-before-contact": {"fls_contact_date": day + timedelta(days=1)},
            "assessed-before-diagnosis": {"fls_assessment_date": day - timedelta(days=1)},
            "scan-not-ordered": {"dxa_date": day},
            "reason-though-ordered": {"dxa": "Ordered", "dxa_not_ordered_reason": "frail"},
            "third-without-second": {"third_site": "Hip"},
            "early-or-late-16": {"follow_up_16_weeks_date": day + timedelta(days=113)},
            "early-or-late-52": {"follow_up_52_weeks_date": day + timedelta(days=335)},
            "drug-without-follow-up-16": {"bone_therapy_16_weeks": "Denosumab"},
            "drug-without-follow-up-52": {"bone_therapy_52_weeks": "Denosumab", "followed_up_52_weeks": "No"},
            "died-before-index": {"death_date": day - timedelta(days=1)},
            "follow-up-after-death-16": {
                "death_date": day,
                "follow_up_16_weeks_date": day + timedelta(days=84),
            },
            "follow-up-after-death-52": {
                "death_date": day,
                "follow_up_52_weeks_date": day + timedelta(days=340),
            },
            "death-date-but-alive": {"death_date": day, "deceased": "No"},
            "index-in-future": {"index_diagnosis_date": later},
            "assessment-in-future": {"fls_assessment_date": later},
            "scan-in-future": {"dxa": "Ordered", "dxa_date": later},
            "follow-up-16-in-future": {"follow_up_16_weeks_date": later},
            "follow-up-52-in-future": {"follow_up_52_weeks_date": later},
        }[check_id]
    )


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.id)
def test_each_check_finds_the_row_that_breaks_it(check):
    found = {(p.column, p.problem) for p in mend_list([breaking(check.id)], Dataset.V2024, AS_OF)}
    assert (check.column, check.problem) in found


def test_a_good_row_has_nothing_to_mend():
    good = breaking("no-age") | {"age": 70}
    assert list(mend_list([good], Dataset.V2024, AS_OF)) == []


def test_the_mend_list_names_wrong_options_and_repeated_keys():
    good = breaking("no-age") | {"age": 70}
    rows = [
        good | {"index_site": "Non hip/non spine", "bone_therapy": "Alendronate;Denosumab"},
        good | {"index_site": "Wrist"},
        good | {"record_id": None},
    ]
    new = {(p.row, p.column, p.action) for p in mend_list(rows, Dataset.V2024, AS_OF)}
    assert new == {
        (1, "index_site", "mend"),
        (1, "bone_therapy", "look"),
        (2, "record_id", "mend"),
        (3, "record_id", "mend"),
    }
    old = {(p.row, p.column) for p in mend_list(rows, Dataset.V2020, AS_OF)}
    assert old == {(2, "record_id"), (3, "record_id")}


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ('b,"Alder,71,Male', {3: 3}),
        ('"b,Alder,71,Male', {3: 3}),
        ('b,"Al\nder",71,Male', {}),
        ('b,"Al\nder",71,Male\ne,"Alder,80,Male', {4: 5}),
    ],
)
def test_an_unclosed_quotation_mark_loses_its_own_line_and_no_other(broken, lost, tmp_path):
    text = f'record_id,service,age,sex\na,Alder,70,Male\n{broken}\nc,Alder,72,Male\nd,"Alder",seventy,Male\n'
    with open_file(file_with(tmp_path, text), AS_OF) as file:
        rows, problems = [row["record_id"] for row in file.each()], list(file.problems())
        rejected = {each.row: each.problem for each in problems if each.action == "row rejected"}
        assert rejected == {
            row: f"a quotation mark in line {line} is never closed" for row, line in lost.items()
        }
        assert set(rows) == {"a", "c", "d"} | ({"b"} if 'der",' in broken else set())
        assert file.rows == len(rows) + len(lost)
        assert file.rejected == len(lost)
        last = 5 + ("\ne," in broken)
        assert (last, "age") in {(each.row, each.column) for each in problems}


LINES = (
    "record_id,service,age,1.09 DateIndexFracDiagnosed,1.07 DateFLSAssess,4.01 BoneTherapy\n"
    "a,Alder,75,2024-01-01,2024-01-20,Alendronate\n"
    "b,Alder,70,2024-01-02,2024-01-21,Denosumab\n"
)
TOLD = "date not in ISO form, read with the day first"
DAMAGE = {
    "UTF-16": (LINES.encode("utf-16"), (None, "", "not in UTF-8")),
    "UTF-16 without its mark": (LINES.encode("utf-16-le"), (None, "", "not in UTF-8")),
    "lines above": (f"Our export\n\n{LINES}".encode(), (None, "", "2 lines above the headings")),
    "the sign told first": (f"sep=,\n{LINES}".encode(), (None, "", "a line above the headings")),
    "a title with other signs": (
        f"Saltby; Ashby; Thorpe; Holme; Kirkby; Wold; Export\n{LINES}".encode(),
        (None, "", "a line above the headings"),
    ),
    "semicolons under a title with commas": (
        f"Export, of, May, for, the, audit, Saltby\n{LINES.replace(',', ';')}".encode(),
        (None, "", "a line above the headings"),
    ),
    "an empty line between": (
        LINES.replace("b,", "\nb,").replace("70", "seventy").encode(),
        (4, "age", "not a whole number"),
    ),
    "signs beyond": (LINES.replace("ate\n", "ate,,\n").encode(), None),
    "values beyond": (
        LINES.replace("mab\n", "mab,x\n").encode(),
        (3, "", "uneven line: more values than headings"),
    ),
    "a short line": (f"{LINES}c,Alder\n".encode(), (4, "", "uneven line: fewer values than headings")),
    "a nought sign": (LINES.replace("Alder", "Al\x00der").encode(), None),
    "another time": (
        LINES.replace("2024-01-20", "Sat 20 Jan 2024 14:30").encode(),
        (2, "fls_assessment_date", TOLD),
    ),
    "month first": (
        LINES.replace("2024-01-20", "01/20/2024").encode(),
        (2, "fls_assessment_date", "not a date: there is no such month; is the month written first?"),
    ),
    "joined by another sign": (
        LINES.replace("Denosumab", '"Denosumab, Zoledronate"').encode(),
        (3, "bone_therapy", "options joined in another way"),
    ),
    "an error of a spreadsheet": (
        LINES.replace("Denosumab", "#REF!").encode(),
        (3, "bone_therapy", "an error of a spreadsheet"),
    ),
    "below nought": (LINES.replace("70", "-70").encode(), (3, "age", "below nought")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_more_damage_is_named_by_its_row_and_no_row_is_lost(damage, tmp_path):
    data, told = DAMAGE[damage]
    (tmp_path / "in.csv").write_bytes(data)
    problems, rows = problems_in(tmp_path / "in.csv")
    assert {"a", "b"} <= {row["record_id"] for row in rows}
    assert {row["service"] for row in rows} == {"Alder"}
    if told:
        assert told in {(each.row, each.column, each.problem) for each in problems}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            '{"record_id": "a", "age": 70}\nnot json\n{"record_id": "b", "age": "71 years"}\n',
            {"a": 70, "b": 71},
        ),
        ('[{"record_id": "a", "age": 70}, {"record_id": "b", "age": 71}]', {"a": 70, "b": 71}),
    ],
    ids=["a line that is none", "one list"],
)
def test_json_that_is_not_quite_lines_is_read(text, kept, tmp_path):
    (tmp_path / "in.jsonl").write_text(text)
    problems, rows = problems_in(tmp_path / "in.jsonl")
    assert {row["record_id"]: row["age"] for row in rows} == kept
    assert ((2, "the line is no JSON object") in {(each.row, each.problem) for each in problems}) is (
        "not json" in text
    )


def test_headings_alone_are_a_file_of_no_rows(tmp_path):
    with open_file(file_with(tmp_path, LINES.partition("\n")[0] + "\n"), AS_OF) as file:
        assert (file.rows, file.rejected, list(file.each())) == (0, 0, [])


@pytest.mark.parametrize(
    ("written", "day"),
    [("04/03/24", date(2024, 3, 4)), ("2024-03-04", date(2024, 3, 4)), ("infinity", None), ("04", None)],
)
def test_a_day_is_read_by_us_and_not_guessed_by_the_engine(written, day, tmp_path):
    path = file_with(tmp_path, f"record_id,age,index_diagnosis_date\na,70,{written}\n")
    problems, rows = problems_in(path)
    assert rows[0]["index_diagnosis_date"] == day
    assert any(each.column == "index_diagnosis_date" for each in problems) is (day is None or "/" in written)


def test_a_day_in_json_lines_has_the_day_first(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"record_id": "a", "index_diagnosis_date": "03-04-2025"}\n' * 2)
    _, rows = problems_in(path)
    assert {row["index_diagnosis_date"] for row in rows} == {date(2025, 4, 3)}


def test_a_key_that_begins_with_a_number_sign_is_no_comment(tmp_path):
    lines = "".join(f"{'#' if number % 7 == 0 else 'r'}{number},70\n" for number in range(40))
    with open_file(file_with(tmp_path, "record_id,age\n" + lines), AS_OF) as file:
        assert len(list(file.each())) == file.rows == 40


def test_a_heading_that_comes_late_in_json_lines_is_kept(tmp_path):
    path = tmp_path / "in.jsonl"
    lines = [f'{{"record_id": "r{number}"}}' for number in range(21_000)]
    path.write_text("\n".join([*lines, '{"record_id": "last", "age": 77}']) + "\n")
    _, rows = problems_in(path)
    assert {row["age"] for row in rows if row["record_id"] == "last"} == {77}
