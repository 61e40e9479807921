"""What is refused, what is shown, and that the two ways of calculating agree."""

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls_qfracture import (
    DISCLAIMER,
    FEMALE,
    FIELDS,
    FIELDS_OF_ONE_SEX,
    FLAGS,
    MALE,
    Inputs,
    QFractureError,
    predict_bmi,
    score,
    score_columns,
)
from openfls_qfracture.columns import BLOCK
from openfls_qfracture.scalar import errors_of

NO_FLAGS = dict.fromkeys(FLAGS, 0)
WOMAN = Inputs(sex="female", age=70, bmi=25, ethrisk=1, smoke_cat=0, alcohol_cat6=0, surv=10, **NO_FLAGS)
MAN = replace(WOMAN, sex="male", age=80)


def _errors(inputs):
    with pytest.raises(QFractureError) as refused:
        score(inputs)
    return refused.value.errors


def test_a_previous_fracture_adds_almost_nothing_which_is_why_it_never_weighs_against_a_rule():
    before, after = score(WOMAN), score(replace(WOMAN, b_fracture4=1))
    assert round(before.osteoporotic_fracture_pct, 1) == 6.3
    assert round(after.osteoporotic_fracture_pct, 1) == 6.8


def test_hip_is_shown_for_both_where_it_is_higher():
    frail = score(replace(MAN, bmi=24, b_falls=1, b_parkinsons=1, b_type1=1, b_carehome=1))
    assert (round(frail.osteoporotic_fracture_pct, 1), round(frail.hip_fracture_pct, 1)) == (47.9, 80.2)
    assert frail.shown == (frail.hip_fracture_pct, frail.hip_fracture_pct)
    plain = score(WOMAN)
    assert plain.shown == (plain.osteoporotic_fracture_pct, plain.hip_fracture_pct)


def test_disclaimer_comes_with_every_score():
    assert score(WOMAN).disclaimer == DISCLAIMER
    for words in ("ClinRisk", "GNU Lesser General Public License", "coefficients", "wrong patients"):
        assert words in DISCLAIMER


def test_every_error_is_told_in_the_order_of_the_reference():
    assert _errors(replace(WOMAN, age=29, bmi=41, surv=0, b_falls=2)) == (
        "error: age must be in range (30,100)",
        "error: b_falls must be in range (0,1)",
        "error: bmi must be in range (20,40)",
        "error: surv must be in range (1,18)",
    )


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "sex"])
def test_unknown_is_never_normal(name):
    person = MAN if FIELDS_OF_ONE_SEX.get(name) == "male" else WOMAN
    assert _errors(replace(person, **{name: None})) == (f"error: {name} is missing",)
    assert _errors(replace(person, **{name: math.nan})) == (f"error: {name} is missing",)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"sex": None}, "error: sex must be female or male"),
        ({"sex": "unknown"}, "error: sex must be female or male"),
        ({"age": 65.5}, "error: age must be a whole number"),
        ({"age": math.inf}, "error: age is not a number"),
        ({"age": "65"}, "error: age is not a number"),
        ({"b_falls": 0.5}, "error: b_falls must be a whole number"),
        ({"bmi": -25}, "error: bmi must be in range (20,40)"),
    ],
)
def test_other_refusals(changes, error):
    assert _errors(replace(WOMAN, **changes)) == (error,)


def test_what_the_sex_is_not_asked_is_not_looked_at():
    assert score(replace(WOMAN, b_carehome=None)) == score(replace(WOMAN, b_carehome=7)) == score(WOMAN)
    assert score(replace(MAN, b_hrt_oest=None, b_endocrine=5)) == score(MAN)


flag = st.integers(0, 1)
anybody = st.builds(
    Inputs,
    sex=st.sampled_from(["female", "male"]),
    age=st.integers(29, 101),
    bmi=st.floats(19, 41) | st.none(),
    ethrisk=st.integers(1, 9),
    smoke_cat=st.integers(0, 4),
    alcohol_cat6=st.integers(0, 5),
    surv=st.integers(0, 19),
    **dict.fromkeys(FLAGS, flag),
) | st.builds(
    Inputs,
    sex=st.sampled_from(["female", "male", "other"]),
    **{name: st.none() | st.floats(-2, 110) | st.integers(-1, 30) for name in FIELDS if name != "sex"},
)


@settings(deadline=None, max_examples=150)
@given(people=st.lists(anybody, min_size=1, max_size=5))
def test_columns_say_what_the_scalar_says(people):
    columns = {
        name: np.array([math.nan if asdict(one)[name] is None else asdict(one)[name] for one in people])
        for name in FIELDS
    }
    found = score_columns(columns)
    for index, person in enumerate(people):
        refused = errors_of(person)
        assert found.errors.get(index, "") == "; ".join(refused)
        if refused:
            assert np.isnan(found.osteoporotic_fracture_pct[index])
            continue
        expected = score(person)
        assert found.osteoporotic_fracture_pct[index] == pytest.approx(expected.osteoporotic_fracture_pct)
        assert found.hip_fracture_pct[index] == pytest.approx(expected.hip_fracture_pct)
        assert found.shown_osteoporotic_fracture_pct[index] == pytest.approx(expected.shown[0])


def _columns(count):
    columns = {name: np.full(count, value) for name, value in asdict(WOMAN).items() if name != "sex"}
    columns["sex"] = np.tile(np.array([FEMALE, MALE], np.uint8), count)[:count]
    return columns


def test_rows_keep_their_places_across_blocks():
    count = 2 * BLOCK + 3
    columns = _columns(count)
    columns["age"] = np.arange(count) % 71 + 30
    columns["age"][[0, BLOCK, count - 1]] = 29
    found = score_columns(columns)
    assert sorted(found.errors) == [0, BLOCK, count - 1]
    for row in (1, BLOCK - 1, BLOCK + 1, 2 * BLOCK, count - 2):
        sex = ("female", "male")[row % 2]
        expected = score(replace(WOMAN, sex=sex, age=int(columns["age"][row])))
        assert found.osteoporotic_fracture_pct[row] == pytest.approx(expected.osteoporotic_fracture_pct)


def test_a_column_that_is_not_there_is_missing_for_those_who_are_asked():
    columns = _columns(2)
    del columns["b_carehome"]
    found = score_columns(columns)
    assert found.errors == {1: "error: b_carehome is missing"}


def test_columns_of_another_kind_or_length_are_refused():
    with pytest.raises(TypeError, match="age: an array of 2 numbers is needed"):
        score_columns({**_columns(2), "age": np.array(["70", "71"])})
    with pytest.raises(TypeError, match="bmi"):
        score_columns({**_columns(2), "bmi": np.array([25.0])})


def test_nobody_gives_nothing():
    assert score_columns(_columns(0)).osteoporotic_fracture_pct.shape == (0,)


BMI = {"sex": "female", "age": 50, "ethrisk": 1, "smok": 0, "b_cvd": 0, "b_treatedhyp": 0, "b_type2": 0}


def test_bmi_is_predicted_as_the_equation_is_printed():
    # Age 50: 25 and 125 less their centres, times their coefficients, on top of the constant.
    expected = 26.919772089488553 + (25 - 25.016422271728516) * 0.17138082546971298
    expected += (125 - 125.1231918334961) * -0.019785288924745997
    assert predict_bmi(**BMI) == pytest.approx(expected, abs=1e-12)
    cube = 5.0**3
    expected = 27.766114962810327 + (cube - 120.23249816894531) * 0.011080015027538963
    expected += (cube * math.log(5) - 191.94827270507812) * -0.007250097230912634
    expected += -3.225176571155519 - 1.06221081767364 + 2.2897921814125404
    found = predict_bmi(**{**BMI, "sex": "male", "ethrisk": 8, "smok": 1, "b_type2": 1})
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"age": 85}, "error: age must be in range (30,84)"),
        ({"age": 29}, "error: age must be in range (30,100)"),
        ({"b_treatedhyp": None}, "error: b_treatedhyp is missing"),
        ({"smok": 2}, "error: smok must be in range (0,1)"),
        ({"sex": ""}, "error: sex must be female or male"),
        ({"ethrisk": 0}, "error: ethrisk must be in range (1,9)"),
    ],
)
def test_bmi_is_not_predicted_from_what_is_not_known(changes, error):
    with pytest.raises(QFractureError) as refused:
        predict_bmi(**{**BMI, **changes})
    assert str(refused.value) == error
