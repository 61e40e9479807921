"""What must hold of every pack, whatever is known of the person."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investigation.strategies import ON, densities, frax_results, less_known, pictures, qfracture_results
from openfls.investigation import default_packs, evaluate, pack
from openfls.investigation.codec import evaluation_to_json, picture_from_json, picture_to_json, replay
from openfls.investigation.conditions import DxaWithin
from openfls.investigation.counting import AnyMeasured
from openfls.investigation.logic import Shown
from openfls.investigation.packs.ng259.shared import TABLE_1_FIELDS
from openfls.record.advice import Answer
from openfls.record.picture import BoneDensity, FraxResult, PastFracture
from openfls.record.sites import Site

NG259, NOGG, *_ = default_packs()
several = settings(deadline=None, max_examples=80)
few = settings(deadline=None, max_examples=40)
FRACTURE_RULES = {
    NG259.key: ("NG259-1.1.1", "NG259-1.1.3", "NG259-1.4.1", "NG259-1.7.3"),
    NOGG.key: ("NOGG-4-fracture", "NOGG-vh-vertebral-recent", "NOGG-vh-two-vertebral"),
}
LOWERING = {"reassess-on-change-or-5-years", "reassure-lifestyle"}


@several
@given(data=st.data(), full=pictures())
def test_learning_more_never_turns_yes_into_unknown(data, full):
    partial = data.draw(less_known(full))
    for guideline in default_packs():
        before, after = evaluate(guideline, partial), evaluate(guideline, full)
        for was, now in zip(before.traces, after.traces, strict=True):
            assert not (was.answer is Answer.YES and now.answer is Answer.UNKNOWN), (was, now)


def _knows_exceptions(condition):
    """Whether some of it counts only once it is known or on record: these three say so in the rule itself."""
    return isinstance(condition, Shown | AnyMeasured | DxaWithin) or any(
        _knows_exceptions(part) for part in condition.within()
    )


@few
@given(data=st.data(), full=pictures())
def test_what_is_decided_without_an_answer_is_not_decided_by_taking_it_for_no(data, full):
    partial = data.draw(less_known(full))
    for guideline in default_packs():
        strict = {rule.id for rule in guideline.rules if not _knows_exceptions(rule.when)}
        assert strict
        before, after = evaluate(guideline, partial), evaluate(guideline, full)
        for was, now in zip(before.traces, after.traces, strict=True):
            if was.rule in strict and was.answer is not Answer.UNKNOWN:
                assert now.answer is was.answer, (was, now)


@few
@given(full=pictures(), frax=st.none() | frax_results, qfracture=st.none() | qfracture_results)
def test_what_holds_without_a_score_holds_with_any_score(full, frax, qfracture):
    """Of every rule of every pack, not of the fracture rules alone."""
    bare, scored = (
        replace(full, frax=None, qfracture=None),
        replace(full, frax=frax, qfracture=qfracture),
    )
    for guideline in default_packs():
        before, after = evaluate(guideline, bare), evaluate(guideline, scored)
        for was, now in zip(before.traces, after.traces, strict=True):
            assert was.answer is not Answer.YES or now.answer is Answer.YES, (was, now)


@several
@given(full=pictures(), frax=st.none() | frax_results, qfracture=st.none() | qfracture_results)
def test_no_score_switches_a_fracture_rule_off(full, frax, qfracture):
    scored = replace(full, frax=frax, qfracture=qfracture)
    for guideline in (NG259, NOGG):
        before, after = evaluate(guideline, full), evaluate(guideline, scored)
        for rule in FRACTURE_RULES[guideline.key]:
            assert before.trace(rule).answer is after.trace(rule).answer


@several
@given(full=pictures(), site=st.sampled_from([Site.HIP, Site.VERTEBRA]), percent=st.floats(0, 9.9))
def test_low_score_gives_no_lowering_advice_after_a_hip_or_vertebral_fracture(full, site, percent):
    broken = replace(
        full,
        age=70,
        fractures=(*full.fractures, PastFracture(site, ON, fragility=True)),
        frax=FraxResult(percent, 0.0, ON, "UK", with_bmd=False),
        qfracture=None,
    )
    assert {"offer-dxa", "consider-treatment"} <= evaluate(NG259, broken).actions
    assert "consider-treatment" in evaluate(NOGG, broken).actions
    for guideline in (NG259, NOGG):
        assert not evaluate(guideline, broken).actions & LOWERING


LEVELS = {
    NG259.key: (
        {"consider-assess": 1, "assess": 2},
        {"consider-dxa": 1, "offer-dxa": 2},
        {"consider-treatment": 1},
        {"specialist": 1},
    ),
    # DXA in NOGG is not monotone: it is asked between two thresholds.
    NOGG.key: ({"consider-treatment": 1}, {"very-high-risk": 1}, {"start-bone-protection-now": 1}),
}


def _levels(guideline, picture):
    actions = evaluate(guideline, picture).actions
    return [max((level[one] for one in actions & level.keys()), default=0) for level in LEVELS[guideline.key]]


def _lower_t(picture, by):
    density = picture.bone_density or BoneDensity(on=ON)
    names = ("lumbar_spine_t", "total_hip_t", "femoral_neck_t", "forearm_t")
    changes = {name: getattr(density, name) - by for name in names if getattr(density, name) is not None}
    return replace(picture, bone_density=replace(density, **changes) if picture.bone_density else None)


def _raise_frax(picture, by):
    if picture.frax is None:
        return replace(picture, frax=FraxResult(by, by, ON, "UK", with_bmd=False))
    return replace(
        picture,
        frax=replace(
            picture.frax,
            major_osteoporotic_pct=picture.frax.major_osteoporotic_pct + by,
            hip_pct=picture.frax.hip_pct + by,
        ),
    )


def _more_steroids(picture, by):
    dose, months = picture.prednisolone_mg_day or 0.0, picture.glucocorticoid_months or 0.0
    return replace(
        picture,
        glucocorticoids_now=True,
        prednisolone_mg_day=dose + by,
        glucocorticoid_months=months + by,
    )


MORE = {
    "a hip fracture": lambda p, by: replace(p, fractures=(*p.fractures, PastFracture(Site.HIP, ON, True))),
    "a vertebral fracture": lambda p, by: replace(
        p, fractures=(*p.fractures, PastFracture(Site.VERTEBRA, ON, True, levels=("T12", "L1")))
    ),
    "a rib fracture": lambda p, by: replace(p, fractures=(*p.fractures, PastFracture(Site.RIB, ON, True))),
    "a lower T-score": _lower_t,
    "a higher FRAX": _raise_frax,
    "more steroids": _more_steroids,
    "more falls": lambda p, by: replace(p, falls_last_year=(p.falls_last_year or 0) + 2),
    **{name: lambda p, by, name=name: replace(p, **{name: True}) for name in TABLE_1_FIELDS},
}


@several
@given(data=st.data(), before=pictures(), by=st.floats(0.1, 20))
def test_more_risk_never_gives_less_advice(data, before, by):
    change = data.draw(st.sampled_from(sorted(MORE)))
    after = MORE[change](before, by)
    for guideline in (NG259, NOGG):
        for was, now in zip(_levels(guideline, before), _levels(guideline, after), strict=True):
            assert now >= was, change


@several
@given(picture=pictures())
def test_a_picture_survives_json(picture):
    assert picture_from_json(picture_to_json(picture)) == picture


@settings(deadline=None, max_examples=30)
@given(picture=pictures())
def test_replay_is_the_same_to_the_last_byte(picture):
    for guideline in default_packs():
        recorded = evaluation_to_json(evaluate(guideline, picture))
        assert evaluation_to_json(replay(recorded)) == recorded


@pytest.mark.parametrize("key", [guideline.key for guideline in default_packs()])
@settings(deadline=None, max_examples=30)
@given(picture=pictures(), density=densities)
def test_a_rule_names_what_it_lacks_exactly_when_it_lacks_something(key, picture, density):
    for trace in evaluate(pack(key), replace(picture, bone_density=density)).traces:
        assert bool(trace.missing) is (trace.answer is Answer.UNKNOWN)
