"""A service's letterhead and wording: in the next letter, never in a locked one, and never a neighbour's."""

from __future__ import annotations

import pytest

import world
from openfls.information.compose import block_texts
from openfls.information.letter import LetterKind
from openfls.information.local_check import standard_text
from openfls.record.pathway import NotPossible
from openfls.service import letters
from openfls.service.actions import wording, writing
from openfls.service.actor import Actor
from openfls.service.letterheads import letterhead_of, newest_wordings, unreadable, wording_of
from openfls.service.models import Letter, LocalWording
from service.doings import approved_letter

OURS = standard_text(LetterKind.PERSON) + "\nOur clinic is beside the lift.\n"


def _save(by: Actor, text: str = OURS, seen: int | None = None) -> LocalWording:
    return wording.save_wording(kind="person", text=text, why="Where we are", seen=seen, by=by)


def _says(letter: Letter, words: str) -> bool:
    return any(words in text for block in letters.value_of(letter).blocks for text in block_texts(block))


def test_own_wording_and_letterhead_are_in_the_next_letter_and_in_no_locked_one(nurse: Actor) -> None:
    before = approved_letter(nurse, kind="person")
    _save(nurse)
    head = wording.Head("North Bone Team", "01632 960777", above="North Trust", signature="Clinic 4")
    wording.save_letterhead(head=head, seen=None, by=nurse)
    after = writing.write(episode=world.planned(nurse), kind="person", by=nurse)
    assert _says(after, "beside the lift")
    assert _says(after, "You can call us on 01632 960777.")
    value = letters.value_of(after)
    assert (value.sender.name, value.sender.letterhead) == ("North Bone Team", ("North Trust",))
    assert "Clinic 4" in value.signature
    before.refresh_from_db()
    assert not _says(before, "beside the lift")
    neighbour = world.member(world.service("south"), username="neighbour")
    assert not _says(writing.write(episode=world.planned(neighbour), kind="person", by=neighbour), "lift")


def test_the_way_back_to_the_standard_keeps_the_history(nurse: Actor) -> None:
    row = _save(nurse)
    wording.use_standard(kind="person", why="Enough", seen=row.pk, by=nurse)
    assert not _says(writing.write(episode=world.planned(nurse), kind="person", by=nurse), "lift")
    assert [bool(row.text) for row in LocalWording.objects.filter(service=nurse.service)] == [True, False]
    with pytest.raises(NotPossible, match="in use already"):
        wording.use_standard(kind="person", why="Again", seen=None, by=nurse)


def test_a_faulty_wording_is_refused_with_every_fault(nurse: Actor) -> None:
    with pytest.raises(wording.FaultyWording) as refused:
        _save(nurse, "Subject: Hello\n\nDear {nobody}.")
    reasons = [(fault.line, fault.reason) for fault in refused.value.faults]
    assert (3, "unknown field {nobody}") in reasons
    assert any("safety net" in reason for _, reason in reasons)
    assert not LocalWording.objects.exists()


def test_two_who_edit_at_once_do_not_overwrite_each_other(nurse: Actor) -> None:
    first = _save(nurse)
    with pytest.raises(NotPossible, match="Somebody else has changed this wording"):
        _save(nurse)
    assert newest_wordings(nurse.service)["person"] == first
    wording.save_letterhead(head=wording.Head("North", "1"), seen=None, by=nurse)
    with pytest.raises(NotPossible, match="Somebody else has changed the letterhead"):
        wording.save_letterhead(head=wording.Head("Other", "1"), seen=None, by=nurse)


def test_a_letterhead_without_a_telephone_and_a_change_without_a_reason_are_refused(nurse: Actor) -> None:
    with pytest.raises(NotPossible, match="telephone"):
        wording.save_letterhead(head=wording.Head("North", " "), seen=None, by=nurse)
    with pytest.raises(NotPossible, match="Say why"):
        wording.save_wording(kind="person", text=OURS, why=" ", seen=None, by=nurse)
    assert letterhead_of(nurse.service).name == nurse.service.name


def test_a_wording_that_can_no_longer_be_read_gives_way_to_the_standard(nurse: Actor) -> None:
    row = _save(nurse)
    LocalWording.objects.filter(pk=row.pk).update(text="Subject: {a_field_of_before}")
    row.refresh_from_db()
    assert unreadable(row)
    assert wording_of(nurse.service)[LetterKind.PERSON].blocks
