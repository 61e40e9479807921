"""What the person is told of the findings."""

from __future__ import annotations

from datetime import date

import pytest

from openfls.information.plain import (
    BROKEN_BONE,
    KEEP_MOVING,
    WHY_A_MEDICINE,
    bone_for_person,
    findings_for_person,
)
from openfls.information.readability import readability
from openfls.information.words import say
from openfls.record.picture import BoneDensity, Picture
from openfls.record.sites import Site

ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("lowest", "words"),
    [(-2.5, "osteoporosis"), (-2.4, "a little"), (-1.1, "a little"), (-1.0, "as dense"), (0.5, "as dense")],
)
def test_a_scan_by_its_lowest_score(lowest: float, words: str) -> None:
    density = BoneDensity(ON, lumbar_spine_t=1.0, total_hip_t=lowest)
    assert words in findings_for_person(Picture(ON, bone_density=density))[1]


def test_what_is_not_known_is_not_said() -> None:
    assert findings_for_person(Picture(ON)) == (BROKEN_BONE,)
    assert findings_for_person(Picture(ON, falls_last_year=1, bone_density=BoneDensity(ON))) == (BROKEN_BONE,)
    assert "3 times" in findings_for_person(Picture(ON, falls_last_year=3))[-1]


def test_it_is_read_by_a_child_of_eleven() -> None:
    lines = [
        line
        for score in (-3.0, -2.0, 0.0)
        for line in findings_for_person(
            Picture(ON, falls_last_year=2, bone_density=BoneDensity(ON, total_hip_t=score))
        )
    ]
    assert (
        readability(
            " ".join([*lines, KEEP_MOVING, f"We suggest it because {WHY_A_MEDICINE}."])
        ).flesch_kincaid_grade
        <= 6
    )


@pytest.mark.parametrize(
    ("site", "side", "words"),
    [
        ("vertebra", "", "a bone in your spine"),
        ("wrist", "left", "your left wrist"),
        ("humerus", "", "your upper arm"),
        ("hip", "both", "your hip on both sides"),
        ("pelvis", "right", "your pelvis"),
        ("unspecified", "left", "a bone"),
        ("any", "", "a bone"),
    ],
)
def test_a_bone_has_the_name_that_people_have_for_it(site: str, side: str, words: str) -> None:
    assert bone_for_person(site, side) == words


def test_every_site_but_those_that_nobody_knows_has_words_for_the_person() -> None:
    without = {site for site in Site if bone_for_person(site) == say("bones.any")}
    assert without == {Site.OTHER, Site.UNSPECIFIED}
