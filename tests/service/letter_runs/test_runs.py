"""A run over a batch: ended at any piece it is gone on with, and every letter is dealt with once."""

from __future__ import annotations

import io
from datetime import timedelta
from unittest import mock

import pypdf
import pytest
from django.db import OperationalError

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions import flagging, posting, writing
from openfls.service.actor import Actor
from openfls.service.letter_runs import runner, running
from openfls.service.letter_runs.batches import batch_rows
from openfls.service.letter_runs.beginning import begin, remove_expired_files
from openfls.service.letter_runs.reading import current_print, open_runs, standing
from openfls.service.letter_runs.running import work_on
from openfls.service.models import (
    AuditEvent,
    Job,
    LetterBatch,
    LetterRun,
    LetterSent,
    Membership,
    PersonFlag,
)
from openfls.service.operation.kinds import KINDS, look_for_work
from openfls.service.posting import placed
from service.doings import approved_letter, seen_of


@pytest.fixture
def batch(nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> LetterBatch:
    """Three approved letters about one person, and a draft; a piece is one letter."""
    monkeypatch.setattr(running, "PIECE", 1)
    first = approved_letter(nurse)
    rest = [
        writing.write(episode=first.episode, kind=kind, by=nurse) for kind in ("person", "falls_referral")
    ]
    for letter in rest:
        writing.approve(episode=first.episode, letter=letter, seen=seen_of(letter), by=nurse)
    draft = writing.write(episode=first.episode, kind="dxa_request", by=nurse)
    return posting.make_batch(keys=[first.pk, draft.pk, *(letter.pk for letter in rest)], by=nurse)


def _ending_after(pieces: int):
    """What a worker asks before each piece: it ends after so many."""
    left = iter([False] * pieces)
    return lambda: next(left, True)


def test_a_sending_that_was_broken_off_at_any_piece_records_every_letter_once(batch, nurse, monkeypatch):
    run = begin(batch=batch, kind="send", on=clock.today(), way="post", by=nurse)
    send, fail = posting.send, iter([False, True, False, False, False])

    def breaking(**keywords: object) -> object:
        made = send(**keywords)
        if next(fail):
            raise OperationalError("away, after it was written and before the piece was kept")
        return made

    monkeypatch.setattr(posting, "send", breaking)
    with pytest.raises(NotPossible, match="under way"):
        begin(batch=batch, kind="print", by=nurse)
    with pytest.raises(OperationalError):
        work_on(run.pk)
    assert LetterSent.objects.count() == 1, "the piece that broke off left nothing"
    for _ in range(6):
        work_on(run.pk, _ending_after(1))
    assert open_runs() == []
    letters = list(run.letters.values_list("place", "left_out"))
    assert [place for place, _ in letters] == [1, 2, 3, 4]
    assert [why for _, why in letters if why] == ["it is not approved"]
    assert LetterSent.objects.count() == AuditEvent.objects.filter(action="letter.send").count() == 3

    flagging.set_flag(
        person=batch.places.first().letter.person,
        kind=PersonFlag.Kind.NO_CONTACT,
        words="Her letter",
        by=nurse,
    )
    work_on(begin(batch=batch, kind="send", on=clock.today(), way="post", by=nurse).pk)
    assert standing(batch, placed(batch)).not_sent == (), "they were sent before she asked"
    back = work_on(begin(batch=batch, kind="unsend", by=nurse).pk)
    assert back.letters.filter(left_out="").count() == 3
    assert not LetterSent.objects.filter(taken_back_at=None).exists()


def test_taking_a_batch_back_takes_back_what_it_recorded_and_nothing_else(batch, nurse):
    alone = batch.places.exclude(letter__approved_at=None).first().letter
    posting.send(letter=alone, on=clock.today(), way="by_hand", by=nurse)
    work_on(begin(batch=batch, kind="send", on=clock.today(), way="post", by=nurse).pk)
    sent = set(LetterSent.objects.values_list("letter", flat=True))
    assert len(sent) == 3

    other = posting.make_batch(keys=sent, again=sent, by=nurse)
    with pytest.raises(NotPossible, match="has recorded no letter as sent"):
        begin(batch=other, kind="unsend", by=nurse)
    row, mine = batch_rows(nurse.service)
    assert (row.batch, row.letters, row.sent, row.sent_with_it, row.printed) == (other, 3, 3, 0, None)
    assert (mine.batch, mine.letters, mine.sent, mine.sent_with_it) == (batch, 4, 3, 2)

    back = work_on(begin(batch=batch, kind="unsend", by=nurse).pk)
    assert back.letters.filter(left_out="").count() == 2
    assert [one.letter for one in LetterSent.objects.filter(taken_back_at=None)] == [alone]


def test_what_is_sent_is_printed_again_only_where_that_is_asked_for(batch, nurse):
    first = batch.places.exclude(letter__approved_at=None).first().letter
    posting.send(letter=first, on=clock.today(), way="post", by=nurse)
    made = work_on(begin(batch=batch, kind="print", by=nurse).pk)
    assert made.letters.get(letter=first).left_out == "it is recorded as sent already"
    assert current_print(batch, placed(batch)) == made
    again = work_on(begin(batch=batch, kind="reprint", by=nurse).pk)
    assert again.letters.filter(left_out="").count() == 3
    assert current_print(batch, placed(batch)) == again
    work_on(begin(batch=batch, kind="send", on=clock.today(), way="post", by=nurse).pk)
    assert "waits to be printed" in work_on(begin(batch=batch, kind="print", by=nurse).pk).reason


def test_a_run_that_the_database_broke_off_goes_on_with_nobody_looking(batch, nurse, monkeypatch):
    run, left = begin(batch=batch, kind="send", on=clock.today(), way="post", by=nurse), iter([True])

    def busy(key: object, _: object) -> LetterRun:
        if next(left, False):
            raise OperationalError("database is locked")
        return work_on(key)

    monkeypatch.setattr(runner, "work_on", busy)
    monkeypatch.setattr(runner, "PAUSE", 0.0)
    monkeypatch.setattr(runner, "connection", mock.Mock())
    worker = runner.Runner()
    assert [worker._work(), worker._work(), worker._work()] == [True, True, False]
    run.refresh_from_db()
    assert run.state == "done"


def test_a_print_is_there_as_a_whole_and_only_while_it_is_what_may_go_out(batch, nurse, monkeypatch):
    run = begin(batch=batch, kind="print", by=nurse)
    assert work_on(run.pk, _ending_after(3)).is_under_way
    assert current_print(batch, placed(batch)) is None
    assert [job.kind for job in Job.objects.all()] == []
    look_for_work()
    assert [(job.kind, job.key) for job in Job.objects.all()] == [("letters", str(run.pk))]
    assert KINDS["letters"](str(run.pk), "worker", lambda: False)
    made = current_print(batch, placed(batch))
    assert made == run
    marks = {page.extract_text().split("letter ")[-1][:6] for page in _pages(made)}
    assert len(marks) == 3

    person = batch.places.first().letter.person
    flagging.set_flag(person=person, kind=PersonFlag.Kind.NO_CONTACT, words="Her letter", by=nurse)
    assert current_print(batch, placed(batch)) is None, "the letters to the person do not go out any more"
    monkeypatch.setattr(clock, "now", lambda: world.at_noon(world.TODAY) + timedelta(days=1))
    assert remove_expired_files() == 1
    assert LetterRun.objects.get().file is None


def _pages(run: LetterRun):
    return pypdf.PdfReader(io.BytesIO(bytes(run.file))).pages


def test_a_run_is_done_in_the_name_of_who_asked_and_fails_with_a_reason(batch, nurse, monkeypatch):
    run = begin(batch=batch, kind="send", on=clock.today(), way="post", by=nurse)
    Membership.objects.filter(user=nurse.user).update(role="viewer")
    failed = work_on(run.pk)
    assert (failed.state, LetterSent.objects.count()) == ("failed", 0)
    assert "may not" in failed.reason or "no role" in failed.reason
    Membership.objects.filter(user=nurse.user).update(role=nurse.role)

    def broken(*_: object) -> bytes:
        raise ValueError("Ada Example, 999 000 0018")

    monkeypatch.setattr(running, "batch_pdf", broken)
    failed = work_on(begin(batch=batch, kind="print", by=nurse).pk)
    assert (failed.state, failed.reason) == ("failed", "stopped by a fault of the program (ValueError)")
    with pytest.raises(NotPossible, match="between the day"):
        begin(batch=batch, kind="send", on=clock.today() + timedelta(days=1), way="post", by=nurse)
