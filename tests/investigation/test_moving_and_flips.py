"""Whom a change moves is what evaluating twice says; what would end advice; settings in words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investigation.strategies import pictures
from openfls.investigation import PACKS, build, evaluate, pack
from openfls.investigation.change import who_would_move
from openfls.investigation.flips import what_would_end
from openfls.investigation.moving import comparison
from openfls.investigation.qfracture import qfracture, reason_in_words
from openfls.investigation.settings import setting_fields
from openfls.record.advice import Answer
from openfls.record.errors import BadInput
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, PastFracture, Picture
from openfls.record.sites import Site

NG259, NOGG = pack("NG259@2026-07-29"), pack("NOGG@2024")
CHANGES = [
    (NG259, NOGG),
    (NG259, build(NG259.key, {"consider_dxa_major_pct": 15})),
    (NG259, build(NG259.key, {"treat_t_score": -2.0, "vfa_age_women": 50})),
    (NOGG, build(NOGG.key, {"between_ages": "linear", "several_factors": 3})),
]
ON = date(2026, 11, 1)


@pytest.mark.parametrize(("before", "after"), CHANGES, ids=["pack", "threshold", "two", "nogg"])
@settings(deadline=None, max_examples=12)
@given(picture=pictures())
def test_whom_a_change_moves_is_what_evaluating_twice_says(before, after, picture):
    moved = comparison([before], [after]).of(picture)
    twice = who_would_move(before, after, [picture])
    assert bool(moved) is bool(twice)
    if moved:
        assert (moved.gained, moved.lost) == (twice[0].gained, twice[0].lost)
        for guideline, held in ((before, moved.rules_before), (after, moved.rules_after)):
            yes = {t.rule for t in evaluate(guideline, picture).traces if t.answer is Answer.YES}
            assert set(held) == yes


def test_switching_advice_off_takes_all_of_it_away():
    picture = Picture(ON, age=70, sex=Sex.FEMALE)
    moved = comparison([NG259], []).of(picture)
    assert moved.gained == ()
    assert set(moved.lost) == evaluate(NG259, picture).actions


def test_one_threshold_asks_few_rules_anew():
    changed = comparison([NOGG], [build(NOGG.key, {"very_high_t_score": -3.0})])
    assert len(changed.before) < len(changed.shared)


@settings(deadline=None, max_examples=15)
@given(picture=pictures(), guideline=st.sampled_from([NG259, NOGG]))
def test_what_would_end_a_rule_is_among_what_it_rests_on(picture, guideline):
    for advice in evaluate(guideline, picture).advice:
        rule = guideline.rule(advice.trace.rule)
        read = {name.split(".")[0] for name, _ in advice.trace.inputs}
        for flip in what_would_end(rule, picture):
            assert flip.name.split(".")[0] in read


def test_another_score_would_end_it_but_not_another_age_and_a_hip_fracture_cannot_be_thought_away():
    frax = FraxResult(15.0, 1.0, ON, "UK", with_bmd=False)
    picture = Picture(ON, age=66, frax=frax, bone_density=BoneDensity(ON, total_hip_t=-2.7))
    assert [flip.value for flip in what_would_end(NOGG.rule("NOGG-4-t-score"), picture)] == ["T-score -2.4"]
    assert {flip.name for flip in what_would_end(NOGG.rule("NOGG-4-intermediate"), picture)} == {"frax"}
    hip = replace(picture, fractures=(PastFracture(Site.HIP, ON, fragility=True),))
    assert what_would_end(NG259.rule("NG259-1.7.3"), hip) == ()
    assert what_would_end(NOGG.rule("NOGG-vh-frax"), picture) == (), "it does not hold"


@pytest.mark.parametrize("key", PACKS)
def test_every_setting_is_described_and_its_own_value_is_within_its_limits(key):
    for one in setting_fields(key):
        typed = one.default if isinstance(one.default, str) else f"{one.default:g}"
        assert one.read(typed) == one.read("") == one.default
        assert one.words(one.default)


@pytest.mark.parametrize(
    ("key", "name", "typed"),
    [
        ("NG259@2026-07-29", "treat_t_score", "25"),
        ("NG259@2026-07-29", "treat_t_score", "low"),
        ("NG259@2026-07-29", "consider_dxa_major_pct", "nan"),
        ("NG259@2026-07-29", "consider_dxa_major_pct", "-1"),
        ("NOGG@2024", "several_factors", "1.5"),
        ("NOGG@2024", "between_ages", "spline"),
    ],
)
def test_a_slip_of_the_keyboard_is_refused(key, name, typed):
    with pytest.raises(BadInput):
        next(one for one in setting_fields(key) if one.name == name).read(typed)


def test_out_of_range_is_said_in_words():
    young = Picture(ON, age=28, sex=Sex.FEMALE, height_cm=160.0, weight_kg=45.0)
    assert "this person is 28" in reason_in_words("error: age must be in range (30,100)", young)
    assert "17.6" in reason_in_words("error: bmi must be in range (20,40)", young)
    assert qfracture(young).result is None
