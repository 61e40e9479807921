"""The reports: nobody's name in them, and the product's own reader finds what they hold."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from openfls.fiction.tables import table
from openfls.fiction.values import Teller
from openfls.record.findings import Certainty, FractureAge, Kind
from openfls.record.sites import Site

TITLED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Sister)\.? [A-Z][^\n]*")


def test_every_broken_bone_that_radiology_tells_of_has_its_report(year):
    told = [event for event in year.events if Teller.RADIOLOGY in event.told_by]
    assert len(year.reports) == sum(max(len(event.bones), 1) for event in told)
    assert len({report.key for report in year.reports}) == len(year.reports)


def test_no_placeholder_is_left_and_no_line_is_padded(year):
    for report in year.reports:
        assert "{" not in report.text
        assert "  " not in report.text
        assert report.text.strip() == report.text


def test_the_only_names_are_the_fictional_radiologists(year):
    signatures = set(table("places")["radiology"]["signatures"])
    named = [match for report in year.reports for match in TITLED.findall(report.text)]
    assert named
    assert set(named) <= signatures


def test_no_report_names_its_person(year):
    people = {person.key: person.demographics for person in year.people}
    for report in year.reports:
        person = people[report.person]
        assert f"{person.given_name} {person.family_name}" not in report.text


def test_reports_of_every_site_and_shade_are_written(year):
    findings = [finding for report in year.reports for finding in report.expected]
    counted = set(Site) - {Site.OTHER, Site.UNSPECIFIED}
    assert {finding.site for finding in findings} == counted
    assert {finding.certainty for finding in findings} == set(Certainty)
    assert {finding.age for finding in findings} == set(FractureAge)
    assert {finding.kind for finding in findings} == set(Kind) - {Kind.ATYPICAL}
    assert any(not report.expected for report in year.reports)


def test_the_reader_finds_the_sites_that_were_written(year):
    try:
        read_report = import_module("openfls.identification.reports.reader").read_report
    except ImportError as reason:
        pytest.skip(f"the report reader is not there: {reason}")
    missed = [
        report
        for report in year.reports
        if {finding.site for finding in read_report(report.text)}
        != {finding.site for finding in report.expected}
    ]
    agreed = 1 - len(missed) / len(year.reports)
    assert agreed >= 0.95, f"agreement {agreed:.1%}; the first missed: {missed[0].text!r}"
