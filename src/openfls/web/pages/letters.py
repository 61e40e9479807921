"""Letters: written from the record, added to, looked at, approved and locked, printed, sent, issued again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from openfls.information.as_html import render_html
from openfls.information.as_pdf import render_pdf, unprintable_characters
from openfls.information.letter import TO_THE_PERSON, LetterKind, TextSize
from openfls.information.readability import letter_readability
from openfls.information.words import say
from openfls.record.pathway import NotPossible
from openfls.service import audit, clock, letters
from openfls.service.actions import posting as sending
from openfls.service.actions import writing
from openfls.service.letter_own import NOTE_LENGTH, Own, offered, own_of
from openfls.service.models import Episode, Letter, LetterSent, Plan
from openfls.service.posting import is_replaced, sending_of, why_not_out, why_not_to
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said
from openfls.web.sent_form import sent_on

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIZES = (
    (TextSize.NORMAL, "Normal print"),
    (TextSize.LARGE, "Large print (18 point)"),
    (TextSize.EASY_READ, "Easy read: large, one sentence a line, with pictures"),
)


def choose(request: Request, pk: UUID) -> HttpResponse:
    """The letters of an episode; a POST writes one of a kind."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    if request.method == "POST":
        try:
            letter = writing.write(episode=episode, kind=request.POST.get("kind", ""), by=request.actor)
            return redirect("letter", letter.pk)
        except NotPossible as error:
            problem(request, str(error))
            return redirect("letters", pk)
    audit.record(request.actor, "letters.view", person=episode.person, subject=f"episode {pk}")
    rows = episode.letters.select_related("written_by", "approved_by", "replaced_by").prefetch_related(
        "sendings"
    )
    return render(
        request,
        "letters.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "kinds": letters.kinds_for(episode),
            "labels": letters.LABELS,
            "letters": [(row, sending_of(row), is_replaced(row)) for row in rows.order_by("-written_at")],
        },
    )


def _approve(request: Request, letter: Letter) -> UUID:
    seen = request.POST.get("seen", "")
    writing.approve(episode=letter.episode, letter=letter, seen=seen, by=request.actor)
    said(request, "Approved. The letter is locked and stands in the record.")
    return letter.pk


def _edit(request: Request, letter: Letter) -> UUID:
    size = request.POST.get("text_size", "")
    own = Own(
        TextSize(size) if size in set(TextSize) else TextSize.NORMAL,
        request.POST.get("note", "").replace("\r\n", "\n"),
        enclosed=tuple(request.POST.getlist("enclosed")),
    )
    writing.edit(episode=letter.episode, letter=letter, own=own, by=request.actor)
    said(request, "Kept. This is how the letter looks now.")
    return letter.pk


def _reissue(request: Request, letter: Letter) -> UUID:
    new = writing.reissue(
        episode=letter.episode, letter=letter, reason=request.POST.get("reason", ""), by=request.actor
    )
    said(
        request,
        "A new draft is written. Once it is approved, it replaces the old letter, which stays in the record.",
    )
    return new.pk


def _send(request: Request, letter: Letter) -> UUID:
    on, way = sent_on(request.POST)
    sending.send(letter=letter, on=on, way=way, by=request.actor)
    said(request, "Recorded as sent.")
    return letter.pk


def _unsend(request: Request, letter: Letter) -> UUID:
    sending.take_back_sent(letter=letter, by=request.actor)
    said(request, "Taken back: the letter counts as not sent.")
    return letter.pk


_DO: dict[str, Callable[[Request, Letter], UUID]] = {
    "approve": _approve,
    "edit": _edit,
    "reissue": _reissue,
    "send": _send,
    "unsend": _unsend,
}


def show(request: Request, pk: UUID) -> HttpResponse:
    """A letter as it will look; a POST does one thing with it (``do``), by default approves it."""
    letter = scoped(
        Letter.objects.select_related(
            "person__service", "episode__service", "replaces", "replaced_by", "approved_by"
        ),
        request.actor,
        pk=pk,
    )
    if request.method == "POST":
        return _done(request, letter)
    audit.record(request.actor, "letter.view", person=letter.person, subject=f"letter {pk}")
    value, kind, own = letters.value_of(letter), LetterKind(letter.kind), own_of(letter.own)
    plan = Plan.objects.filter(episode=letter.episode, withdrawn=False).order_by("-pk").first()
    return render(
        request,
        "letter.jinja",
        {
            "here": "worklist",
            "letter": letter,
            "label": letters.LABELS[kind],
            "person": letter.person,
            "seen": letters.fingerprint(value),
            "own": own,
            "sizes": SIZES if kind in TO_THE_PERSON else (),
            "leaflets": offered(kind, plan.drug if plan else ""),
            "note_length": NOTE_LENGTH,
            "reads": letter_readability(value) if kind in TO_THE_PERSON else None,
            "unprintable": unprintable_characters(value),
            "replaced": is_replaced(letter),
            "sending": sending_of(letter),
            "ways": LetterSent.Way.choices,
            "not_out": why_not_out(letter) if letter.approved_at else "",
            "as_locked": letters.is_as_locked(letter),
            # The renderer escapes every text; the fragment is ours.
            "html": mark_safe(render_html(value, heading_level=2)),
        },
    )


def _done(request: Request, letter: Letter) -> HttpResponse:
    do = request.POST.get("do", "approve")
    try:
        if do == "discard":
            writing.discard(episode=letter.episode, letter=letter, by=request.actor)
            said(request, "The draft is thrown away.")
            return redirect("letters", letter.episode_id)
        return redirect("letter", _DO.get(do, _approve)(request, letter))
    except writing.DraftChanged as error:
        problem(request, str(error))
        return redirect("letter", error.letter.pk)
    except NotPossible as error:
        problem(request, str(error))
    return redirect("letter", letter.pk)


def pdf(request: Request, pk: UUID) -> HttpResponse:
    """The letter as a tagged PDF."""
    return _file(request, pk, "pdf")


def word(request: Request, pk: UUID) -> HttpResponse:
    """The letter as a Word file."""
    return _file(request, pk, "docx")


def _file(request: Request, pk: UUID, ending: str) -> HttpResponse:
    letter = scoped(Letter.objects.select_related("person", "replaced_by"), request.actor, pk=pk)
    if not letters.is_as_locked(letter):
        problem(
            request, "The letter is not what was locked. It is not printed; tell whoever runs the system."
        )
        return redirect("letter", pk)
    audit.record(request.actor, "letter.print", person=letter.person, subject=f"letter {pk}", file=ending)
    value = letters.value_of(letter)
    notice = ""
    if is_replaced(letter):
        notice = say("letter.replaced", value.language)
    elif reason := why_not_to(letter):
        notice = say("letter.not_out", value.language, reason=reason)
    if ending == "pdf":
        response = HttpResponse(render_pdf(value, notice=notice), content_type="application/pdf")
    else:
        from openfls.information.as_word import render_word

        response = HttpResponse(render_word(value, notice=notice), content_type=WORD)
    way = "inline" if ending == "pdf" else "attachment"
    name = f"{letter.kind}-{clock.day_of(letter.written_at):%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'{way}; filename="{name}"'
    return response
