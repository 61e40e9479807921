"""The given labelled reports, at the targets of the design."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from openfls.identification.reports.reader import read_report
from openfls.record.findings import triage

REPORTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "reports_dev.csv"

pytestmark = pytest.mark.skipif(not REPORTS.exists(), reason="../shared/data/reports_dev.csv is not there")


@pytest.fixture(scope="module")
def read():
    with REPORTS.open(encoding="utf-8", newline="") as file:
        return [(row, json.loads(row["findings"]), read_report(row["text"])) for row in csv.DictReader(file)]


def test_cases_are_found_and_little_else_is_called_one(read):
    pairs = Counter((row["triage"] == "case", triage(found) == "case") for row, _, found in read)
    assert pairs[True, True] / (pairs[True, True] + pairs[True, False]) >= 0.98
    assert pairs[True, True] / (pairs[True, True] + pairs[False, True]) >= 0.95


def test_findings_agree(read):
    right = wrong = 0
    for _, labels, found in read:
        wanted = Counter((label["site"], label["certainty"], label["age"]) for label in labels)
        got = Counter((f.site.value, f.certainty.value, f.age.value) for f in found)
        right += sum((wanted & got).values())
        wrong += sum((wanted - got).values()) + sum((got - wanted).values())
    assert 2 * right / (2 * right + wrong) >= 0.93


def test_evidence_lies_in_the_text(read):
    for row, _, found in read:
        for finding in found:
            assert finding.spans
            assert all(0 <= span.start < span.end <= len(row["text"]) for span in finding.spans)
