"""DXA results, kidney function, calcium, expiry and impossible values."""

from dataclasses import fields
from datetime import date

import pytest

from openfls.investigation.bloods import adjusted_calcium, clearance, creatinine_clearance, expiry
from openfls.investigation.conditions import TScore
from openfls.investigation.dxa import (
    Genant,
    WhoClass,
    change_in_bmd,
    check_t_score,
    genant_grade,
    lowest_valid_site,
    site_scores,
    who_class,
)
from openfls.investigation.ranges import Verdict, check_date, check_value, ranges
from openfls.record.advice import Answer, Confidence
from openfls.record.errors import BadInput
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, Picture

ON = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("t_score", "fracture", "expected"),
    [
        (-1.0, False, WhoClass.NORMAL),
        (-1.1, True, WhoClass.OSTEOPENIA),
        (-2.4, False, WhoClass.OSTEOPENIA),
        (-2.5, False, WhoClass.OSTEOPOROSIS),
        (-2.5, True, WhoClass.SEVERE),
    ],
)
def test_who_classes(t_score, fracture, expected):
    assert who_class(t_score, fracture) is expected


@pytest.mark.parametrize("t_score", [25, -25, float("nan")])
def test_a_t_score_of_25_is_refused_in_plain_words(t_score):
    with pytest.raises(BadInput, match="decimal point"):
        check_t_score(t_score)


@pytest.mark.parametrize(
    ("density", "site"),
    [
        (BoneDensity(ON, lumbar_spine_t=-3, lumbar_spine_vertebrae=2, total_hip_t=-2), "lumbar spine"),
        (BoneDensity(ON, lumbar_spine_t=-3, lumbar_spine_vertebrae=1, total_hip_t=-2), "total hip"),
        (BoneDensity(ON, lumbar_spine_t=-3, total_hip_t=-1, femoral_neck_t=-2), "femoral neck"),
        (BoneDensity(ON, total_hip_t=-1, forearm_t=-4), "total hip"),
        (BoneDensity(ON, lumbar_spine_t=-1, lumbar_spine_vertebrae=1, forearm_t=-4), "forearm"),
    ],
)
def test_lowest_valid_site(density, site):
    assert lowest_valid_site(density).site == site


def test_no_valid_site_is_not_a_normal_site():
    assert lowest_valid_site(BoneDensity(ON)) is None
    doubtful = BoneDensity(ON, lumbar_spine_t=-1.0)
    assert lowest_valid_site(doubtful) is None
    assert "not known" in site_scores(doubtful)[0].why


@pytest.mark.parametrize(
    ("spine", "forearm", "expected"),
    [
        (-3.0, -3.0, Answer.YES),
        (-1.0, -1.0, Answer.NO),
        (-3.0, -1.0, Answer.UNKNOWN),
        (-1.0, -3.0, Answer.UNKNOWN),
        (-1.0, None, Answer.UNKNOWN),
        (None, -3.0, Answer.YES),
    ],
)
def test_a_spine_in_doubt_and_the_forearm_that_would_stand_in_for_it(spine, forearm, expected):
    density = BoneDensity(ON, lumbar_spine_t=spine, forearm_t=forearm)
    assert TScore(-2.5).judge(Picture(ON, bone_density=density)).answer is expected


def test_change_is_judged_only_on_one_machine():
    assert change_in_bmd("total hip", 0.80, 0.75, machine_before="A", machine_after="A").significant
    assert not change_in_bmd("total hip", 0.80, 0.78, machine_before="A", machine_after="A").significant
    assert change_in_bmd("total hip", 0.80, 0.70, machine_before="A", machine_after="B").significant is None
    assert change_in_bmd("total hip", 0.80, 0.70, machine_before="", machine_after="").significant is None
    own = change_in_bmd(
        "total hip", 0.80, 0.78, machine_before="A", machine_after="A", precision_error_pct=0.8
    )
    assert own.significant


def test_clearance_is_cockcroft_gault_and_not_egfr():
    # (140 - 80) x 60 x 1.04 / 90
    assert creatinine_clearance(80, 60, Sex.FEMALE, 90) == pytest.approx(41.6)
    assert creatinine_clearance(80, 60, Sex.MALE, 90) == pytest.approx(49.2)
    only_egfr = Picture(ON, sex=Sex.FEMALE, age=80, weight_kg=60, egfr=55)
    assert clearance(only_egfr).ml_min is None
    assert clearance(only_egfr).missing == ("creatinine_umol_l",)


def test_clearance_needs_everything_and_refuses_the_impossible():
    assert clearance(Picture(ON)).missing == ("age", "sex", "weight_kg", "creatinine_umol_l")
    with pytest.raises(BadInput, match=r"88\.4"):
        creatinine_clearance(80, 60, Sex.FEMALE, 0.9)
    with pytest.raises(BadInput, match="sex"):
        creatinine_clearance(80, 60, Sex.UNKNOWN, 90)


def test_adjusted_calcium():
    assert adjusted_calcium(2.10, 30) == pytest.approx(2.30)
    assert adjusted_calcium(2.40, 40) == pytest.approx(2.40)
    with pytest.raises(BadInput, match="multiplied by 10"):
        adjusted_calcium(2.40, 4.0)


def test_results_expire_and_say_how_sure_that_is():
    assert not expiry("adjusted_calcium_mmol_l", date(2026, 8, 1), ON).expired
    late = expiry("adjusted_calcium_mmol_l", date(2026, 7, 31), ON)
    assert late.expired
    assert late.confidence is Confidence.RECALLED_LOW
    assert not expiry("vitamin_d_nmol_l", date(2025, 11, 1), ON).expired
    assert not expiry("adjusted_calcium_mmol_l", date(2026, 5, 1), ON, {"adjusted_calcium_mmol_l": 6}).expired
    assert expiry("height_cm", date(1990, 1, 1), ON) is None


@pytest.mark.parametrize(
    ("field", "value", "verdict", "words"),
    [
        ("bone_density.total_hip_t", -2.5, Verdict.ACCEPT, ""),
        ("bone_density.total_hip_t", 25, Verdict.REFUSE, "decimal point"),
        ("creatinine_umol_l", 0.9, Verdict.REFUSE, "88.4"),
        ("adjusted_calcium_mmol_l", 9.4, Verdict.REFUSE, "divided by 4"),
        ("vitamin_d_nmol_l", 8, Verdict.QUERY, "2.5"),
        ("height_cm", 1.62, Verdict.REFUSE, "multiplied by 100"),
        ("weight_kg", 28, Verdict.QUERY, "check"),
        ("age", 70.5, Verdict.REFUSE, "whole number"),
        ("weight_kg", float("nan"), Verdict.REFUSE, "cannot be right"),
    ],
)
def test_impossible_and_unusual_values(field, value, verdict, words):
    check = check_value(field, value)
    assert check.verdict is verdict
    assert words in check.message
    assert bool(check.message) is (verdict is not Verdict.ACCEPT)


def test_a_field_without_limits_is_not_waved_through():
    with pytest.raises(BadInput, match="no plausible range"):
        check_value("shoe_size", 40)


def test_every_number_of_a_picture_has_limits_and_they_nest():
    numbers = {one.name for one in fields(Picture) if str(one.type) in ("int | None", "float | None")}
    for cls, prefix in ((FraxResult, "frax"), (BoneDensity, "bone_density")):
        numbers |= {
            f"{prefix}.{one.name}"
            for one in fields(cls)
            if "float" in str(one.type) or "int" in str(one.type)
        }
    assert numbers <= ranges().keys()
    for one in ranges().values():
        assert one.refuse_below <= one.query_below < one.query_above <= one.refuse_above, one.field


def test_dates_after_today_or_before_birth_are_refused():
    birth = date(1950, 1, 1)
    assert check_date("Fracture", date(2026, 11, 1), ON, birth).verdict is Verdict.ACCEPT
    assert "after today" in check_date("Fracture", date(2026, 11, 2), ON, birth).message
    assert "before the person was born" in check_date("Fracture", date(1949, 12, 31), ON, birth).message


@pytest.mark.parametrize(
    ("percent", "grade"),
    [
        (19.9, Genant.NONE),
        (20, Genant.MILD),
        (25, Genant.MODERATE),
        (40, Genant.MODERATE),
        (40.1, Genant.SEVERE),
    ],
)
def test_genant_grades(percent, grade):
    assert genant_grade(percent) is grade


def test_a_height_loss_beyond_the_whole_vertebra_is_refused():
    with pytest.raises(BadInput, match="percentage"):
        genant_grade(140)
