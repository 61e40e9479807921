"""The quality pages: a figure, its download, its people and the command line agree; what is kept is kept and shown."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import product
from tempfile import gettempdir

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader
from typer.testing import CliRunner

import openfls.commands.all
import world
from openfls.integration.flsdb import csv_bytes
from openfls.integration.flsdb.writing import SCHEMA
from openfls.quality import SET_IDS, State, disclosure, measure_set
from openfls.record.flsdb import Dataset
from openfls.record.people import NHS_NUMBER
from openfls.record.sites import Site
from openfls.service import clock
from openfls.service.actions import assessing
from openfls.service.models import (
    AuditEvent,
    AuditSubmission,
    Change,
    Evidence,
    GapAction,
    MeasuredFile,
    OptOut,
    SharedResult,
)
from openfls.service.quality import ahead
from openfls.service.quality.audit_file import rows_of
from openfls.service.quality.series import OverTime
from openfls.service.roles import Role
from openfls.service.spans import Span, add_months, last_twelve_months, offered
from openfls.web.pages.quality.figures import over_time
from service import quality_world
from web.conftest import signed_in
from web.page import Page
from web.places import a_year_of_people

pytestmark = pytest.mark.django_db
SPAN = last_twelve_months(world.TODAY)
LISTED = ("flsdb", "pathway")
"""Sets whose lists of people are opened here, one compiled query each; the engines' tests hold the lists of all."""


def rows_in(answer) -> list[dict[str, str]]:
    """The rows of a CSV answer."""
    return list(csv.DictReader(StringIO(answer.getvalue().decode())))


def by_command_line(service, folder, set_id: str) -> dict[str, dict[str, str]]:
    """The same period counted by `openfls measure` over the rows of the service."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [row for _, row in rows_of(service, Span(None, None))]
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), folder / "rows.parquet")
    asked = [
        "measure",
        str(folder / "rows.parquet"),
        "--set",
        set_id,
        "--by",
        "all",
        "-o",
        str(folder / "out.csv"),
    ]
    asked += ["--as-of", world.TODAY.isoformat(), "--since", str(SPAN.since), "--until", str(SPAN.until)]
    asked += ["--caseload", str(service.expected_caseload)]
    done = CliRunner().invoke(openfls.commands.all.app, asked)
    assert done.exit_code == 0, done.output
    with (folder / "out.csv").open() as file:
        return {row["measure"]: row for row in csv.DictReader(file)}


def test_page_download_people_and_command_line_agree(client, nurse, tmp_path) -> None:
    nurse.service.expected_caseload = 120
    nurse.service.save()
    a_year_of_people(nurse)
    world.confirmed(nurse, on=world.TODAY - timedelta(days=600))
    for set_id in SET_IDS:
        folder = tmp_path / set_id
        folder.mkdir()
        check_that_they_agree(set_id, client, nurse, folder)


def check_that_they_agree(set_id, client, nurse, folder) -> None:
    """Of one set: page, download, the lists of people behind it, and the command line."""
    page = Page(client.get("/measures/", {"set": set_id}).content)
    downloaded = {
        row["measure"]: row
        for row in rows_in(client.get("/measures/results.csv", {"set": set_id, "use": "own"}))
    }
    counted = by_command_line(nurse.service, folder, set_id)
    chosen = measure_set(set_id)
    assert set(downloaded) == set(counted) == {measure.id for measure in chosen.measures}
    shown = {measure.id: cells for measure, cells in zip(chosen.measures, page.cells, strict=True)}
    people = csv_people(client, set_id, chosen) if set_id in LISTED else {}
    for measure in chosen.measures:
        row, line = downloaded[measure.id], counted[measure.id]
        for name in ("numerator", "denominator", "not_eligible", "unknown"):
            assert float(row[name]) == pytest.approx(float(line[name])), (measure.id, name)
        assert (row["rating"], row["open_until"]) == (line["rating"], line["open_until"])
        assert float(row["value"] or -1) == pytest.approx(float(line["value"] or -1))
        _, rating, met, of, unknown, not_eligible, _ = shown[measure.id]
        assert float(met) == pytest.approx(float(row["numerator"]))
        assert float(of.split()[0]) == pytest.approx(float(row["denominator"]), rel=1e-3)
        assert (unknown, not_eligible) == (row["unknown"], row["not_eligible"])
        assert rating.partition(" ")[0] == (f"{100 * float(row['value']):.0f}" if row["value"] else "–")
        if set_id not in LISTED:
            continue
        states = [each["state"] for each in people[measure.id]]
        assert states.count(State.NOT_ELIGIBLE) == int(row["not_eligible"])
        assert states.count(State.UNKNOWN) == int(row["unknown"])
        if measure.basis != "fields":
            assert states.count(State.MET) == float(row["numerator"])
        if measure.basis == "people":
            assert states.count(State.NOT_MET) == float(row["denominator"]) - float(row["numerator"])


def csv_people(client, set_id, chosen) -> dict[str, list[dict[str, str]]]:
    """The downloaded lists of people by measure; each is as long as its tabs say."""
    found = {}
    for measure in chosen.measures:
        found[measure.id] = rows_in(
            client.get(f"/measures/{measure.id}/people.csv", {"set": set_id, "use": "own"})
        )
        page = Page(client.get(f"/measures/{measure.id}/", {"set": set_id}).content)
        number = sum(each["state"] == State.NOT_MET for each in found[measure.id])
        assert f"Not met {number}" in page.words
        assert all(each["reason"] and each["name"] for each in found[measure.id])
    return found


def test_each_person_not_met_has_the_act_that_mends(client, nurse) -> None:
    episode = world.confirmed(nurse, on=world.TODAY - timedelta(days=120))
    body = client.get("/measures/kpi4/").content.decode()
    assert f"/episodes/{episode.pk}/assessment/" in body
    assert "no assessment date, and day 90 has passed" in body


def test_the_person_page_lists_what_is_missing(client, nurse) -> None:
    episode = world.confirmed(nurse, on=world.TODAY - timedelta(days=120))
    words = Page(client.get(f"/people/{episode.person_id}/").content).words
    assert "What is missing for the audit" in words
    assert "Assessed within 90 days : no assessment date, and day 90 has passed" in words.replace(
        "days:", "days :"
    )


@pytest.mark.parametrize("kind", ["xmr", "run"])
@pytest.mark.parametrize("by", ["month", "quarter"])
def test_a_chart_has_its_table_and_its_files(kind, by, client, nurse) -> None:
    a_year_of_people(nurse)
    quality_world.change(nurse)
    query = {"chart": kind, "by": by}
    page = client.get("/measures/kpi4/over-time/", query)
    assert b"<svg" in page.content
    assert "Calls in the evening" in Page(page.content).words
    table = rows_in(client.get("/measures/kpi4/over-time.csv", query | {"use": "own"}))
    assert {"since", "numerator", "signals"} <= set(table[0])
    assert client.get("/measures/kpi4/over-time.svg", query).content.startswith(b"<svg")


TAKEN = (
    *("measures/results.csv", "measures/kpi4/people.csv", "measures/kpi4/over-time.csv"),
    *("measures/kpi4/over-time.svg", "quality/pathway.csv", "quality/pathway.svg", "quality/times.csv"),
)


@pytest.mark.parametrize("path", TAKEN)
def test_what_is_taken_away_is_rounded_unless_for_own_use_and_either_is_recorded(path, client, nurse) -> None:
    """Three people: every count is small. None of it is in the file that may be passed on."""
    people = [world.assessed(nurse, on=world.TODAY - timedelta(days=days)).person for days in (150, 160)]
    world.confirmed(nurse, on=world.TODAY - timedelta(days=155))
    answers = {use: client.get(f"/{path}", {"use": use} if use else {}) for use in ("", "own")}
    texts = {use: b"".join(answer).decode() for use, answer in answers.items()}
    if path.endswith("people.csv"):
        assert len(texts[""].splitlines()) == 1, "no reason of a year is 5"
    else:
        assert any(words in texts[""] for words in ("under 5", "too few"))
    assert "under" not in texts["own"]
    assert not any(person.family_name.upper() in texts[""].upper() for person in people)
    assert "own-use" in answers["own"].headers["Content-Disposition"]
    assert "own-use" not in answers[""].headers["Content-Disposition"]
    taken = AuditEvent.objects.filter(action="figures.take").order_by("pk")
    assert [event.detail["exact"] for event in taken] == [False, True]
    assert path.rpartition("/")[2].partition(".")[2] in taken[0].subject
    for line in csv.DictReader(StringIO(texts[""])) if path.endswith(".csv") else ():
        if line.get("measure") == "kpi1":
            continue  # counts fields
        for name in ("numerator", "denominator", "unknown", "not_eligible", "made", "not_made_or_not_yet"):
            told = line.get(name) or "under 5"  # who is found made no step before
            assert told in ("under 5", "under 9", "not passed on"), (name, line)


def test_an_open_month_is_marked_and_left_out_of_the_rules(client, nurse) -> None:
    """Month after month one of two is assessed in time; of the last months, which are open, only the met ones count."""
    for months in range(1, 14):
        day = add_months(world.TODAY, -months) + timedelta(days=2)
        world.assessed(nurse, on=day) if months < 4 else world.confirmed(nurse, on=day)
    chosen = measure_set("flsdb")
    figure = over_time(OverTime(nurse.service, chosen, chosen.measure("kpi4"), world.TODAY))
    still = [line.open_until for line in figure.lines]
    assert [bool(day) for day in still] == [False] * 10 + [True] * 3
    assert still[-1] == date(2026, 5, 31) + timedelta(days=90)
    judged = [line.point.percent for line in figure.lines if not line.open_until]
    assert set(judged) == {0.0}
    assert "mean 0 %" in figure.svg
    assert "0 % in February 2026 (0 of 1); 3 still open; no change beyond chance lately" in figure.title
    words = Page(client.get("/measures/kpi4/over-time/").content).words
    assert "to 29 August 2026" in words


def test_care_home_is_not_compared_where_the_assessment_itself_tells_it(client, nurse) -> None:
    """Asked at the assessment, it would say that all who were asked were asked."""
    on = world.TODAY - timedelta(days=150)
    told = world.confirmed(nurse, on=on)
    assessing.answer(episode=told, answers={"care_home": False, "falls_last_year": 0}, by=nurse)
    with clock.at(world.at_noon(on + timedelta(days=20))):
        assessing.finish(episode=told, assessed_on=on + timedelta(days=20), by=nurse)
    world.confirmed(nurse, on=on)
    other = world.confirmed(nurse, on=on)
    words = {key: Page(client.get(f"/measures/{key}/over-time/").content).words for key in ("kpi4", "kpi7")}
    assert "Not compared: it is asked at the assessment" in words["kpi4"]
    assert "Care home of those assessed" in words["kpi7"]
    listed = Page(client.get("/measures/kpi7/", {"split": "care_home", "value": "not recorded"}).content)
    assert "Nobody." in listed.words, "the list compares whom the figure compares"
    assessing.answer(episode=other, answers={"care_home": True}, by=nurse)
    assert "Not compared" not in Page(client.get("/measures/kpi4/over-time/").content).words


def test_where_people_are_lost_shows_a_period_whose_people_could_reach_a_year(client, nurse) -> None:
    world.confirmed(nurse, on=world.TODAY - timedelta(days=100))
    recent = Page(client.get("/quality/pathway/").content).words
    assert f"The same as a table, {SPAN.words}" in recent
    assert "Too early to say for some: who was diagnosed after 4 May 2025" in recent
    world.confirmed(nurse, on=world.TODAY - timedelta(days=600))
    assert "The same as a table, June 2024 to May 2025" in Page(client.get("/quality/pathway/").content).words
    assert rows_in(client.get("/quality/pathway.csv", {"use": "own"}))[0]["since"] == "2024-06-01"
    longer = client.get("/quality/pathway/", {"period": "2024-01.2024-12"}).content
    assert "Too early" not in Page(longer).words
    assert client.get("/quality/times/").content.count(SPAN.words.encode())


def test_a_guessed_caseload_is_not_rated(client, nurse) -> None:
    for _ in range(2):
        world.confirmed(nurse, on=world.TODAY - timedelta(days=100), site=Site.HIP)
    row = next(
        row
        for row in rows_in(client.get("/measures/results.csv", {"use": "own"}))
        if row["measure"] == "kpi2"
    )
    assert (row["value"] != "", row["rating"]) == (True, "")
    assert "not rated: the caseload is a guess" in Page(client.get("/measures/").content).words
    nurse.service.expected_caseload = 2
    nurse.service.save()
    row = next(
        row
        for row in rows_in(client.get("/measures/results.csv", {"use": "own"}))
        if row["measure"] == "kpi2"
    )
    assert row["rating"] == "green"
    assert "the caseload is a guess" not in Page(client.get("/measures/").content).words


def test_a_chart_can_be_taken_as_png(client, nurse) -> None:
    world.confirmed(nurse)
    assert client.get("/quality/pathway.png").content.startswith(b"\x89PNG")


def test_a_change_is_kept_and_learned_from(client, nurse) -> None:
    sent = {"title": "Evening calls", "measure": "flsdb.kpi4", "plan": "80 %", "began_on": "1 4 2026"}
    refused = client.post("/quality/changes/", sent | {"began_on": "never"})
    assert refused.status_code == 422
    assert "Enter a date" in Page(refused.content).words
    made = client.post("/quality/changes/", sent)
    change = Change.objects.get()
    assert made.headers["Location"] == f"/quality/changes/{change.pk}/"
    client.post(f"/quality/changes/{change.pk}/", {"studied": "It rose by a tenth"})
    assert "It rose by a tenth" in Page(client.get("/quality/changes/").content).words


def test_evidence_closes_a_gap_until_it_runs_out(client, nurse) -> None:
    missing = "Peer review: nothing that holds today"
    assert missing in Page(client.get("/quality/standards/").content).words
    sent = {
        "attest": "1",
        "evidence-kind": "peer_review",
        "evidence-words": "Visit",
        "evidence-on": "1 5 2026",
    }
    sent |= {"evidence-owner": "Dr Example", "evidence-holds_until": "1 5 2027"}
    client.post("/quality/standards/10/", sent)
    assert missing not in Page(client.get("/quality/standards/10/").content).words
    Evidence.objects.update(holds_until=world.TODAY - timedelta(days=1))
    assert missing in Page(client.get("/quality/standards/10/").content).words


def test_a_gap_gets_an_owner_and_is_done(client, nurse) -> None:
    sent = {"plan": "1", "gap-words": "Book it", "gap-owner": "A nurse", "gap-due": "1 9 2026"}
    client.post("/quality/standards/9/", sent)
    gap = GapAction.objects.get()
    assert "Book it" in Page(client.get("/quality/standards/").content).words
    client.post("/quality/standards/9/", {"done": gap.pk})
    assert GapAction.objects.get().done_on == world.TODAY


def test_a_viewer_sees_and_changes_nothing(nurse) -> None:
    viewer = signed_in(world.member(nurse.service, Role.VIEWER, "viewer"))
    assert "Keep a change" not in Page(viewer.get("/quality/changes/").content).words
    for path in ("changes/", "standards/9/", "facilities/", "other-services/", "audit-file/"):
        assert viewer.post(f"/quality/{path}", {"title": "x"}).status_code == 403, path


@pytest.mark.parametrize("name", ["board-report", "ten-standards"])
def test_a_report_leaves_without_a_small_number(name, client, nurse) -> None:
    a_year_of_people(nurse)
    answer = client.get(f"/quality/{name}.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "June 2025 to May 2026" in text
    words = " ".join(text.split())
    assert "under 5" in words
    assert "multiples of 5" in words
    if name == "board-report":
        exact = client.get(f"/quality/{name}.pdf", {"use": "own"})
        assert "own-use" in exact.headers["Content-Disposition"]
        told = " ".join(page.extract_text() for page in PdfReader(BytesIO(exact.content)).pages)
        assert "not to be passed on" in " ".join(told.split())
        assert "under 5" not in told


def test_the_audit_file_is_made_kept_and_downloaded(client, nurse) -> None:
    episode = world.planned(nurse)
    page = Page(client.get("/quality/audit-file/").content)
    assert "1 row would go" in page.words
    assert "not been looked up for 1." in page.words
    refused = client.post("/quality/audit-file/", {"dataset": "2020", "because": "untold"}, follow=True)
    assert "Look it up, or make the file all the same and say why" in Page(refused.content).words
    assert not AuditSubmission.objects.exists()
    ticked = {"dataset": "2020", "all_the_same": "yes", "because": "the list is late"}
    client.post("/quality/audit-file/", ticked)
    made = AuditSubmission.objects.get()
    answer = client.get(f"/quality/audit-file/{made.pk}.csv")
    assert str(episode.pk) in answer.content.decode()
    assert made.name in answer.headers["Content-Disposition"]


def test_an_opt_out_is_kept_on_the_person(client, nurse) -> None:
    person = world.confirmed(nurse).person
    path = f"/people/{person.pk}/opt-out/"
    assert client.post(path, {"opted_out": "yes"}).status_code == 422
    client.post(path, {"opted_out": "yes", "checked_on": "1 6 2026"})
    assert "Set , looked up on 1 June 2026" in Page(client.get(path).content).words.replace("Set,", "Set ,")
    assert "there is nothing to send" not in Page(client.get("/quality/audit-file/").content).words
    assert client.get("/quality/audit-file/").content.count(b"left out: opted out") == 1


def test_a_list_of_nhs_numbers_is_taken_over_and_told_of(client, nurse) -> None:
    listed, other = world.confirmed(nurse).person, world.confirmed(nurse).person
    number = listed.identifiers.get(system=NHS_NUMBER).value
    text = f"NHS number\n{number}\n{world.nhs_number()}\n9990000000\n{number}\n"
    given = {"opted_out": "yes", "whole": "yes", "checked_on": "1 6 2026"}

    def sent(content: str = text, **more: str) -> Page:
        file = SimpleUploadedFile("list.csv", content.encode())
        return Page(client.post("/quality/opt-outs/?period=all", given | more | {"list": file}).content)

    words = sent(check="1").words
    for said in (
        "1 of the list is a person of this service",
        "1 more of all time is not in it and is kept as the opposite",
        "1 number is of nobody in this service",
        "2 lines could not be taken",
        "the same as in row 2",
        "not an NHS number",
    ):
        assert said in words, said
    assert not OptOut.objects.exists(), "looking keeps nothing"
    assert "could not be read: 1" in sent(keep="1").words
    assert not OptOut.objects.exists(), "whoever the line names would be kept as the opposite"
    readable = text.replace("9990000000\n", "")
    assert "Kept for 2 people" in sent(readable, keep="1").words
    assert {(row.person_id, row.opted_out) for row in OptOut.objects.all()} == {
        (listed.pk, True),
        (other.pk, False),
    }
    assert "Enter the day" in sent(readable, keep="1", checked_on="").words
    assert "Choose a file" in Page(client.post("/quality/opt-outs/", given | {"keep": "1"}).content).words


DAMAGED = (
    "ID;AgeAtFracture;Gender;1.09 Date Index Frac Diagnosed;SiteFirstFrac;BoneTherapy;DateFLSAssess;Mystery\n"
    "1;70;F;27/03/2025;Hip;Alendronate;01/04/2025;x\n"
    "2;82 years;Female;2025-05-01;Spine;Don\u00edt know;;y\n"
    "2;82;Female;2025-05-01;Spine;;;\n"
    "3;;Male;yesterday;Wrist;Alendronate;Denosumab;2025-07-01;\n"
)


def test_a_damaged_file_is_measured_and_each_fault_named(client, nurse) -> None:
    answer = client.post(
        "/quality/measure-a-file/", {"file": SimpleUploadedFile("theirs.csv", DAMAGED.encode("cp1252"))}
    )
    assert answer.status_code == 200
    words = Page(answer.content).words
    for said in (
        "not in UTF-8",
        "column named differently",
        "not a date",
        "Mystery",
        "day first",
        "column not in the file",
    ):
        assert said in words, said
    assert "Assessed within 90 days" in words
    assert "cannot be counted: no column for 5.01" in words
    assert "the caseload is a guess" in words
    assert not MeasuredFile.objects.exists(), "nothing is kept unless asked"


def test_a_result_is_kept_only_when_asked_and_not_if_changed(client, nurse) -> None:
    world.planned(nurse)
    rows = csv_bytes([row for _, row in rows_of(nurse.service, Span(None, None))], Dataset.V2024)
    page = Page(client.post("/quality/measure-a-file/", {"file": SimpleUploadedFile("a.csv", rows)}).content)
    signed = page.fields["signed"]
    client.post("/quality/measure-a-file/", {"signed": signed + "x", "keep": "1"})
    assert not MeasuredFile.objects.exists()
    client.post("/quality/measure-a-file/", {"signed": signed, "keep": "1"})
    kept = MeasuredFile.objects.get()
    assert "Assessed within 90 days" in Page(client.get(f"/quality/measure-a-file/{kept.pk}/").content).words
    tables = {
        use: rows_in(client.post("/quality/measure-a-file/", {"signed": signed, use: "1"}))
        for use in ("csv", "csv_own")
    }
    for table in tables.values():
        assert {row["measure"] for row in table} == {measure.id for measure in measure_set("flsdb").measures}
    assert (tables["csv"][1]["numerator"], tables["csv_own"][1]["numerator"]) == ("under 5", "1")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.csv", b"shoe,size\n1,2\n"),
        ("a.csv", b'1.11 SiteFirstFrac;"1.03 Gender\nHip;Male\n'),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_line(name, data, client) -> None:
    answer = client.post("/quality/measure-a-file/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    page = Page(answer.content)
    assert page.summary
    assert name in page.words
    assert gettempdir() not in page.words


def test_other_services_see_what_is_shared_and_nothing_small(client, nurse, neighbour) -> None:
    for days in (100, 120, 140):
        world.confirmed(nurse, on=world.TODAY - timedelta(days=days))
    over = "2025-03.2026-02"
    client.post(f"/quality/other-services/?period={over}")
    shared = SharedResult.objects.get()
    assert shared.results["kpi4"] == [0, 0]
    asked = {"measure": "kpi4", "period": over}
    theirs = Page(signed_in(neighbour).get("/quality/other-services/", asked).content)
    assert ["North Fracture Liaison Service", "under 5", "under 9", "too few"] in theirs.cells
    client.post("/quality/other-services/", {"withdraw": shared.pk})
    assert (
        "No service shares" in Page(signed_in(neighbour).get("/quality/other-services/", asked).content).words
    )


def test_what_is_still_open_is_neither_rated_nor_shared_as_if_it_were_final(client, nurse) -> None:
    """Twelve months up to yesterday: half of the measures have people within their window."""
    nurse.service.expected_caseload = 120
    nurse.service.save()
    for months in (2, 6, 15):  # the first within 90 days, the last within the newest year that is over
        world.confirmed(nurse, on=add_months(world.TODAY, -months) + timedelta(days=2))
    page = Page(client.get("/measures/").content)
    cells = {row[0]: row for row in page.cells}
    (assessed,) = [row for name, row in cells.items() if name.startswith("Assessed within 90 days")]
    assert "so far: still open to 29 August 2026, not rated" in assessed[1]
    assert "0 % red complete: March 2025 to February 2026" in assessed[1]
    for use in ("", "own"):
        lines = rows_in(client.get("/measures/results.csv", {"use": use} if use else {}))
        told = {row["measure"]: (row["rating"], row["open_until"]) for row in lines}
        assert told["kpi4"] == ("", "2026-08-29")
        assert told["kpi2"][1] == ""
    board = "".join(
        each.extract_text()
        for each in PdfReader(BytesIO(client.get("/quality/board-report.pdf").content)).pages
    )
    assert "still open to 29 August 2026" in " ".join(board.split())
    client.post("/quality/other-services/")
    assert "kpi4" not in SharedResult.objects.get().results
    words = Page(client.get("/quality/other-services/", {"measure": "kpi4"}).content).words
    assert "still open when it was shared" in words
    refused = client.post("/quality/other-services/?set=own-the-bone", follow=True)
    assert "the first measure is open to 29 August 2026" in Page(refused.content).words


def test_every_file_to_pass_on_is_a_part_of_the_same_running_totals(client, nurse) -> None:
    """Whatever period, chart, list or group an address names: nothing is in a file that the months do not tell."""
    with world.many():
        for place in range(36):
            day = date(2024, 7, 2) + timedelta(days=13 * place)
            with clock.at(world.at_noon(day + timedelta(days=20))):
                world.assessed(nurse, on=day) if place % 3 else world.confirmed(nurse, on=day)
    told = {"under 5": 0, "under 9": 0}
    months = rows_in(client.get("/measures/kpi4/over-time.csv"))
    met = {row["since"]: told.get(row["numerator"], row["numerator"]) for row in months}
    of = {row["since"]: told.get(row["denominator"], row["denominator"]) for row in months}
    periods = [key for key, _ in offered(world.TODAY)] + [
        "2024-08.2025-03",
        "2025-02.2025-02",
        "2024-01.2024-12",
    ]
    quarters = rows_in(client.get("/measures/kpi4/over-time.csv", {"by": "quarter"}))
    taken = [(row["since"], row["until"], row) for row in quarters]
    for key in periods:
        (row,) = [
            row
            for row in rows_in(client.get("/measures/results.csv", {"period": key}))
            if row["measure"] == "kpi4"
        ]
        taken.append((row["since"] or "2024-06", row["until"] or "2026-05-31", row))
    for since, until, row in taken:
        inside = [month for month in met if since <= month <= until]
        for name, known in (("numerator", met), ("denominator", of)):
            assert int(told.get(row[name], row[name])) == sum(int(known[month]) for month in inside), (
                row,
                name,
            )
        assert row["not_eligible"] == row["unknown"] == "not passed on"
    whys = client.get("/measures/kpi4/people.csv").getvalue()
    for query in (
        {"state": "met"},
        {"split": "sex", "value": "Female"},
        {"period": "2025-01.2025-03", "state": "x"},
    ):
        assert client.get("/measures/kpi4/people.csv", query).getvalue() == whys
    by_year = {row["year"]: int(row["people"]) for row in csv.DictReader(StringIO(whys.decode()))}
    missed = {month: int(of[month]) - int(met[month]) for month in met}
    for year, people in by_year.items():
        assert people == sum(count for month, count in missed.items() if month.startswith(year))


def test_the_lines_of_a_chart_to_pass_on_are_of_what_is_shown(client, nurse, monkeypatch) -> None:
    """Were they of the exact numbers, the mean would tell more than the numbers do."""
    monkeypatch.setattr(disclosure, "WIDEST", 100.0)  # so that months of five have percentages
    with world.many():
        for months, place in product(range(4, 14), range(6)):
            day = add_months(world.TODAY, -months) + timedelta(days=2)
            with clock.at(world.at_noon(day + timedelta(days=20))):
                world.assessed(nurse, on=day) if months != 9 or place < 3 else world.confirmed(nurse, on=day)
    chosen = measure_set("flsdb")
    exact, told = (
        over_time(OverTime(nurse.service, chosen, chosen.measure("kpi4"), world.TODAY, to_pass_on=leaves))
        for leaves in (False, True)
    )
    assert "mean 95 %" in exact.svg
    assert "mean 100 %" in told.svg
    assert "Numbers rounded to 5, none exact." in told.svg
    assert not any(line.signals for line in told.lines)


def test_a_service_cannot_take_back_what_another_shared(client, nurse, neighbour) -> None:
    shared = quality_world.shared(neighbour)
    assert client.post("/quality/other-services/", {"withdraw": shared.pk}).status_code == 404


def test_facilities_are_kept_and_refused_in_words(client, nurse) -> None:
    refused = client.post("/quality/facilities/", {"nurses": "several"})
    assert refused.status_code == 422
    assert refused.content.count(b"enter a number") == 2
    client.post("/quality/facilities/", {"nurses": "2.5", "place": "Acute"})
    table = {row["question"]: row["answer"] for row in rows_in(client.get("/quality/facilities.csv"))}
    assert (table["Nurses"], table["Where it is delivered"]) == ("2.5", "Acute")


def test_the_nation_names_its_sources(client, nurse) -> None:
    words = Page(client.get("/quality/nation/").content).words
    assert "42 %" in words
    assert "Some 264,000 fractures a year are not in the national audit" in words


def test_a_first_look_that_takes_long_is_told_and_comes_back(client, nurse, monkeypatch) -> None:
    monkeypatch.setattr(ahead, "are_judged", lambda *_: False)
    monkeypatch.setattr(ahead, "is_listed", lambda *_: False)
    for path in ("/measures/", "/measures/kpi4/", "/quality/pathway/", "/quality/audit-file/"):
        answer = client.get(path, {"period": "2025-01.2025-12"})
        assert (answer.status_code, answer["Refresh"]) == (202, "3"), path
        page = Page(answer.content)
        assert "fractures are" in page.words
        assert f"{path}?period=2025-01.2025-12" in answer.content.decode()


def test_a_change_kept_wrongly_is_put_right_or_taken_away(client, nurse) -> None:
    made = quality_world.change(nurse)
    path, chart = f"/quality/changes/{made.pk}/", "/measures/kpi4/over-time/"
    told = {
        "put_right": "1",
        "plan-title": "Calls at noon",
        "plan-measure": "flsdb.kpi4",
        "plan-plan": "80 %",
    }
    refused = client.post(path, told | {"plan-began_on": "1 1 1800"})
    assert refused.status_code == 422
    assert "The first day lies between the year 2000" in Page(refused.content).words
    client.post(path, told | {"plan-began_on": "1 3 2026"})
    assert "Calls at noon from 1 March 2026, outside of the chart" in Page(client.get(chart).content).words
    ahead_of_us = client.post(path, {"did": "Called", "ended_on": "1 1 2031"})
    assert "The last day lies ahead" in Page(ahead_of_us.content).words
    client.post(path, {"withdraw": "1"})
    assert "Calls at noon" not in Page(client.get(chart).content).words
    assert "No change is kept yet" in Page(client.get("/quality/changes/").content).words
    client.post(path, {"withdraw": "back"})
    assert "Calls at noon" in Page(client.get("/quality/changes/").content).words


def test_results_are_not_taken_back_twice(client, nurse) -> None:
    shared = quality_world.shared(nurse)
    for words in ("no other service sees them", "taken back already, or shared anew"):
        answer = client.post("/quality/other-services/", {"withdraw": shared.pk}, follow=True)
        assert words in Page(answer.content).words
