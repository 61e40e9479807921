"""QFracture from a picture, and what is done with a recorded FRAX result."""

from dataclasses import replace
from datetime import date

import pytest

from openfls.investigation import evaluate, pack
from openfls.investigation.frax_record import adjustments, check_frax
from openfls.investigation.qfracture import asked, qfracture
from openfls.investigation.ranges import Verdict
from openfls.record.advice import Confidence
from openfls.record.people import Sex
from openfls.record.picture import EthnicGroup, FraxResult, PastFracture, Picture, Smoking
from openfls.record.sites import Site

ON = date(2026, 11, 1)
ASKED = """
antidepressants cancer asthma_or_copd care_home glucocorticoids_now cardiovascular_disease dementia
anticonvulsants hrt chronic_liver_disease malabsorption parkinsons chronic_kidney_disease type_1_diabetes
type_2_diabetes rheumatoid_arthritis lupus hyperthyroidism hyperparathyroidism cushings
parent_hip_fracture parent_osteoporosis
"""
NO = dict.fromkeys(ASKED.split(), False)
WOMAN = Picture(
    ON,
    sex=Sex.FEMALE,
    age=70,
    height_cm=100,
    weight_kg=25,
    smoking=Smoking.NEVER,
    alcohol_units_week=0,
    ethnic_group=EthnicGroup.WHITE_OR_NOT_RECORDED,
    falls_last_year=0,
    fracture_history_taken=True,
    **NO,
)


def test_the_known_profile():
    assert round(qfracture(WOMAN).result.major_osteoporotic_pct, 1) == 6.3
    broken = replace(WOMAN, fractures=(PastFracture(Site.WRIST, ON),))
    assert round(qfracture(broken).result.major_osteoporotic_pct, 1) == 6.8


def test_a_score_of_the_picture_feeds_the_guideline_and_never_lowers_its_advice():
    broken = replace(WOMAN, fractures=(PastFracture(Site.HIP, ON, fragility=True),))
    scored = replace(broken, qfracture=qfracture(broken).result)
    guideline = pack("NG259@2026-07-29")
    assert scored.qfracture.major_osteoporotic_pct < 10
    assert evaluate(guideline, broken).actions <= evaluate(guideline, scored).actions


def test_nothing_known_is_nothing_scored():
    assert qfracture(Picture(ON)).missing == ("sex",)
    lacking = qfracture(Picture(ON, sex=Sex.MALE)).missing
    assert {"age", "height_cm and weight_kg", "fracture_history_taken", "care_home", "ethnic_group"} <= set(
        lacking
    )
    assert "hrt" not in lacking


@pytest.mark.parametrize(
    "field", ["lupus", "parent_osteoporosis", "cushings", "hrt", "smoking", "ethnic_group"]
)
def test_one_missing_answer_is_named_and_not_taken_as_no(field):
    found = qfracture(replace(WOMAN, **{field: None}))
    assert found.result is None
    assert found.missing == (field,)


def test_one_yes_of_several_is_enough():
    assert asked(replace(WOMAN, rheumatoid_arthritis=True, lupus=None)).inputs.b_ra_sle == 1


@pytest.mark.parametrize(
    ("week", "category"),
    [(0, 0), (1, 1), (6.9, 1), (7, 2), (20, 2), (21, 3), (48, 3), (49, 4), (69, 4), (70, 5)],
)
def test_alcohol_by_the_week_becomes_a_category_by_the_day(week, category):
    assert asked(replace(WOMAN, alcohol_units_week=week)).inputs.alcohol_cat6 == category


@pytest.mark.parametrize(("age", "years"), [(70, 10), (90, 10), (92, 8), (93, 7), (100, 1)])
def test_the_horizon_ends_at_the_age_of_100(age, years):
    assert qfracture(replace(WOMAN, age=age)).result.years == years


def test_outside_the_range_there_is_no_score_but_a_reason():
    found = qfracture(replace(WOMAN, weight_kg=45))
    assert found.result is None
    assert found.errors == ("error: bmi must be in range (20,40)",)


def test_hip_is_recorded_for_both_where_it_is_higher():
    frail = replace(WOMAN, sex=Sex.MALE, age=80, weight_kg=24, falls_last_year=1, parkinsons=True)
    frail = replace(frail, type_1_diabetes=True, care_home=True)
    result = qfracture(frail).result
    assert result.major_osteoporotic_pct == result.hip_pct
    assert round(result.hip_pct, 1) == 80.2


FRAX = FraxResult(12.0, 3.0, ON, "UK", with_bmd=False)


@pytest.mark.parametrize(
    ("frax", "age", "verdict", "words"),
    [
        (replace(FRAX, hip_pct=13.0), 70, Verdict.REFUSE, "swapped"),
        (replace(FRAX, major_osteoporotic_pct=120.0), 70, Verdict.REFUSE, "cannot be right"),
        (replace(FRAX, on=date(2026, 11, 2)), 70, Verdict.REFUSE, "after today"),
        (replace(FRAX, country_model=" "), 70, Verdict.REFUSE, "country model"),
        (FRAX, 93, Verdict.QUERY, "as at 90"),
        (FRAX, 38, Verdict.QUERY, "as at 40"),
    ],
)
def test_an_impossible_or_odd_frax_result_is_told(frax, age, verdict, words):
    (check,) = check_frax(frax, ON, age)
    assert check.verdict is verdict
    assert words in check.message


def test_a_plausible_frax_result_is_accepted():
    assert check_frax(FRAX, ON, 70) == ()


def test_adjustments_stand_beside_the_result():
    picture = Picture(ON, frax=FRAX, glucocorticoids_now=True, prednisolone_mg_day=10, falls_last_year=2)
    found = {one.name: (one.major_pct, one.hip_pct) for one in adjustments(picture)}
    assert found == {
        "glucocorticoids-high": (pytest.approx(13.8), pytest.approx(3.6)),
        "falls": (pytest.approx(15.6), pytest.approx(3.9)),
    }
    assert all(one.confidence is Confidence.SECOND_HAND for one in adjustments(picture))
    assert picture.frax == FRAX


@pytest.mark.parametrize("dose", [None, 2.5, 7.4])
def test_nothing_is_adjusted_without_knowing_or_at_an_average_dose(dose):
    picture = Picture(ON, frax=FRAX, glucocorticoids_now=True, prednisolone_mg_day=dose)
    assert adjustments(picture) == ()
    assert adjustments(replace(picture, frax=None, falls_last_year=5)) == ()


def test_a_dose_of_a_drug_that_is_no_longer_taken_is_not_counted():
    assert adjustments(Picture(ON, frax=FRAX, glucocorticoids_now=False, prednisolone_mg_day=20)) == ()
