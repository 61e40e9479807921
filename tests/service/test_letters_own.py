"""From preview to locked letter: what is added by hand, what is locked, and what replaces what."""

from __future__ import annotations

from dataclasses import replace

import pytest

import world
from openfls.information.as_json import letter_to_json
from openfls.information.letter import Addition, Paragraph, TextSize
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Drug, DrugDecision
from openfls.service import letters
from openfls.service.actions import assessing, writing
from openfls.service.actor import Actor
from openfls.service.letter_own import Own
from openfls.service.models import Letter
from openfls.service.posting import is_replaced, letters_on
from service.doings import approved_letter, seen_of


def _draft(by: Actor, kind: str = "person") -> Letter:
    return writing.write(episode=world.planned(by), kind=kind, by=by)


def _edit(letter: Letter, own: Own, by: Actor) -> Letter:
    return writing.edit(episode=letter.episode, letter=letter, own=own, by=by)


def _approve(letter: Letter, by: Actor) -> Letter:
    return writing.approve(episode=letter.episode, letter=letter, seen=seen_of(letter), by=by)


def test_a_note_stands_apart_under_the_name_of_who_wrote_it(nurse: Actor) -> None:
    letter = _edit(_draft(nurse), Own(note="  Please ring twice.\n\nBring your glasses. "), nurse)
    value = letters.value_of(letter)
    assert value.blocks[-1] == Addition(
        f"A note from {nurse.user.full_name}", ("Please ring twice.", "Bring your glasses.")
    )
    assert not any(isinstance(block, Addition) for block in letters.value_of(_draft(nurse, "gp")).blocks)
    colleague = world.member(nurse.service, username="colleague")
    approved = _approve(letter, colleague)
    assert letters.value_of(approved).blocks[-1] == value.blocks[-1], "its author stays its author"


def test_what_was_added_stays_when_the_record_changes_and_goes_when_taken_away(nurse: Actor) -> None:
    own = Own(TextSize.LARGE, "Ring twice.", enclosed=("food", "alendronic-acid"))
    letter = _edit(_draft(nurse), own, nurse)
    seen = seen_of(letter)
    assessing.answer(episode=letter.episode, answers={"falls_last_year": 3}, by=nurse)
    with pytest.raises(writing.DraftChanged) as refused:
        writing.approve(episode=letter.episode, letter=letter, seen=seen, by=nurse)
    value = letters.value_of(refused.value.letter)
    assert value.text_size is TextSize.LARGE
    assert value.enclosures == ("Food, calcium and vitamin D", "Alendronic acid tablets")
    assert isinstance(value.blocks[-1], Addition)
    plain = letters.value_of(_edit(refused.value.letter, Own(), nurse))
    assert (plain.text_size, plain.enclosures) == (TextSize.NORMAL, ())
    assert not isinstance(plain.blocks[-1], Addition)


@pytest.mark.parametrize(
    ("kind", "own", "said"),
    [
        ("gp", Own(TextSize.LARGE), "for letters to the person"),
        ("gp", Own(enclosed=("food",)), "Leaflets go with letters to the person"),
        ("person", Own(enclosed=("soup",)), "no leaflet “soup”"),
        ("person", Own(note="x" * 2001), "2000 characters or fewer"),
    ],
)
def test_what_a_letter_cannot_have_is_refused(kind: str, own: Own, said: str, nurse: Actor) -> None:
    letter = _draft(nurse, kind)
    with pytest.raises(NotPossible, match=said):
        _edit(letter, own, nurse)


def test_nothing_is_changed_or_thrown_away_once_it_is_locked(nurse: Actor) -> None:
    letter = approved_letter(nurse, kind="person")
    kept = letter.content
    for act in (
        lambda: _edit(letter, Own(note="Late"), nurse),
        lambda: writing.discard(episode=letter.episode, letter=letter, by=nurse),
        lambda: _approve(letter, nurse),
    ):
        with pytest.raises(NotPossible, match=r"locked|approved already"):
            act()
    letter.refresh_from_db()
    assert letter.content == kept
    assert letters.is_as_locked(letter)


def test_a_locked_letter_that_was_tampered_with_is_known_as_such(nurse: Actor) -> None:
    letter = approved_letter(nurse)
    assert letter.fingerprint == letters.locked_as(letter)
    value = replace(letters.value_of(letter), subject="Something else")
    letter.content = {**letter.content, "letter": letter_to_json(value)}
    assert not letters.is_as_locked(letter)


def test_a_letter_issued_again_replaces_the_old_one_which_stays(nurse: Actor) -> None:
    old = approved_letter(nurse, kind="person")
    before = dict(old.content)
    new = writing.reissue(episode=old.episode, letter=old, reason="Wrong address", by=nurse)
    assert letters.value_of(new).blocks[0] == Paragraph(
        "This letter takes the place of our letter of 1 June 2026."
    )
    old.refresh_from_db()
    assert not is_replaced(old), "a draft replaces nothing"
    _approve(new, nurse)
    old = Letter.objects.get(pk=old.pk)
    assert is_replaced(old)
    assert old.content == before
    assert [row.pk for row in letters_on(nurse.service, "to-send")] == [new.pk]
    with pytest.raises(NotPossible, match="newer letter has replaced"):
        writing.reissue(episode=old.episode, letter=old, reason="Again", by=nurse)


def test_a_letter_is_issued_again_for_a_reason_and_never_from_a_draft(nurse: Actor) -> None:
    letter = _draft(nurse)
    with pytest.raises(NotPossible, match="change it as it is"):
        writing.reissue(episode=letter.episode, letter=letter, reason="x", by=nurse)
    with pytest.raises(NotPossible, match="Say why"):
        writing.reissue(episode=letter.episode, letter=_approve(letter, nurse), reason=" ", by=nurse)


def test_a_specialist_is_asked_where_that_was_agreed(nurse: Actor) -> None:
    agreed = replace(
        world.AGREED,
        decision=DrugDecision.REFER_OPINION,
        drug=None,
        decision_reason="Two fractures in a year",
    )
    episode = world.planned(nurse, agreed=agreed)
    value = letters.value_of(writing.write(episode=episode, kind="specialist_referral", by=nurse))
    text = letter_to_json(value)
    assert "Two fractures in a year" in text
    assert "has started no medicine" in text
    other = world.planned(nurse, agreed=replace(world.AGREED, drug=Drug.RISEDRONATE))
    with pytest.raises(NotPossible, match="no specialist’s opinion was agreed"):
        writing.write(episode=other, kind="specialist_referral", by=nurse)


def test_the_result_is_told_once_there_is_one(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    with pytest.raises(NotPossible, match="no result of a bone scan is known"):
        writing.write(episode=episode, kind="results", by=nurse)
    scan = {"bone_density.on": world.TODAY.isoformat(), "bone_density.total_hip_t": -2.6}
    assessing.answer(episode=episode, answers=scan, by=nurse)
    text = letter_to_json(letters.value_of(writing.write(episode=episode, kind="results", by=nurse)))
    assert "You had a bone scan on 1 June 2026." in text
    assert "osteoporosis" in text
