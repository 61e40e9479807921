"""The national file: who is in it, what is kept of it, and the same rows when it is read again."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

import world
from openfls.integration.flsdb import csv_bytes, export_columns, export_row, export_schema, open_file
from openfls.integration.opt_out_list import read_list
from openfls.record.flsdb import Dataset
from openfls.record.pathway import NotPossible
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, AuditSubmission
from openfls.service.quality.audit_file import (
    content_of,
    keep_opt_out,
    make_file,
    opt_out_of,
    prepare,
    rows_of,
    to_mend,
)
from openfls.service.quality.deaths import as_sent, is_untold
from openfls.service.quality.measured_files import measure_bytes
from openfls.service.quality.measures import measures_of
from openfls.service.quality.opt_out_lists import keep_list
from openfls.service.spans import Span
from service.quality_world import number_of

ALL, AS_OF = Span(None, None), world.TODAY


def test_who_has_opted_out_is_left_out_and_counted(nurse: Actor) -> None:
    one, other, third = (world.planned(nurse) for _ in range(3))
    keep_opt_out(person=one.person, opted_out=True, checked_on=AS_OF, by=nurse)
    keep_opt_out(person=other.person, opted_out=False, checked_on=AS_OF, by=nurse)
    prepared = prepare(nurse.service, ALL)
    assert {row["record_id"] for row in prepared.rows} == {str(other.pk), str(third.pk)}
    assert (prepared.opted_out, prepared.not_checked) == (1, 1)
    assert {row.numerator for row in measures_of(nurse.service, AS_OF) if row.key == "kpi2"} == {3.0}


def test_the_newest_look_counts(nurse: Actor) -> None:
    person = world.confirmed(nurse).person
    keep_opt_out(person=person, opted_out=True, checked_on=AS_OF - timedelta(days=9), by=nurse)
    keep_opt_out(person=person, opted_out=False, checked_on=AS_OF, by=nurse)
    known = opt_out_of(person)
    assert known is not None
    assert not known.opted_out
    assert prepare(nurse.service, ALL).opted_out == 0
    with pytest.raises(NotPossible):
        keep_opt_out(person=person, opted_out=True, checked_on=AS_OF + timedelta(days=1), by=nurse)


def test_what_was_made_is_kept_as_it_left(nurse: Actor) -> None:
    world.planned(nurse)
    with pytest.raises(NotPossible, match="not been looked up for 1 "):
        make_file(dataset=Dataset.V2024, span=ALL, unchecked_because="  ", by=nurse)
    made = make_file(dataset=Dataset.V2024, span=ALL, unchecked_because="the list is late", by=nurse)
    logged = AuditEvent.objects.get(action="audit_file.make").detail
    assert (logged["not_checked"], logged["unchecked_because"]) == (1, "the list is late")
    world.planned(nurse)
    content = content_of(AuditSubmission.objects.get(pk=made.pk))
    assert (made.rows, made.not_checked, content.count(b"\n")) == (1, 1, 2)
    assert made.sha256 in AuditSubmission.objects.get(pk=made.pk).sha256
    AuditSubmission.objects.filter(pk=made.pk).update(content=gzip.compress(content + b"x"))
    with pytest.raises(NotPossible, match="hash"):
        content_of(AuditSubmission.objects.get(pk=made.pk))


def test_nothing_to_send_is_no_file(nurse: Actor) -> None:
    with pytest.raises(NotPossible):
        make_file(dataset=Dataset.V2024, span=ALL, by=nurse)


@pytest.mark.parametrize("dataset", Dataset)
def test_the_file_read_again_has_the_same_rows(nurse: Actor, tmp_path: Path, dataset: Dataset) -> None:
    world.planned(nurse)
    world.confirmed(nurse)
    rows = [row for _, row in rows_of(nurse.service, ALL)]
    (tmp_path / "out.csv").write_bytes(csv_bytes(rows, dataset))
    with open_file(tmp_path / "out.csv", AS_OF) as file:
        again = sorted(file.each(), key=lambda row: row["record_id"])
    for before, after in zip(sorted(rows, key=lambda row: row["record_id"]), again, strict=True):
        for column in export_columns():
            told = export_row(before, dataset)[column.header or column.name]
            assert after[column.name] == (told or None), column.name
    assert export_schema().names[0] == "record_id"


def test_the_mend_list_names_the_field(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    episode.person.birth_date = None
    prepared = prepare(nurse.service, ALL)
    rows = ({**prepared.rows[0], "index_site": None},)
    problems = to_mend(type(prepared)(rows, 0, 0), Dataset.V2024, AS_OF)
    assert ("index_site", "mend") in {(each.column, each.action) for each in problems}
    assert {each.record_id for each in problems} == {str(episode.pk)}


def test_a_file_of_ours_measured_as_a_file_gives_our_figures(nurse: Actor) -> None:
    world.planned(nurse)
    world.confirmed(nurse, on=AS_OF - timedelta(days=200))
    rows = [row for _, row in rows_of(nurse.service, ALL)]
    result = measure_bytes("ours.csv", csv_bytes(rows, Dataset.V2024))
    theirs = {row["measure"]: (row["numerator"], row["denominator"]) for row in result["results"]}
    ours = {row.key: (row.numerator, row.denominator) for row in measures_of(nurse.service, AS_OF)}
    assert theirs == ours


def test_a_list_with_a_line_that_cannot_be_read_says_nothing_of_everybody_else(nurse: Actor) -> None:
    numbers = f"{number_of(nurse)}\n9.43477E+09\n".encode()
    told = {"entries": read_list(numbers), "opted_out": True, "checked_on": AS_OF, "by": nurse}
    with pytest.raises(NotPossible, match="could not be read: 1"):
        keep_list(**told, whole_of=ALL)
    assert keep_list(**told).of_list == 1


@pytest.mark.parametrize(
    ("days", "at_16", "at_52", "sent"),
    [
        (112, None, None, ("Died", None)),
        (113, None, None, (None, None)),
        (-1, None, None, (None, None)),
        (40, "Yes", None, ("Yes", None)),
        (300, "Yes", "Died", ("Yes", "No")),
        (None, None, None, (None, None)),
    ],
)
def test_the_file_tells_of_a_death_as_far_as_its_fields_can(days, at_16, at_52, sent) -> None:
    """As the database gives the days: text on SQLite, dates on PostgreSQL."""
    index = AS_OF - timedelta(days=400)
    died = None if days is None else index + timedelta(days=days)
    row = {
        "index_diagnosis_date": index,
        "death_date": died,
        "deceased": "Yes",
        "followed_up_16_weeks": at_16,
        "followed_up_52_weeks": at_52,
    }
    as_text = row | {"index_diagnosis_date": str(index), "death_date": died and str(died)}
    for each in (row, as_text):
        found = as_sent(each)
        assert (found["followed_up_16_weeks"], found["followed_up_52_weeks"]) == sent
        assert is_untold(found) == (sent[0] != "Died")
