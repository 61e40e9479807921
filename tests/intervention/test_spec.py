"""Every rule answers as its spec table says, and no rule is without a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from openfls.intervention import packs
from openfls.intervention.facts import facts_of
from openfls.intervention.reference import TABLES
from openfls.intervention.schedule import promises, schedule
from openfls.intervention.spec import load, load_schedule, situation_of
from openfls.record.advice import Answer

SPEC = Path(__file__).parent / "spec"
RULES = {
    "drugs": {rule.id: rule for drug in packs.drugs() for rule in drug.rules},
    "appraisals": {rule.id: rule for rule in packs.appraisals()},
    "order": {rule.id: rule for rule in packs.places()},
    "supplements": {rule.id: rule for rule in packs.regimens()},
    "alerts": {rule.id: rule for rule in packs.alert_rules()},
}
CASES = {name: load(SPEC / f"{name}.csv") for name in TABLES}
EVERY = [(name, rule_id) for name, rules in RULES.items() for rule_id in rules]
SETTINGS = packs.settings()


@pytest.mark.parametrize(("name", "rule_id"), EVERY, ids=[f"{name} {rule_id}" for name, rule_id in EVERY])
def test_a_rule_answers_as_its_table_says(name: str, rule_id: str) -> None:
    rule = RULES[name][rule_id]
    for case in (case for case in CASES[name] if case.rule == rule_id):
        judged = rule.when.judge(facts_of(case.situation, SETTINGS), SETTINGS)
        assert judged.answer is case.expect, (case.given, case.why, judged)
        assert bool(judged.missing) is (case.expect is Answer.UNKNOWN), case.given


@pytest.mark.parametrize(("name", "rule_id"), EVERY, ids=[f"{name} {rule_id}" for name, rule_id in EVERY])
def test_a_rule_has_a_row_for_each_answer_it_can_give(name: str, rule_id: str) -> None:
    rule = RULES[name][rule_id]
    expected = {case.expect for case in CASES[name] if case.rule == rule_id}
    if rule.when.words(SETTINGS) == "always":
        assert expected == {Answer.YES}
        return
    nothing = rule.when.judge(facts_of(situation_of(""), SETTINGS), SETTINGS).answer
    assert {Answer.YES, Answer.NO} <= expected
    assert nothing is not Answer.UNKNOWN or Answer.UNKNOWN in expected


def test_every_row_is_of_a_rule() -> None:
    assert {name: {case.rule for case in cases} for name, cases in CASES.items()} == {
        name: set(rules) for name, rules in RULES.items()
    }


PROMISED = load_schedule(SPEC / "schedule.csv")


@pytest.mark.parametrize("row", PROMISED, ids=lambda row: f"{row.rule}: {row.why}")
def test_the_schedule_promises_as_its_table_says(row) -> None:
    due = {one.promise.id: one for one in promises(row.course)}.get(row.rule)
    assert (due.on, due.late_from) == (row.expect, row.late_from) if due else row.expect is None


def test_every_promise_has_rows_for_its_day_and_for_none() -> None:
    for promise in schedule():
        days = [row.expect for row in PROMISED if row.rule == promise.id]
        assert None in days, promise.id
        assert any(days), promise.id
    assert {row.rule for row in PROMISED} == {promise.id for promise in schedule()}
