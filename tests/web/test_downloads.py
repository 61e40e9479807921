"""The CSV of a worklist, and the PDF of a letter."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

import world
from openfls.record.cells import safe_cell
from web.places import letter

pytestmark = pytest.mark.django_db


def rows_of(client, key: str) -> list[dict[str, str]]:
    """The rows of a downloaded list."""
    answer = client.get(f"/worklist/{key}.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{key}.csv"'
    return list(csv.DictReader(StringIO(b"".join(answer).decode())))


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+44 1632", "'+44 1632"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("", ""),
        ("O'Neill", "O'Neill"),
        ("a=b", "a=b"),
    ],
)
def test_a_cell_is_never_a_formula(value: str, safe: str) -> None:
    assert safe_cell(value) == safe


def test_a_name_that_is_a_formula_leaves_as_text(client, nurse) -> None:
    world.found(nurse.service, person=world.demographics(family_name="=cmd|' /C calc'!A0"))
    (row,) = rows_of(client, "to-confirm")
    assert row["name"].startswith("'=CMD|")


def test_the_file_holds_the_list(client, nurse) -> None:
    first, second = world.found(nurse.service), world.found(nurse.service)
    world.confirmed(nurse)
    rows = rows_of(client, "to-confirm")
    numbers = {episode.person.identifiers.get().value for episode in (first, second)}
    assert {row["numbers"] for row in rows} == numbers
    assert {row["fracture"] for row in rows} == {"Left wrist"}
    assert {row["due"] for row in rows} == {"2026-08-20"}


@pytest.mark.parametrize(
    "path", ["/worklist/no-such-list.csv", "/worklist/no-such-list/", "/measures/kpi99/"]
)
def test_a_list_that_is_none_is_not_found(path: str, client) -> None:
    assert client.get(path).status_code == 404


def test_the_letter_is_a_pdf_with_its_words(client, nurse) -> None:
    made = letter(nurse)
    answer = client.get(f"/letters/{made.pk}.pdf")
    assert answer.content[:5] == b"%PDF-"
    assert answer.headers["Content-Disposition"] == 'inline; filename="gp-2026-06-01.pdf"'
    text = " ".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
    assert "Ada Example" in text
    assert "Harbour View Surgery" in text
