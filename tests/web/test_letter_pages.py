"""Letters, batches, wording and leaflets as pages."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pypdf
import pytest
from django.http import HttpRequest
from django.test import Client

import world
from openfls.information.leaflet import leaflets
from openfls.information.local_check import standard_text
from openfls.service.actions import assessing, posting, writing
from openfls.service.letter_runs import reading, running
from openfls.service.letter_runs.beginning import begin
from openfls.service.models import AuditEvent, Letter, LetterBatch, LetterRun
from openfls.web.letter_runs import pages as letter_runs
from service.doings import approved_letter, seen_of
from web.page import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafts(nurse) -> list[Letter]:
    """Three drafts about one person."""
    episode = world.planned(nurse)
    return [
        writing.write(episode=episode, kind=kind, by=nurse) for kind in ("gp", "person", "falls_referral")
    ]


def approved() -> set[str]:
    return set(Letter.objects.exclude(approved_at=None).values_list("kind", flat=True))


def test_a_batch_approves_what_was_read_and_ticked_and_names_what_it_did_not(
    client, nurse, drafts, monkeypatch
):
    monkeypatch.setattr("openfls.web.pages.post.PAGE", 2)
    batch = posting.make_batch(keys=[letter.pk for letter in drafts], by=nurse)
    drafts = [row.letter for row in batch.places.select_related("letter__episode")]
    first, path = drafts[0].kind, f"/letters/batches/{batch.pk}/"
    page = Page(client.get(path).content)
    assert "0 of 3 approved" in page.words
    given = {f"seen-{letter.pk}": seen_of(letter) for letter in drafts}

    client.post(path, {**given, "pick": [drafts[0].pk, drafts[2].pk]})
    assert approved() == {first}, "the third letter stands on the second page"

    assessing.answer(episode=drafts[1].episode, answers={"falls_last_year": 3}, by=nurse)
    answer = client.post(path, {**given, "pick": drafts[1].pk}, follow=True)
    assert approved() == {first}
    assert "The record has changed since this draft" in Page(answer.content).words

    answer = client.post(path, {"pick": drafts[1].pk}, follow=True)
    assert approved() == {first}, "without what was read, nothing is signed"

    again = client.post(path, {**given, "pick": drafts[0].pk}, follow=True)
    assert "0 approved and locked. 1 were approved before." in Page(again.content).words
    assert "Print 1 approved (PDF)" in Page(again.content).words


def test_in_a_practice_a_run_is_done_by_who_knows_its_day(nurse, drafts, monkeypatch):
    monkeypatch.setattr(
        letter_runs, "_after_a_moment", lambda _: pytest.fail("another thread lives on another day")
    )
    monkeypatch.setattr(letter_runs, "problem", lambda *_: None)
    batch, request = posting.make_batch(keys=[drafts[0].pk], by=nurse), HttpRequest()
    request.actor, request.practice, request.POST = nurse, object(), {"on": "1 6 2026", "way": "post"}
    letter_runs.ask(request, batch, "send")
    assert batch.runs.get().state == "done"


def test_a_batch_is_sent_and_taken_back_as_one(client, nurse, drafts):
    one = approved_letter(nurse)
    batch = posting.make_batch(keys=[one.pk, drafts[0].pk], by=nurse)
    path = f"/letters/batches/{batch.pk}/"
    for _ in range(2):
        answer = client.post(path, {"do": "send", "on": "1 6 2026", "way": "post"}, follow=True)
    assert "No letter was recorded as sent" in Page(answer.content).words, "told twice, it counts once"
    assert b"fls-message--error" in answer.content, "none is no success"
    assert one.sendings.filter(taken_back_at=None).count() == 1
    client.post(path, {"do": "send", "on": "some day", "way": "post"})
    client.post(path, {"do": "unsend"})
    assert one.sendings.filter(taken_back_at=None).count() == 1, "nothing is taken back without a question"
    client.post(f"{path}back/", {"stood": "some other letter"})
    assert one.sendings.filter(taken_back_at=None).count() == 1, "nor what did not stand on the page"
    asked = Page(client.get(f"{path}back/").content)
    assert "1 letter was recorded as sent with this batch" in asked.words
    client.post(f"{path}back/", {"stood": asked.fields["stood"]})
    assert one.sendings.filter(taken_back_at=None).count() == 0
    assert AuditEvent.objects.filter(action="letter.unsend").count() == 1
    assert client.get(f"{path}back/").url == path, "there is nothing left to take back"


def test_what_could_not_be_recorded_as_sent_is_named_until_it_is(client, nurse):
    early, late = approved_letter(nurse), approved_letter(nurse)
    Letter.objects.filter(pk=early.pk).update(approved_at=world.at_noon(world.TODAY - timedelta(days=3)))
    batch = posting.make_batch(keys=[early.pk, late.pk], by=nurse)
    path = f"/letters/batches/{batch.pk}/"
    client.post(path, {"do": "send", "on": "30 5 2026", "way": "post"}, follow=True)
    for _ in range(2):
        box = (
            client.get(path)
            .content.decode()
            .split("1 letter was not recorded as sent:")[1]
            .split("</div>")[0]
        )
        assert f"/letters/{late.pk}/" in box
        assert late.person.name in box
        assert "between the day of its approval, 1 June 2026, and today: not on 30 May 2026" in box
    posting.send(letter=late, on=world.TODAY, way="by_hand", by=nurse)
    page = Page(client.get(path).content).words
    assert "not recorded as sent" not in page
    assert "All 2 letters are sent already" in page
    assert "(1 recorded with this batch, 1 elsewhere)" in page
    assert "Print 2 again (PDF)" in page
    assert "approved (PDF)" not in page


def test_who_puts_letters_into_a_second_batch_is_told_and_may_leave_them_out_or_print_them_again(
    client, nurse
):
    placed, free = approved_letter(nurse), approved_letter(nurse)
    first = posting.make_batch(keys=[placed.pk], by=nurse)
    answer = client.post("/letters/batches/", {"pick": [placed.pk, free.pk]})
    page = Page(answer.content)
    assert answer.status_code == 422
    assert "1 stands in a batch already, not recorded as sent" in page.words
    assert (
        f'<a href="/letters/batches/{first.pk}/">Batch {first.pk}</a> (not printed' in answer.content.decode()
    )
    assert "Leave it out: put the other 1 into a batch" in page.words
    assert LetterBatch.objects.count() == 1
    client.post("/letters/batches/", {"pick": [placed.pk, free.pk], "again": [placed.pk]})
    assert LetterBatch.objects.first().places.count() == 2
    words = Page(client.get(f"/letters/batches/{first.pk}/").content).words
    assert "1 letter that waits stands in another batch too" in words
    assert "0 of 2" in Page(client.get("/letters/batches/").content).words


def test_a_note_and_a_size_are_kept_and_shown(client, nurse, drafts):
    letter = next(letter for letter in drafts if letter.kind == "person")
    given = {
        "do": "edit",
        "note": "Ring <b>twice</b>.",
        "text_size": "large",
        "enclosed": ["alendronic-acid"],
    }
    page = client.post(f"/letters/{letter.pk}/", given, follow=True).content.decode()
    assert "Ring &lt;b&gt;twice&lt;/b&gt;." in page
    assert "letter--large" in page
    assert "Enclosed: Alendronic acid tablets" in page


def test_a_replaced_letter_says_so_on_paper_and_in_word(client, nurse):
    old = approved_letter(nurse)
    new = writing.reissue(episode=old.episode, letter=old, reason="Wrong practice", by=nurse)
    writing.approve(episode=new.episode, letter=new, seen=seen_of(new), by=nurse)
    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"/letters/{old.pk}.pdf").content))
    word = docx.Document(io.BytesIO(client.get(f"/letters/{old.pk}.docx").content))
    assert "Replaced by a newer letter" in pdf.pages[0].extract_text()
    assert word.paragraphs[0].text == "Replaced by a newer letter. Not to be sent."
    assert "Reason: Wrong practice" in Page(client.get(f"/letters/{old.pk}/").content).words
    to_her = approved_letter(nurse, kind="person")
    to_her.person.deceased = True
    to_her.person.save(update_fields=["deceased"])
    word = docx.Document(io.BytesIO(client.get(f"/letters/{to_her.pk}.docx").content))
    assert word.paragraphs[0].text == "Not to be sent: the person has died."


def test_a_letter_that_is_not_what_was_locked_is_not_printed(client, nurse):
    letter = approved_letter(nurse)
    letter.content = {**letter.content, "letter": letter.content["letter"].replace("assessed", "treated")}
    letter.save()
    answer = client.get(f"/letters/{letter.pk}.pdf", follow=True)
    assert "This letter is not what was locked" in Page(answer.content).words


def test_a_wording_is_refused_by_line_and_nothing_typed_is_lost(client):
    text = standard_text("person").replace("{service_phone}", "{service_fone}")
    number = next(at for at, line in enumerate(text.splitlines(), start=1) if "service_fone" in line)
    answer = client.post("/letters/wording/person/", {"do": "save", "text": text, "why": "Ours"})
    page = Page(answer.content)
    assert answer.status_code == 422
    assert any(words.startswith(f"Line {number} (") and "unknown field" in words for _, words in page.summary)
    assert any("safety net" in words for _, words in page.summary)
    assert "{service_fone}" in page.fields["text"]
    assert page.fields["why"] == "Ours"


def test_leaflets_are_open_to_everybody_and_leave_no_trace(db):
    everybody = Client()
    for key in leaflets():
        assert everybody.get(f"/leaflets/{key}/").status_code == 200
    page = everybody.get("/leaflets/denosumab/?size=easy_read")
    assert b'lang="en-GB"' in page.content
    pdf = everybody.get("/leaflets/denosumab.pdf?size=large")
    assert pypdf.PdfReader(io.BytesIO(pdf.content)).metadata.title == "Denosumab injection"
    assert everybody.get("/leaflets/soup/").status_code == 404
    assert everybody.post("/leaflets/denosumab/").status_code == 405
    assert not everybody.cookies
    assert not AuditEvent.objects.exists()


def test_a_long_run_is_shown_by_itself_and_a_short_one_is_handed_over_at_once(client, nurse, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 1)
    batch = posting.make_batch(keys=[approved_letter(nurse).pk, approved_letter(nurse).pk], by=nurse)
    path, one_piece = f"/letters/batches/{batch.pk}/", iter([False])
    run = begin(batch=batch, kind="print", by=nurse)
    running.work_on(run.pk, lambda: next(one_piece, True))
    answer = client.get(path)
    assert answer["Refresh"] == "3"
    assert "Letter 1 of 2." in Page(answer.content).words
    assert "Refresh" not in client.get(f"{path}?still=1")
    answer = client.get(f"{path[:-1]}.pdf", follow=True)
    assert "print it again" in Page(answer.content).words
    running.work_on(run.pk)
    assert "Open the file of 2 approved (PDF)" in Page(client.get(path).content).words

    posting.take_out(batch=batch, letter=batch.places.last().letter, by=nurse)
    assert "Print 1 approved (PDF)" in Page(client.get(path).content).words
    answer = client.post(path, {"do": "print"}, follow=True)
    assert answer["Content-Type"] == "application/pdf"
    assert AuditEvent.objects.filter(action="letter.print").count() == 1

    # The file goes between the look at the batch and the answer: it had its time.
    def and_then_gone(*of: object) -> LetterRun | None:
        found = reading.current_print(*of)
        LetterRun.objects.update(file=None)
        return found

    monkeypatch.setattr(letter_runs, "current_print", and_then_gone)
    answer = client.get(f"{path[:-1]}.pdf", follow=True)
    assert "print it again" in Page(answer.content).words
    assert AuditEvent.objects.filter(action="letter.print").count() == 1
