"""Virtual patients as content: every one that comes with the program is sound, and faults are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from openfls.record.errors import BadInput
from openfls.training.loader import shipped
from openfls.training.patients.checking import check_cases
from openfls.training.patients.facts import (
    Advised,
    AlertFacts,
    CourseFacts,
    EpisodeFacts,
    Facts,
    LetterFacts,
    PlanFacts,
)
from openfls.training.patients.loader import load_case, shipped_cases
from openfls.training.patients.predicates import did, holds, unknown
from openfls.training.patients.scoring import judge
from openfls.training.patients.values import Case

CASE = next(iter(shipped_cases().values()))


def test_the_cases_that_come_with_the_program_are_sound() -> None:
    cases = shipped_cases()
    assert check_cases(cases.values(), shipped()) == []
    assert len(cases) >= 12
    numbers = [one.nhs_number for case in cases.values() for one in case.people if one.nhs_number]
    assert len(set(numbers)) == len(numbers)
    assert all(claim.source for case in cases.values() for claim in case.sources.values())


FAULTS: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    ("an unknown word", {"decisions": [{"expect": {"cured": True}}]}, "there is no predicate cured"),
    ("an unknown drug", {"decisions": [{"expect": {"drug": ["aspirin"]}}]}, "drug does not take"),
    ("an unknown answer", {"decisions": [{"expect": {"known": {"mood": True}}}]}, "known does not take"),
    (
        "an unknown word within",
        {"decisions": [{"expect": {"not": {"any": [{"cured": True}]}}}]},
        "no predicate cured",
    ),
    ("no source", {"decisions": [{"sources": []}]}, "it has no source"),
    ("an unknown stage", {"decisions": [{"stage": "dance"}]}, "'dance' is none of"),
    ("no danger", {"dangers": None}, "nothing in it is told as dangerous"),
    ("a danger for nothing", {"dangers": [{"penalty": 0}]}, "it costs nothing"),
    ("a result of nobody's", {"events": [{"bloods": {"mood": 3}}]}, "the laboratory cannot send mood"),
    ("an unknown objective", {"objectives": ["F4.99"]}, "there is no such objective"),
    ("too long", {"minutes": 40}, "a case takes 10 to 15"),
    ("no path", {"paths": {"careless": []}}, "does not say how it is played"),
    ("a real number", {"people": [{"nhs_number": "4505577104"}]}, "of the 999 test range"),
)


def changed(tmp_path: Path, changes: Mapping[str, Any]) -> Case:
    """The first case with something else in it: of a list, in its first row."""
    data = yaml.safe_load(CASE.text)
    for name, value in changes.items():
        if value is None:
            data[name] = []
        elif isinstance(value, list) and isinstance(value[0], dict):
            data[name][0] |= value[0]
        elif isinstance(value, dict):
            data[name] |= value
        else:
            data[name] = value
    path = tmp_path / "01-changed.yaml"
    path.write_text(yaml.safe_dump(data))
    return load_case(path, shipped())


@pytest.mark.parametrize(("changes", "reason"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS])
def test_a_case_with_a_fault_is_refused_by_name(
    tmp_path: Path, changes: Mapping[str, Any], reason: str
) -> None:
    found = check_cases([changed(tmp_path, changes)], shipped())
    assert any(reason in one.reason for one in found), found


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"decisions": [{"sources": ["F4:gossip"]}]}, "no topic teaches 'F4:gossip'"),
        ({"starts": "soon"}, "'soon' is no day"),
        ({"decisions": [{"expect": 3, "weight": "heavy"}]}, "heavy"),
    ],
)
def test_a_case_that_cannot_be_read_says_why(tmp_path: Path, changes: Mapping[str, Any], reason: str) -> None:
    with pytest.raises((BadInput, ValueError), match=reason):
        changed(tmp_path, changes)


EPISODE = EpisodeFacts(
    site="wrist",
    state="review_16",
    confirmed_day=0,
    assessed_day=3,
    plan=PlanFacts("recommended", "alendronate", dxa="ordered", calcium_vitamin_d="both", falls="referred"),
    known={"cord_signs": False, "weight_kg": 61.0},
    alerts=(AlertFacts("CA-HIGH", "red", stands=True, decision="acted"),),
    contacts=("reached",),
)
FACTS = Facts(day=4, people=1, waiting=0, episodes=(EpisodeFacts("hip", "found"), EPISODE))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"confirmed": True}, True),
        ({"known": {"cord_signs": False, "weight_kg": "any"}}, True),
        ({"known": {"weight_loss_or_night_pain": False}}, False),  # not asked is not no
        ({"drug": ["alendronate"], "decision": ["declined"]}, False),
        ({"any": [{"decision": ["declined"]}, {"drug": ["alendronate"]}]}, True),
        ({"not": {"drug": ["zoledronate"]}}, True),
        ({"alert": {"rule": ["CA-HIGH"], "decision": ["acted"]}}, True),
        ({"alert": {"rule": ["CA-HIGH"], "decision": ["overridden"]}}, False),
        ({"assessed_by": 2}, False),
        ({"reached": "to_plan", "dxa_asked": True, "falls": ["referred"]}, True),
        ({"review": {"kind": ["week_16"], "outcome": ["on_treatment"]}}, False),
        ({"people": 1, "by_day": 4, "contact": ["reached"]}, True),
        ({"specialist_asked": False}, True),
    ],
)
def test_what_a_condition_asks(condition: Mapping[str, Any], expected: bool) -> None:
    assert unknown(condition) == []
    assert holds(condition, FACTS) is expected
    assert did(condition, FACTS)


def test_a_danger_takes_points_and_keeps_a_case_from_being_done_well() -> None:
    (decision, *_), (danger, *_) = CASE.decisions, CASE.dangers
    case = replace(
        CASE,
        decisions=(replace(decision, expect={"confirmed": True}, weight=9),),
        dangers=(replace(danger, where={"dxa": ["ordered"]}, penalty=1),),
    )
    found = judge(case, FACTS)
    assert (found.points, found.possible, found.percent, found.well) == (8, 9, 89, False)
    assert [one.id for one in found.dangers] == [danger.id]
    assert judge(replace(case, dangers=()), FACTS).well


def test_advice_without_an_answer_counts_and_is_named() -> None:
    answered = Advised("NG259-1.4.1", "Offer DXA", "NICE", "checked", answered=True)
    left = Advised("CA-HIGH", "Calcium is high", "Ours", "recalled, high", answered=False)
    facts = replace(FACTS, episodes=(replace(EPISODE, advised=(answered, left)),))
    found = judge(replace(CASE, decisions=(), dangers=()), facts)
    assert (found.points, found.possible, [one.rule for one in found.left_open]) == (1, 2, ["CA-HIGH"])


def test_of_a_case_that_is_not_ours_a_guideline_asks_nothing() -> None:
    case = shipped_cases()["metastasis"]
    left = Advised("NG259-1.7.3", "Consider drug treatment", "NICE", "checked", answered=False)
    facts = replace(FACTS, episodes=(replace(EPISODE, advised=(left,)),))
    assert judge(case, facts).left_open == ()


def test_a_dose_before_the_case_is_no_dose_in_it():
    before = CourseFacts("denosumab", started_day=-1000, doses=5, last_day=-276)
    asks = {"dosed_from": {"drug": ["denosumab"], "day": 0}}
    for course, given in ((before, False), (replace(before, doses=6, last_day=3), True)):
        facts = replace(FACTS, episodes=(replace(EPISODE, courses=(course,)),))
        assert holds(asks, facts) is given
        assert ("on day 3 of the case" in did(asks, facts)) is given


def test_what_was_done_is_told_in_words_that_a_page_uses():
    episode = replace(
        EPISODE,
        alerts=(AlertFacts("CA-HIGH", "red", stands=True, decision="acted", title="High calcium"),),
        letters=(LetterFacts("gp", "approved"),),
    )
    facts = replace(FACTS, episodes=(episode,))
    assert did({"alert": {"rule": ["CA-HIGH"]}}, facts) == "Alerts: “High calcium” acted upon."
    assert did({"letter": {"kind": ["gp"]}}, facts) == "A letter to the practice (approved)."
    assert did({"contact": ["reached"]}, facts) == "Contacts on record: spoke with the person."
    assert did({"confirmed": True}, facts).startswith("Taken on, on day 0 of the case.")
    gone = replace(FACTS, episodes=(EpisodeFacts("spine", "not_for_us", reason="pathological"),))
    assert (
        did({"confirmed": True}, gone)
        == "Not taken on. The fracture stands at “Not for us” (broke through a tumour)."
    )


@pytest.mark.parametrize(("state", "reason"), [("not_for_us", "high_energy"), ("closed", "not_a_case")])
def test_to_turn_the_fracture_away_is_told_as_dangerous_in_every_case(state: str, reason: str) -> None:
    for case in shipped_cases().values():
        one = EpisodeFacts(site="hip", state=state, reason=reason, confirmed_day=0)
        found = judge(case, Facts(day=0, people=1, waiting=0, episodes=(one,)))
        assert found.dangers, case.key
        assert not found.well
