"""The language of conditions, the order of choice, the decision aid, and what is asked of a plan."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from openfls.intervention import Verdict, grid, proposals, unjudged
from openfls.intervention.aid import benefits, harms
from openfls.intervention.alerts import CAUSES, rank
from openfls.intervention.contradictions import Said, contradictions
from openfls.intervention.facts import WORDS
from openfls.intervention.icons import icon_array
from openfls.intervention.language import Vocabulary, parse
from openfls.intervention.names import GROUP_WORDS, GROUPS
from openfls.intervention.packs import alert_rules, drugs, settings
from openfls.intervention.spec import ON, situation_of
from openfls.record.errors import BadInput
from openfls.record.picture import BoneDensity, FraxResult, Picture
from openfls.record.reasons import CalciumVitaminD, Drug, DrugDecision, DxaDecision, FallsReferral

NG259 = "NG259@2026-07-29"
WELL = (
    "sex=female; age=76; postmenopausal=yes; weight_kg=60; creatinine_umol_l=60; adjusted_calcium_mmol_l=2.4;"
    "vitamin_d_nmol_l=70; oesophageal_disease=no; upright_30_min=yes; upright_60_min=yes; upper_gi_disease=no;"
    "jaw_osteonecrosis=no; dental_problem=no; atypical_femur_fracture=no; thigh_or_groin_pain=no; dialysis=no;"
    "history=yes; fracture=wrist 2026-05-01; index_on=2026-05-01; very_high_risk=no"
)
KNOWN = Vocabulary(WORDS, GROUPS, settings())


@pytest.mark.parametrize(
    "text",
    [
        "oesophagal_disease",
        "crcl < crcl_lwo",
        "planned in orals",
        "crcl <",
        "__import__('os')",
        "crcl < 35 < age",
        "1",
    ],
)
def test_what_is_not_of_the_language_is_an_error(text: str) -> None:
    with pytest.raises(BadInput):
        parse(text, KNOWN, "drugs.toml ALN-CA")


def test_somebody_of_whom_all_is_known_has_suitable_drugs() -> None:
    found = grid(situation_of(WELL), NG259)
    assert found.of("alendronate").verdict is found.of("zoledronate").verdict is Verdict.SUITABLE
    assert found.options[0].drug.key == "alendronate"
    assert "does not say which drug" in found.order_note


def test_bone_building_drugs_come_first_at_very_high_risk_and_zoledronate_after_a_hip() -> None:
    very_high = grid(situation_of(WELL.replace("very_high_risk=no", "very_high_risk=yes")), NG259)
    assert {option.drug.key for option in very_high.options[:3]} == {
        "teriparatide",
        "abaloparatide",
        "romosozumab",
    }
    hip = grid(situation_of(WELL.replace("wrist", "hip")), NG259)
    assert hip.options[0].drug.key == "zoledronate"


def test_a_risk_that_cannot_be_judged_is_said_beside_the_place() -> None:
    option = grid(situation_of(WELL.replace("; very_high_risk=no", "")), NG259).of("teriparatide")
    assert [reason.rule for reason in option.unsure_of_place] == ["ORD-VHR"]


def test_what_follows_is_planned_from_the_start() -> None:
    then = {drug.key: " ".join(drug.then) for drug in drugs()}
    for key in ("teriparatide", "abaloparatide", "romosozumab"):
        assert "antiresorptive" in then[key]
    assert "zoledronate 6 months after" in then["denosumab"]


def test_every_group_has_words_and_every_cause_can_be_read() -> None:
    assert set(GROUPS) == set(GROUP_WORDS)
    for rule in alert_rules():
        assert rule.cause
        assert set(rule.cause) <= set(WORDS) | set(CAUSES), rule.id


def test_an_alert_that_is_no_more_comes_last() -> None:
    assert rank("DMAB-LATE") < rank("VHR") < rank("an alert of long ago")


def test_red_alerts_that_cannot_be_judged_are_named_with_what_is_missing() -> None:
    found = {one.rule.id: one.missing for one in unjudged(situation_of("planned=romosozumab"))}
    assert found["ROMO-CV"] == ("myocardial_infarction_or_stroke",)


def test_loading_options_stand_before_what_cannot_be_judged() -> None:
    found = proposals(situation_of("planned=denosumab; vitamin_d_nmol_l=20; care_home=yes"))
    load = next(one for one in found if one.reason.rule == "VITD-LOAD")
    assert "50,000 IU once a week for 6 weeks" in load.options
    assert [one.reason.answer.value for one in found] == sorted(
        (one.reason.answer.value for one in found), reverse=True
    )


FRAX = Picture(on=ON, frax=FraxResult(20.0, 10.0, ON, "UK", with_bmd=False))


def test_the_aid_counts_people_and_says_how_it_is_known() -> None:
    hip, spine = benefits(FRAX, "alendronate")
    assert (hip.without, hip.with_) == (10, 6)
    assert "10.0 % by FRAX" in hip.sentence
    assert hip.assumed
    assert (spine.without, spine.with_) == (100, 55)
    assert benefits(Picture(on=ON), "alendronate") == (spine,), "no risk on record, no figure of it"
    assert benefits(FRAX, "raloxifene") == ()
    assert harms("raloxifene")


def test_an_icon_array_draws_a_hundred_and_says_so_in_words() -> None:
    hip = benefits(FRAX, "zoledronate")[0]
    drawn = ElementTree.fromstring(icon_array(hip, "zoledronate-hip"))
    classes = [mark.get("class") for mark in drawn if mark.get("class")]
    assert len(classes) == 100
    assert classes.count("fls-icons__still") == hip.with_
    assert classes.count("fls-icons__avoided") == hip.without - hip.with_
    assert drawn.find("desc").text == hip.sentence


PLAN = Said(
    DrugDecision.RECOMMENDED,
    CalciumVitaminD.BOTH,
    FallsReferral.REFERRED,
    DxaDecision.NOT_NEEDED,
    Drug.ALENDRONATE,
)


@pytest.mark.parametrize(
    ("change", "known", "field"),
    [
        ({"dxa": DxaDecision.NOT_FEASIBLE}, {"bone_density": BoneDensity(date(2026, 5, 1))}, "dxa"),
        ({"dxa": DxaDecision.DONE}, {}, "dxa"),
        ({"dxa": DxaDecision.ORDERED}, {"dxa_possible": False}, "dxa"),
        ({"falls_referral": FallsReferral.NOT_NEEDED}, {"falls_last_year": 2}, "falls_referral"),
        ({"falls_referral": FallsReferral.ALREADY}, {"falls_service_now": False}, "falls_referral"),
        ({"calcium_vitamin_d": CalciumVitaminD.DIET}, {"vitamin_d_nmol_l": 0.0}, "calcium_vitamin_d"),
        ({}, {"bone_drug_now": "alendronate"}, "drug"),
    ],
)
def test_what_a_plan_says_against_the_record_is_asked(change: dict, known: dict, field: str) -> None:
    said = Said(**{name: getattr(PLAN, name) for name in PLAN.__slots__} | change)
    assert [one.field for one in contradictions(said, Picture(on=ON, **known))] == [field]
    assert contradictions(PLAN, Picture(on=ON)) == ()
