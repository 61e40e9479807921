"""How hard the letters to people are to read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from information.examples import bare_context, full_context
from openfls.information.compose import compose
from openfls.information.context import Plan
from openfls.information.letter import TO_THE_PERSON
from openfls.information.readability import (
    Readability,
    letter_readability,
    readability,
    readable_text,
    syllables,
)

COUNTS = {
    1: "bone bones break broke wrist please changed scanned likes called make moves age aged tried seen you "
    "your health help walked weak strong scan hip spine sea tea",
    2: "stronger suggest arrange letter wanted houses science people able little table appoint agreed being "
    "going reason clinic service fracture create quiet moment movement safely choices changes",
    3: "medicine family different appointment area idea radio assessment vitamin liaison surgery calcium",
    4: "alendronic denosumab",
    6: "osteoporosis",
}


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, words in COUNTS.items() for word in words.split()],
)
def test_syllables(word, count):
    assert syllables(word) == count


def test_grades_follow_the_published_formulas():
    # 2 sentences, 10 words, 14 syllables, 2 words of three syllables or more.
    found = readability("The family went to the surgery. She had some tea.")
    assert (found.sentences, found.words, found.syllables, found.polysyllables) == (2, 10, 14, 2)
    assert found.flesch_kincaid_grade == pytest.approx(0.39 * 5 + 11.8 * 1.4 - 15.59)
    assert found.smog_grade == pytest.approx(1.0430 * 30**0.5 + 3.1291)
    assert found.reading_age == pytest.approx(found.flesch_kincaid_grade + 5)


def test_grades_agree_with_the_examples_of_public_implementations():
    # The JavaScript packages flesch-kincaid and smog-formula, from their documentation.
    assert Readability(1, 13, 26, 4).flesch_kincaid_grade == pytest.approx(13.08)
    assert Readability(1, 13, 26, 4).smog_grade == pytest.approx(14.554593, abs=1e-5)


def test_no_words_have_no_grade():
    assert readability("12. 34.").flesch_kincaid_grade == 0
    assert readability("").smog_grade == 0


def test_a_hard_text_is_measured_as_hard():
    hard = (
        "Pharmacological intervention is recommended following comprehensive evaluation of osteoporotic "
        "fracture probability, incorporating densitometric investigation and biochemical characterisation."
    )
    assert readability(hard).flesch_kincaid_grade > 15
    assert readability(hard).smog_grade > 12


CONTEXTS = {
    "full": full_context(),
    "bare": replace(bare_context(), scan_result=full_context().scan_result),
    "declined": replace(full_context(), plan=Plan(declined="alendronic acid")),
    "by the service": replace(full_context(), plan=Plan(drug="zoledronic acid", given_by_service=True)),
}


@pytest.mark.parametrize("kind", sorted(TO_THE_PERSON))
@pytest.mark.parametrize("case", list(CONTEXTS))
def test_letters_to_people_are_read_by_a_child_of_eleven(kind, case):
    found = letter_readability(compose(kind, CONTEXTS[case]))
    assert found.flesch_kincaid_grade <= 6
    assert found.smog_grade <= 8
    assert found.words > 30


_BLAME_OR_FEAR = re.compile(
    r"\b(patient|miss(ed)?|fail(ed|ure)?|did not attend|refus\w+|non-?complian\w+|must|danger\w*|dying|death|"
    r"die|disabl\w+|serious\w*|warn\w*|elderly|risk)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", sorted(TO_THE_PERSON))
@pytest.mark.parametrize("case", list(CONTEXTS))
def test_letters_to_people_hold_no_blame_and_no_fear(kind, case):
    assert _BLAME_OR_FEAR.findall(readable_text(compose(kind, CONTEXTS[case]))) == []
