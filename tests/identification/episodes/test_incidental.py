"""Spine fractures found on images taken for something else, as a table."""

from __future__ import annotations

from datetime import date

import pytest

from openfls.identification.episodes.incidental import incidental_reason
from openfls.record.feeds import Observation, Source, SourceKind
from openfls.record.people import Demographics
from openfls.record.sites import Site

WEDGE = "Wedge fracture of T12."


def told(text: str, exam: str = "", kind: SourceKind = SourceKind.RADIOLOGY) -> Observation:
    return Observation(
        Source("feed", text, kind), Demographics(), date(2026, 1, 1), (), text=text, display=exam
    )


TABLE = [
    ("CT chest\nClinical details: haemoptysis\n\n" + WEDGE, "", "seen on CT chest"),
    ("Clinical details: haemoptysis\n\n" + WEDGE, "CT CHEST", "seen on CT CHEST"),
    ("CXR\n" + WEDGE, "", "seen on CXR"),
    ("XR lumbar spine\nClinical details: haemoptysis\n\n" + WEDGE, "", ""),
    (WEDGE, "MRI Lumbar Spine", ""),
    (WEDGE, "DXA with VFA", ""),
    (WEDGE, "CT trauma series", ""),
    ("CT chest\nClinical details: fell downstairs\n\n" + WEDGE, "", ""),
    ("CT chest\nClinical details: RTC\n\n" + WEDGE, "", ""),
    ("CT abdomen\nClinical details: back pain\n\n" + WEDGE, "", ""),
    ("CT chest\nClinical details: ?vertebral fracture\n\n" + WEDGE, "", ""),
    ("CT chest. " + WEDGE + " He fell last week.", "", ""),  # no labelled request: searched whole
    (WEDGE, "", ""),  # neither what was examined nor why
]


@pytest.mark.parametrize(("text", "exam", "reason"), TABLE)
def test_one_report(text: str, exam: str, reason: str) -> None:
    assert incidental_reason([told(text, exam)], {Site.VERTEBRA}) == reason


def test_the_report_must_be_the_only_teller_and_the_spine_the_only_site() -> None:
    chest = told("CXR\n" + WEDGE)
    assert incidental_reason([chest], {Site.VERTEBRA})
    assert incidental_reason([chest, told("CT chest\n" + WEDGE)], {Site.VERTEBRA}) == "seen on CXR; CT chest"
    assert not incidental_reason([chest, told("", kind=SourceKind.EMERGENCY)], {Site.VERTEBRA})
    assert not incidental_reason([chest, told("XR thoracic spine\n" + WEDGE)], {Site.VERTEBRA})
    assert not incidental_reason([chest], {Site.VERTEBRA, Site.HIP})
    assert not incidental_reason([chest], {Site.HIP})
    assert not incidental_reason([], {Site.VERTEBRA})
