"""Every rule answers as its spec table says, every rule has one, and the reference pages are made from
them."""

from pathlib import Path

import pytest

from openfls.investigation import evaluate, pack
from openfls.investigation.reference import PAGES, load_spec, page
from openfls.record.advice import Answer
from openfls.record.picture import Picture

SPEC = Path(__file__).parent / "spec"
DOCS = Path(__file__).parents[2] / "docs" / "reference"
CASES = [(name, case) for name in PAGES for case in load_spec(SPEC / f"{name}.toml")]
RULES = {rule.id: (pack(key), rule) for keys in PAGES.values() for key in keys for rule in pack(key).rules}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{case.rule}: {case.why}" for _, case in CASES])
def test_rule_answers_as_its_table_says(name, case):
    guideline, rule = RULES[case.rule]
    trace = evaluate(guideline, case.picture).trace(rule.id)
    assert trace.answer is case.expect, trace
    assert bool(trace.missing) is (case.expect is Answer.UNKNOWN)


@pytest.mark.parametrize("rule_id", RULES)
def test_rule_has_a_case_for_each_answer_it_can_give(rule_id):
    _, rule = RULES[rule_id]
    expected = {case.expect for _, case in CASES if case.rule == rule_id}
    nothing_known = rule.when.judge(Picture(on=CASES[0][1].picture.on)).answer
    if rule.when.words() == "always":
        assert expected == {Answer.YES}
    elif nothing_known is Answer.UNKNOWN:
        assert expected == set(Answer)
    else:
        assert expected == {Answer.YES, Answer.NO}


def test_every_table_is_of_a_rule():
    assert {case.rule for _, case in CASES} == set(RULES)


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_is_up_to_date(name):
    made = page(name, SPEC)
    kept = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert kept == made, "run `make docs`"
