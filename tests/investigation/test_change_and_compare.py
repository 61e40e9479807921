"""What would change the advice, packs side by side, settings, and who would move."""

from dataclasses import replace
from datetime import date

import pytest

from openfls.investigation import PACKS, Topic, build, default_packs, evaluate, pack
from openfls.investigation.change import what_would_change, who_would_move
from openfls.investigation.compare import DISAGREEMENTS, compare
from openfls.record.errors import BadInput
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, PastFracture, Picture
from openfls.record.sites import Site

ON = date(2026, 11, 1)
NG259, NOGG = pack("NG259@2026-07-29"), pack("NOGG@2024")
WRIST = Picture(
    ON,
    sex=Sex.FEMALE,
    age=62,
    fractures=(PastFracture(Site.WRIST, date(2026, 9, 1)),),
    frax=FraxResult(9.0, 1.0, ON, "UK", with_bmd=False),
)


def _question(picture, name, guideline=NG259):
    return next(one for one in what_would_change(guideline, picture) if one.name == name)


def test_judging_the_fracture_would_bring_the_scan():
    question = _question(WRIST, "fractures[0].fragility")
    gained = {effect.value: effect.gained for effect in question.effects}
    assert "offer-dxa" in gained["yes"]
    assert "NG259-1.4.1" in question.rules


def test_a_scan_would_bring_treatment_only_where_it_is_low():
    question = _question(replace(WRIST, fracture_history_taken=True), "bone_density")
    gained = {effect.value: effect.gained for effect in question.effects}
    assert "consider-treatment" in gained["T-score -2.6"]
    assert all(
        "consider-treatment" not in actions for value, actions in gained.items() if value == "T-score -2.4"
    )


def test_the_count_of_vertebrae_decides_a_low_spine():
    density = BoneDensity(ON, lumbar_spine_t=-3.0, total_hip_t=-1.0)
    picture = Picture(ON, age=62, bone_density=density)
    question = _question(picture, "bone_density.lumbar_spine_vertebrae")
    assert [(one.value, "consider-treatment" in one.gained) for one in question.effects] == [("4", True)]


def test_an_answer_that_matters_only_with_others_is_still_named_after_those_that_matter_alone():
    questions = what_would_change(NG259, WRIST)
    assert not _question(WRIST, "prednisolone_mg_day").effects
    settled = [bool(question.effects) for question in questions]
    assert settled == sorted(settled, reverse=True)


def test_nothing_is_asked_of_a_decided_rule():
    hip = replace(WRIST, fractures=(PastFracture(Site.HIP, ON, fragility=True),))
    question = next(
        (one for one in what_would_change(NG259, hip) if one.name == "fracture_history_taken"), None
    )
    assert question is None or not {"NG259-1.4.1", "NG259-1.7.3"} & set(question.rules)


def test_packs_stand_side_by_side_and_differ_where_the_guidelines_do():
    picture = replace(WRIST, fracture_history_taken=True, fractures=(), age=62)
    rows = {row.topic: row for row in compare((NG259, NOGG), picture)}
    dxa = rows[Topic.DXA]
    assert [column.pack for column in dxa.columns] == [NG259.key, NOGG.key]
    assert dxa.columns[0].actions == frozenset()  # 9 % is below 10 %
    assert dxa.columns[1].actions == {"offer-dxa"}  # 9 % at 62 is intermediate
    assert dxa.differs


def test_same_advice_is_not_called_a_difference():
    picture = replace(WRIST, fractures=(PastFracture(Site.HIP, ON, fragility=True),))
    rows = {row.topic: row for row in compare((NG259, NG259), picture)}
    assert not any(row.differs for row in rows.values())


def test_a_pack_that_is_silent_on_a_topic_does_not_disagree():
    picture = replace(WRIST, fractures=(PastFracture(Site.HIP, ON, fragility=True),))
    assess = next(row for row in compare((NG259, NOGG), picture) if row.topic is Topic.ASSESS)
    assert [column.silent for column in assess.columns] == [False, True]
    assert assess.columns[0].actions
    assert not assess.differs


def test_known_disagreements_are_about_topics_that_both_packs_treat():
    for topic, *words in DISAGREEMENTS:
        assert all(words)
        assert any(rule.topic is topic for rule in NG259.rules)
        assert any(rule.topic is topic for rule in NOGG.rules)


def test_a_changed_threshold_shows_who_would_move():
    stricter = build(NG259.key, {"consider_dxa_major_pct": 12})
    people = [
        replace(WRIST, frax=replace(WRIST.frax, major_osteoporotic_pct=pct)) for pct in (8.0, 11.0, 14.0)
    ]
    moves = who_would_move(NG259, stricter, people)
    assert [(move.index, move.lost) for move in moves if "consider-dxa" in move.lost] == [
        (1, ("consider-dxa",))
    ]
    assert dict(evaluate(stricter, people[0]).settings)["consider_dxa_major_pct"] == 12.0


@pytest.mark.parametrize(
    ("key", "settings", "reason"),
    [
        ("CG146@2012", {}, "no guideline pack CG146@2012"),
        ("NG259@2026-07-29", {"age": 3}, "no setting age"),
        ("NG259@2026-07-29", {"treat_t_score": "low"}, "not of the kind"),
        ("NOGG@2024", {"between_ages": 1}, "not of the kind"),
        ("NOGG@2024", {"between_ages": "spline"}, "band, linear"),
    ],
)
def test_a_pack_or_setting_that_is_not_there_is_refused(key, settings, reason):
    with pytest.raises(BadInput, match=reason):
        build(key, settings)


def test_rule_ids_are_unique_and_every_rule_says_where_it_is_from():
    rules = [rule for guideline in default_packs() for rule in guideline.rules]
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.text and rule.strength and rule.actions for rule in rules)
    assert len(PACKS) == len(default_packs())
