"""The NOGG thresholds against the given table, the classes, and the chart."""

import csv
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from openfls.investigation.chart import Outcome, chart_point, chart_rows, nogg_chart
from openfls.investigation.nogg import (
    Between,
    RiskClass,
    Thresholds,
    bands,
    classify,
    classify_picture,
    thresholds,
)
from openfls.record.errors import BadInput
from openfls.record.picture import FraxResult, Picture

GIVEN = Path(__file__).parents[3] / "shared" / "data" / "nogg2024_thresholds.csv"
ON = date(2026, 11, 1)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.skipif(not GIVEN.is_file(), reason=f"{GIVEN} is not here")
def test_thresholds_are_the_given_ones():
    rows = list(csv.DictReader(GIVEN.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(bands())
    for row in rows:
        for age in (int(row["age_from"]), int(row["age_to"])):
            major, hip = thresholds(age)
            for kind, found in (("mof", major), ("hip", hip)):
                given = [float(row[f"{name}_{kind}"]) for name in ("lat", "it", "uat", "vhrt")]
                assert found == Thresholds(*given)


def test_linear_rule_meets_the_bands_at_their_first_year_and_is_fixed_from_70():
    for band in bands():
        assert thresholds(band.age_from, Between.LINEAR) == (band.major, band.hip)
    assert thresholds(85, Between.LINEAR) == thresholds(70)
    major, _ = thresholds(60, Between.LINEAR)
    later, _ = thresholds(62, Between.LINEAR)
    assert later.lower == pytest.approx(major.lower + 2 / 5 * (8.6 - 6.0))


@pytest.mark.parametrize(
    ("major", "hip", "risk"),
    [
        (8.5, 1.3, RiskClass.LOW),
        (8.6, 1.3, RiskClass.INTERMEDIATE),
        (8.5, 1.4, RiskClass.INTERMEDIATE),
        (19.8, 1.0, RiskClass.HIGH),
        (9.0, 5.6, RiskClass.VERY_HIGH),
        (26.4, 0.5, RiskClass.VERY_HIGH),
    ],
)
def test_the_higher_class_of_major_and_hip_wins(major, hip, risk):
    assert classify(66, major, hip).risk is risk


def test_both_rules_are_told_where_the_class_differs():
    found = classify(69, 9.0, 1.0)
    assert (found.risk, found.other) == (RiskClass.INTERMEDIATE, RiskClass.LOW)
    assert classify(70, 9.0, 1.0).other is None
    assert classify(69, 9.0, 1.0, Between.LINEAR).other is RiskClass.INTERMEDIATE


@pytest.mark.parametrize(("age", "major", "hip"), [(49, 5, 1), (60, -1, 1), (60, 5, 101)])
def test_what_the_table_does_not_reach_is_refused(age, major, hip):
    with pytest.raises(BadInput):
        classify(age, major, hip)


@pytest.mark.parametrize("age", [None, 45])
def test_without_a_fitting_age_there_is_no_class_and_no_point(age):
    picture = Picture(ON, age=age, frax=FraxResult(12.0, 3.0, ON, "UK", with_bmd=False))
    assert classify_picture(picture) is None
    assert chart_point(picture) is None


def test_rows_of_the_table_beside_the_chart_cover_every_age_once():
    for between in Between:
        ages = [age for row in chart_rows(between=between) for age in range(row.age_from, row.age_to + 1)]
        assert ages == list(range(50, 91))
    assert len(chart_rows()) == len(bands())


@pytest.mark.parametrize("outcome", list(Outcome))
def test_chart_can_be_read_aloud_and_has_no_styles_or_scripts(outcome):
    picture = Picture(ON, age=72, frax=FraxResult(18.0, 6.0, ON, "UK", with_bmd=False))
    root = ET.fromstring(nogg_chart(picture, outcome))
    assert root.get("role") == "img"
    described = root.get("aria-labelledby").split()
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert set(described) == set(named)
    words = " ".join(text.text for text in root.iter(f"{SVG}text"))
    assert "age 72" in named[described[1]]
    assert "Age (years)" in words
    assert "Probability in 10 years (%)" in words
    assert "NOGG 2021/2024" in words
    assert all("style" not in element.attrib for element in root.iter())
    assert not list(root.iter(f"{SVG}script"))
    assert len(list(root.iter(f"{SVG}circle"))) == 1


def test_chart_puts_the_point_where_the_axes_say():
    low, high = (
        ET.fromstring(nogg_chart(Picture(ON, age=72, frax=FraxResult(pct, 1.0, ON, "UK", with_bmd=False))))
        for pct in (5.0, 30.0)
    )
    y_low, y_high = (float(next(root.iter(f"{SVG}circle")).get("cy")) for root in (low, high))
    assert y_high < y_low


def test_chart_without_a_result_says_so():
    svg = nogg_chart(Picture(ON, age=72))
    assert "<circle" not in svg
    assert "No point is drawn" in svg
