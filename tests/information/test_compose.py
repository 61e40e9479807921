"""What a letter says, to whom, and when it must not be written."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import pytest

from information.examples import DISCLAIMER, bare_context, full_context
from openfls.information.compose import block_texts, compose, may_compose
from openfls.information.context import LetterContext, Plan, RiskResult, SignOff
from openfls.information.letter import (
    TO_THE_PERSON,
    ActionBox,
    Heading,
    KeyValueTable,
    Letter,
    LetterKind,
    LetterNotAllowed,
    TextSize,
    check_sendable,
    may_send,
)
from openfls.information.names import unshouted
from openfls.information.wording import read_wording, wording_from
from openfls.record.errors import BadInput


def every_text(letter: Letter) -> list[str]:
    """All that is printed, one text each."""
    texts = [letter.subject, letter.salutation, letter.closing, letter.sender.name]
    for group in (letter.recipient, letter.sender.lines, letter.signature, letter.copies):
        texts.extend(group)
    texts.extend(text for row in letter.about for text in row)
    texts.extend(text for block in letter.blocks for text in block_texts(block))
    return texts


def body(letter: Letter) -> str:
    return "\n".join(text for block in letter.blocks for text in block_texts(block))


def with_person(context: LetterContext, **changes: object) -> LetterContext:
    return replace(context, person=replace(context.person, **changes))


def with_plan(context: LetterContext, **changes: object) -> LetterContext:
    return replace(context, plan=Plan(**changes))


def composable(context: LetterContext) -> list[LetterKind]:
    return [kind for kind in LetterKind if may_compose(kind, context)]


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_full_context_fills_every_kind(kind):
    letter = compose(kind, full_context())
    assert not letter.draft
    assert may_send(letter)
    assert letter.language == "en-GB"
    assert letter.reference == "FLS-2026-0042"
    assert letter.blocks
    text = "\n".join(every_text(letter))
    assert "None" not in text
    assert "{" not in text
    assert "left wrist" in text


def _leaves(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every optional value within a context."""
    found: list[tuple[str, ...]] = []
    for part in fields(value):
        inner = getattr(value, part.name)
        if part.name not in {"on", "service", "person", "name", "language"}:
            found.append((*path, part.name))
        if is_dataclass(inner):
            found.extend(_leaves(inner, (*path, part.name)))
    return found


def _without(value: object, path: tuple[str, ...]) -> object:
    name, *rest = path
    inner = getattr(value, name)
    if rest:
        return replace(value, **{name: _without(inner, tuple(rest))})
    if is_dataclass(inner):
        inner = type(inner)() if name in {"gp", "plan", "to"} else None
    else:
        inner = type(inner)() if isinstance(inner, (str, tuple, bool)) else None
    return replace(value, **{name: inner})


@pytest.mark.parametrize("path", _leaves(full_context()), ids=".".join)
def test_taking_any_one_value_away_leaves_no_gap(path):
    context = _without(full_context(), path)
    assert isinstance(context, LetterContext)
    for kind in composable(context):
        for text in every_text(compose(kind, context)):
            assert "None" not in text
            assert "{" not in text
            assert "  " not in text
            assert " ." not in text
            assert " ," not in text
            assert "()" not in text


def test_a_bare_context_says_what_is_not_known():
    letter = compose(LetterKind.GP, bare_context())
    text = body(letter)
    assert "the site is not known yet" in text
    assert "Assessment findings are not known yet." in text
    assert "Follow-up dates are not known yet." in text
    assert "no recommendation has been made yet" in text
    assert ("NHS number", "not known yet") in letter.about
    assert "Practice not known yet" in letter.recipient


def test_the_gp_letter_begins_with_what_is_asked():
    letter = compose(LetterKind.GP, full_context())
    first = letter.blocks[0]
    assert isinstance(first, ActionBox)
    assert first.title == "Please"
    assert first.items[0] == (
        "Consider prescribing alendronic acid 70 mg once a week, as discussed with Mrs Edith O’Marsh. "
        "We have not prescribed it."
    )
    assert [block.text for block in letter.blocks if isinstance(block, Heading)] == [
        "Findings",
        "Plan",
        "Guidance this rests on",
        "What happens next",
    ]
    assert letter.copies == ("Mrs Edith O’Marsh",)


def test_a_finding_without_a_value_is_said_to_be_unknown():
    table = next(b for b in compose("gp", full_context()).blocks if isinstance(b, KeyValueTable))
    assert ("Parent with hip fracture", "not known yet") in table.rows


def test_an_unsure_source_shows_its_mark_and_a_sure_one_none():
    text = body(compose("gp", full_context()))
    assert "Pause after five years of tablets (NOGG 2024; recalled, high; to be verified)" in text
    assert "(NICE NG259, 1.7.3)" in text


def test_a_declined_drug_is_told_without_blame():
    context = with_plan(full_context(), declined="alendronic acid", declined_reason="")
    gp, person = body(compose("gp", context)), body(compose("person", context))
    assert "alendronic acid was offered" in gp
    assert "Reason given: not known yet." in gp
    assert "Consider prescribing" not in gp
    assert "You chose not to have alendronic acid for now. That is fine." in person
    assert "We suggest a medicine" not in person


def test_a_drug_the_service_gives_is_not_asked_of_the_gp():
    context = with_plan(full_context(), drug="zoledronic acid 5 mg", given_by_service=True)
    gp, person = compose("gp", context), body(compose("person", context))
    assert gp.blocks[0] == ActionBox(
        "Please", ("Do not prescribe zoledronic acid 5 mg. We recommend it; our service arranges it.",)
    )
    assert "nothing for you to prescribe" in body(gp)
    assert "We will arrange this for you." in person
    assert "ask your GP" not in person


def test_a_drug_that_either_may_give_is_asked_of_nobody():
    context = with_plan(full_context(), drug="denosumab", prescriber_open=True)
    gp, person = body(compose("gp", context)), body(compose("person", context))
    assert "Consider prescribing" not in gp
    assert "Do not prescribe denosumab yet." in gp
    assert "We will talk to your GP about who will give it to you." in person
    assert "We will ask your GP" not in person


def test_what_may_not_have_been_sent_is_told_as_to_come():
    gp, person = body(compose("gp", full_context())), body(compose("person", full_context()))
    assert "We have asked" not in person
    for words in ("ask your GP to think", "ask for a bone scan", "ask Marram Falls Team"):
        assert f"We will {words}" in person
    assert "referral to Marram Falls Team, agreed 2 March 2026" in gp
    assert "request to DXA Unit, agreed 1 February 2026" in gp


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind is not LetterKind.GP])
def test_nobody_recorded_dead_is_written_to_or_referred(kind):
    with pytest.raises(LetterNotAllowed, match="recorded as having died"):
        compose(kind, with_person(full_context(), deceased=True))


def test_the_gp_letter_after_a_death_asks_for_nothing_and_goes_to_the_gp_alone():
    letter = compose("gp", with_person(full_context(), deceased=True))
    text = body(letter)
    assert "has died" in text
    assert letter.copies == ()
    for gone in ("prescri", "Recommended", "Referred", "review", "vitamin D 800"):
        assert gone not in text


@pytest.mark.parametrize("kind", list(LetterKind))
def test_somebody_not_to_be_contacted_gets_no_letter_and_no_copy(kind):
    context = with_person(full_context(), do_not_contact="opted out")
    if kind in TO_THE_PERSON:
        with pytest.raises(LetterNotAllowed, match="opted out"):
            compose(kind, context)
    else:
        assert context.person.name not in compose(kind, context).copies


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("falls_referral", "falls_referral"),
        ("dxa_request", "dxa_request"),
        ("specialist_referral", "specialist_referral"),
        ("results", "scan_result"),
    ],
)
def test_a_referral_needs_to_have_been_agreed(kind, part):
    with pytest.raises(LetterNotAllowed):
        compose(kind, replace(full_context(), **{part: "" if part == "scan_result" else None}))


@pytest.mark.parametrize("sign_off", [None, SignOff("  ")])
def test_a_clinical_letter_without_a_name_stays_a_draft(sign_off):
    context = replace(full_context(), sign_off=sign_off)
    letter = compose("gp", context)
    assert letter.draft
    with pytest.raises(LetterNotAllowed, match="not signed"):
        check_sendable(letter)
    assert may_send(compose("invitation", context))


def test_the_disclaimer_follows_the_score_even_if_the_wording_forgets_it():
    wording = wording_from({"gp": '[[blocks]]\nlist = ["{risks*}"]\n[[blocks]]\nparagraph = ["End."]'})
    letter = compose("gp", full_context(), wording=wording)
    assert [block_texts(block)[-1] for block in letter.blocks][1:] == [DISCLAIMER, "End."]


def test_the_disclaimer_is_said_once_for_two_scores():
    risks = (*full_context().risks, RiskResult("QFracture-2012, five years", "any 7 %", None, DISCLAIMER))
    assert body(compose("gp", replace(full_context(), risks=risks))).count(DISCLAIMER) == 1


def test_values_are_never_read_as_wording():
    letter = compose(
        "invitation", with_person(full_context(), name="{gp_name} {x", salutation="{nhs_number}")
    )
    assert letter.recipient[0] == "{gp_name} {x"
    assert letter.salutation == "Dear {nhs_number}"


def test_a_service_changes_its_words_and_letterhead_without_code(tmp_path):
    (tmp_path / "common.toml").write_text(
        'letterhead = ["Our trust", "{letterhead*}"]\nclosing = "Kind regards"\n'
    )
    (tmp_path / "invitation.toml").write_text('subject = "Come and see us, {person_name}"\n')
    wording = read_wording(tmp_path)
    letter = compose("invitation", full_context(), wording=wording)
    assert letter.sender.letterhead == ("Our trust", "Marram Hospitals Trust")
    assert letter.closing == "Kind regards"
    assert letter.subject == "Come and see us, Mrs Edith O’Marsh"
    assert letter.blocks == compose("invitation", full_context()).blocks


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("gp", 'subject = "For {surname}"', r"gp.toml, subject.*unknown field \{surname\}"),
        ("gp", 'subject = "For {person_name"', "brace"),
        ("gp", 'heading = "x"', "heading: unknown key"),
        ("gp", "subject = 3", "text or a list"),
        ("gp", 'subject = "x', "not TOML"),
        ("gp", '[[blocks]]\nlist = ["{no_such*}"]', r"block 1.*unknown field \{no_such\}"),
        ("gp", '[[blocks]]\ntable_of = "people"', "unknown field 'people'"),
        ("gp", '[[blocks]]\npicture = "x"', "a block has one of"),
        ("gp", 'about = [["only one"]]', "pairs"),
        ("gp", '[[blocks]]\nlist = ["{advice*} {risks*}"]', "only one field may repeat"),
        ("pg", 'subject = "x"', "no such letter"),
    ],
)
def test_wrong_wording_is_refused_and_named(name, text, message):
    with pytest.raises(BadInput, match=message):
        wording_from({name: text})


def test_common_words_of_a_service_do_not_reach_what_a_kind_says_for_itself():
    wording = wording_from({"common": 'salutation = "Hello"\nsignature = ["Us"]'})
    letter = compose("person", full_context(), wording=wording)
    assert letter.salutation == "Dear Mrs O’Marsh"
    assert letter.signature == ("Us",)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(BadInput, match="nowhere"):
        read_wording(tmp_path / "nowhere")


def test_dates_have_the_month_as_a_word_and_text_can_be_large():
    letter = compose("person", full_context(), text_size=TextSize.LARGE)
    assert letter.text_size is TextSize.LARGE
    assert "12 January 2026" in body(letter)
    assert "23 June 2026" in body(letter)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Ada SMITH", "Ada Smith"),
        ("Ada O’BRIEN-SMITH", "Ada O’Brien-Smith"),
        ("EDITH MCDONALD", "Edith McDonald"),
        ("LI NG", "Li Ng"),
        ("MACKIE", "Mackie"),
        ("Ada Smith", "Ada Smith"),
        ("Ada van der Berg", "Ada van der Berg"),
        ("J R Hartley", "J R Hartley"),
        ("AJ McCall", "AJ McCall"),
        ("ÉLODIE ÅSTRÖM", "Élodie Åström"),
        ("", ""),
    ],
)
def test_nobody_is_greeted_in_capitals(told: str, said: str) -> None:
    assert unshouted(told) == said


def test_the_letters_say_what_was_talked_about_and_what_matters() -> None:
    gp, person = (body(compose(kind, full_context())) for kind in ("gp", "person"))
    assert "Talked about: alendronate, zoledronate, ibandronate injection; stopping smoking, alcohol" in gp
    assert "What matters to Mrs Edith O’Marsh: I want to walk to the shops again." in gp
    assert "bending and lifting with a broken spine; a dental check before the medicine is begun." in gp
    assert "We come back to the decision on 1 September 2026." in gp
    assert "You told us what matters to you: I want to walk to the shops again." in person
    assert "Please see your dentist before you start the medicine." in person
    assert "We will talk about the medicine again on or near 1 September 2026." in person
