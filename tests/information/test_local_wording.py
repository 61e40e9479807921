"""A service's own wording: a text that can be edited, read back, and refused by line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.information.compose import block_texts, compose
from openfls.information.context import ServiceDetails
from openfls.information.letter import Heading, LetterKind
from openfls.information.local_check import faults_of, required, standard_text, wording_with
from openfls.information.local_text import parse_text
from openfls.information.sample import sample_context
from openfls.information.wording import default_wording
from openfls.record.errors import BadInput

SERVICE = ServiceDetails("North FLS", phone="01632 960000", signature_lines=("Registered nurse",))
kinds = pytest.mark.parametrize("kind", list(LetterKind))


@kinds
def test_the_standard_wording_is_read_back_as_it_is_and_has_all_that_is_required(kind):
    text = standard_text(kind)
    assert faults_of(kind, text) == ()
    assert wording_with(kind, text) == default_wording()[kind]
    assert required()[kind]


@kinds
def test_nothing_required_can_be_left_out(kind):
    text = standard_text(kind)
    for need in required()[kind]:
        saying = {number for number, line in parse_text(text).sentences if need.is_said_in(line)}
        without = "\n".join(
            line for number, line in enumerate(text.splitlines(), start=1) if number not in saying
        )
        assert any(need.what in fault.reason for fault in faults_of(kind, without)), need.what


def test_a_required_sentence_under_a_condition_of_one_s_own_is_missing():
    text = standard_text(LetterKind.PERSON).replace("You can call us on", "{?deceased}You can call us on")
    assert any("whom to call" in fault.reason for fault in faults_of(LetterKind.PERSON, text))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("We suggest {drugg}.", "unknown field {drugg}"),
        ("We suggest {drug.", "a brace that belongs to no field"),
        ("- {advice*} and {fractures*}", "only one field may repeat"),
        ("| one |", "two cells, not 1"),
        ("# Help (picture: cat)", "there is no picture “cat”"),
        ("#", "nothing stands here"),
        ("| rows of: people |", "no rows of “people”"),
        ("> - an item", "a box begins with its title"),
    ],
)
def test_a_fault_is_told_with_its_line(line, reason):
    text = standard_text(LetterKind.PERSON) + f"\n{line}\n"
    number = text.splitlines().index(line) + 1
    found = [(fault.line, fault.reason) for fault in faults_of(LetterKind.PERSON, text)]
    assert any(at == number and reason in words for at, words in found), found
    with pytest.raises(BadInput, match=f"line {number}"):
        wording_with(LetterKind.PERSON, text)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (LetterKind.GP, "Please prescribe {drug}."),
        (LetterKind.GP, "Please start {drug|the drug} today."),
        (LetterKind.PERSON, "Your GP gives you {drug}."),
    ],
)
def test_a_drug_is_asked_of_the_gp_only_under_its_condition(kind, line):
    text = standard_text(kind) + f"\n{line}\n"
    assert [fault.line for fault in faults_of(kind, text)] == [len(text.splitlines())]


def test_a_local_text_is_what_the_letter_says():
    text = standard_text(LetterKind.PERSON).replace("# Who to call (picture: telephone)", "# Our bone line")
    text += "\nThe clinic is beside the lift.\n"
    letter = compose(
        LetterKind.PERSON,
        sample_context(SERVICE),
        wording={LetterKind.PERSON: wording_with(LetterKind.PERSON, text)},
    )
    assert Heading("Our bone line") in letter.blocks
    assert block_texts(letter.blocks[-1]) == ("The clinic is beside the lift.",)
    assert "Registered nurse" in letter.signature


@given(st.text(max_size=300), st.sampled_from(list(LetterKind)))
@settings(deadline=None, max_examples=80)
def test_any_text_is_judged_and_none_stops_the_check(text, kind):
    parsed = parse_text(text)
    lines = text.splitlines()
    for fault in faults_of(kind, text):
        assert 0 <= fault.line <= len(lines)
    if not parsed.faults:
        assert not re.search(r"\{[^{}]*$", text.splitlines()[-1]) or "{" not in text


@kinds
def test_the_fictional_person_fills_every_kind(kind):
    letter = compose(kind, sample_context(SERVICE))
    assert not letter.draft
    assert letter.sender.name == "North FLS"
