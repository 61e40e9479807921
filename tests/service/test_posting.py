"""Batches, printing and sending: nothing goes out that must not, and nothing is counted twice."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf
import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock, letters
from openfls.service.actions import flagging, posting, writing
from openfls.service.actor import Actor
from openfls.service.letter_own import Own
from openfls.service.letter_runs.already import AskFirst
from openfls.service.letter_runs.reading import standing
from openfls.service.models import Letter, LetterBatch, LetterSent, PersonFlag
from openfls.service.posting import BATCH_AT_MOST, batch_pdf, letters_on, placed, why_not_out
from service.doings import approved_letter, seen_of


def _again(letter: Letter) -> Letter:
    return Letter.objects.select_related("person__service").get(pk=letter.pk)


def test_a_batch_prints_what_is_approved_each_with_its_mark_and_its_leaflets(nurse: Actor) -> None:
    first = approved_letter(nurse, kind="person")
    second = writing.write(episode=world.planned(nurse), kind="person", by=nurse)
    second = writing.edit(episode=second.episode, letter=second, own=Own(enclosed=("food",)), by=nurse)
    writing.approve(episode=second.episode, letter=second, seen=seen_of(second), by=nurse)
    draft = writing.write(episode=first.episode, kind="gp", by=nurse)
    batch = posting.make_batch(keys=[first.pk, second.pk, draft.pk], by=nurse)
    rows = placed(batch)
    assert [row.left_out for row in rows].count("") == 2
    assert next(row for row in rows if row.letter == draft).left_out == "it is not approved"

    pages = pypdf.PdfReader(io.BytesIO(batch_pdf(batch, [row for row in rows if not row.left_out]))).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    marks = [text.split(f"Batch {batch.pk}, letter ")[1][:6] for text in texts]
    assert sorted(set(marks)) == sorted({f"{row.place} of 3" for row in rows if not row.left_out})
    assert any("Food, calcium and vitamin D" in text and "Where this comes from" in text for text in texts)


def test_a_letter_is_recorded_as_sent_once_and_can_be_taken_back(nurse: Actor) -> None:
    letter = approved_letter(nurse)
    first = posting.send(letter=letter, on=clock.today(), way="post", by=nurse)
    assert posting.send(letter=letter, on=clock.today(), way="by_hand", by=nurse) == first
    assert [row.pk for row in letters_on(nurse.service, "sent")] == [letter.pk]
    posting.take_back_sent(letter=letter, by=nurse)
    assert [row.pk for row in letters_on(nurse.service, "to-send")] == [letter.pk]
    with pytest.raises(NotPossible, match="not recorded as sent"):
        posting.take_back_sent(letter=letter, by=nurse)
    posting.send(letter=letter, on=clock.today(), way="email", by=nurse)
    assert LetterSent.objects.filter(letter=letter).count() == 2


@pytest.mark.parametrize(("days", "way"), [(1, "post"), (-1, "post"), (0, "pigeon")])
def test_a_letter_is_not_sent_before_its_approval_or_after_today_or_by_any_other_way(
    days: int, way: str, nurse: Actor
) -> None:
    letter = approved_letter(nurse)
    with pytest.raises(NotPossible, match=r"between the day of its approval|Say how"):
        posting.send(letter=letter, on=clock.today() + timedelta(days=days), way=way, by=nurse)


def test_a_draft_is_not_sent(nurse: Actor) -> None:
    letter = writing.write(episode=world.planned(nurse), kind="gp", by=nurse)
    with pytest.raises(NotPossible, match="it is not approved"):
        posting.send(letter=letter, on=clock.today(), way="post", by=nurse)


@pytest.mark.parametrize("kind", ["person", "gp", "falls_referral"])
def test_a_letter_approved_before_a_death_does_not_go_out_after_it(kind: str, nurse: Actor) -> None:
    letter = approved_letter(nurse, kind=kind)
    batch = posting.make_batch(keys=[letter.pk], by=nurse)
    assert why_not_out(_again(letter)) == ""
    letter.person.deceased = True
    letter.person.save(update_fields=["deceased"])
    assert "has died" in why_not_out(_again(letter))
    assert [row.left_out for row in placed(batch)] == [why_not_out(_again(letter))]
    with pytest.raises(NotPossible, match="does not go out"):
        posting.send(letter=letter, on=clock.today(), way="post", by=nurse)
    with pytest.raises(AskFirst) as told:
        posting.make_batch(keys=[letter.pk], again=[letter.pk], by=nurse)
    assert "has died" in told.value.known[0].not_out, "nobody can have it put into a batch any more"


def test_a_letter_stands_in_a_second_batch_only_where_somebody_was_told(nurse: Actor) -> None:
    waiting, sent = approved_letter(nurse), approved_letter(nurse)
    free = writing.write(episode=sent.episode, kind="person", by=nurse)
    first = posting.make_batch(keys=[waiting.pk], by=nurse)
    posting.send(letter=sent, on=clock.today(), way="post", by=nurse)
    keys = [waiting.pk, sent.pk, free.pk]
    with pytest.raises(AskFirst) as told:
        posting.make_batch(keys=keys, again=[sent.pk], by=nurse)
    assert {one.letter: (bool(one.sending), one.waits_in) for one in told.value.known} == {
        waiting: (False, (first,)),
        sent: (True, ()),
    }
    assert told.value.free == (free,)
    assert LetterBatch.objects.count() == 1
    second = posting.make_batch(keys=keys, again=[sent.pk, waiting.pk], by=nurse)
    elsewhere = standing(second, placed(second)).elsewhere
    assert [(row.letter, others) for row, others in elsewhere] == [(waiting, ((first, None),))]


def test_a_letter_approved_before_no_contact_was_asked_for_does_not_go_out(nurse: Actor) -> None:
    letter = approved_letter(nurse, kind="person")
    flagging.set_flag(person=letter.person, kind=PersonFlag.Kind.NO_CONTACT, words="Her letter", by=nurse)
    assert "does not want to be contacted" in why_not_out(_again(letter))


def test_a_replaced_or_altered_letter_does_not_go_out(nurse: Actor) -> None:
    old = approved_letter(nurse)
    new = writing.reissue(episode=old.episode, letter=old, reason="Wrong address", by=nurse)
    writing.approve(episode=new.episode, letter=new, seen=seen_of(new), by=nurse)
    assert why_not_out(_again(old)) == "a newer letter has replaced it"
    new = _again(new)
    new.content = {**new.content, "letter": new.content["letter"].replace("assessed", "treated")}
    assert not letters.is_as_locked(new)
    assert "not what was locked" in why_not_out(new)


def test_a_batch_has_letters_of_its_own_service_and_not_too_many(nurse: Actor, monkeypatch) -> None:
    neighbour = world.member(world.service("south"), username="neighbour")
    theirs = approved_letter(neighbour)
    with pytest.raises(NotPossible, match="Tick the letters"):
        posting.make_batch(keys=[theirs.pk], by=nurse)
    monkeypatch.setattr("openfls.service.actions.posting.BATCH_AT_MOST", 0)
    with pytest.raises(NotPossible, match="at most 0 letters"):
        posting.make_batch(keys=[approved_letter(nurse).pk], by=nurse)
    assert not LetterBatch.objects.exists()
    assert BATCH_AT_MOST == 200


def test_what_is_taken_out_of_a_batch_stays_as_it_was(nurse: Actor) -> None:
    letter = approved_letter(nurse)
    batch = posting.make_batch(keys=[letter.pk], by=nurse)
    posting.take_out(batch=batch, letter=letter, by=nurse)
    assert placed(batch) == []
    assert _again(letter).approved_at
    with pytest.raises(NotPossible, match="not in this batch"):
        posting.take_out(batch=batch, letter=letter, by=nurse)
