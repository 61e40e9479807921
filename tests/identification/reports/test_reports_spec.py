"""The spec table: one short report a row, and the findings that the rule book asks for."""

from __future__ import annotations

import pytest
from report_spec_rows import ROWS

from openfls.identification.reports.reader import read_report
from openfls.record.findings import Finding

USUAL = {"present", "new", "traumatic", ""}


def short(finding: Finding) -> str:
    """A finding in the table's words; what is usual (present, new, traumatic) is left out."""
    words = (
        finding.site.value,
        finding.side.value,
        ";".join(finding.levels),
        finding.certainty.value,
        finding.age.value,
        finding.kind.value,
    )
    return " ".join(word for word in words if word not in USUAL)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['group']}: {row['text'][:50]!r}" for row in ROWS])
def test_report_is_read_as_the_rule_book_asks(row):
    expected = [] if row["findings"] == "none" else row["findings"].split(" + ")
    assert sorted(map(short, read_report(row["text"]))) == sorted(expected), row["note"]
