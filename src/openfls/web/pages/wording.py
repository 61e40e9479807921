"""A service's letterhead and its own wording of letters: edited, previewed with a fictional person, and taken back."""

from __future__ import annotations

import difflib

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from openfls.information.as_html import render_html
from openfls.information.compose import compose
from openfls.information.fields import FIELD_NAMES
from openfls.information.letter import TO_THE_PERSON, LetterKind
from openfls.information.local_check import faults_of, standard_text, wording_with
from openfls.information.readability import letter_readability
from openfls.information.sample import sample_context
from openfls.information.wording import wording_pack
from openfls.record.pathway import NotPossible
from openfls.service.actions import wording as actions
from openfls.service.letterheads import letterhead_of, newest_letterhead, newest_wordings, unreadable
from openfls.service.letters import LABELS
from openfls.service.models import Letterhead, LocalWording
from openfls.web.forms.letterhead import LetterheadForm
from openfls.web.guard import Request
from openfls.web.said import said


def show(request: Request) -> HttpResponse:
    """Which letters have a wording of the service's own, and the letterhead."""
    newest = newest_wordings(request.actor.service)
    return render(
        request,
        "wordings.jinja",
        {
            "here": "post",
            "kinds": [
                (kind, LABELS[kind], row, bool(row and unreadable(row)))
                for kind in LetterKind
                for row in (newest.get(kind),)
            ],
            "pack": wording_pack(),
            "head": letterhead_of(request.actor.service),
            "set": newest_letterhead(request.actor.service),
        },
    )


def letterhead(request: Request) -> HttpResponse:
    """The letterhead; a POST keeps a new one. The history stands beneath."""
    service = request.actor.service
    newest = newest_letterhead(service)
    head = letterhead_of(service)
    initial = {
        "name": head.name,
        "above": "\n".join(head.letterhead),
        "address": "\n".join(head.address),
        "telephone": head.phone,
        "email": head.email,
        "hours": head.hours,
        "signature": "\n".join(head.signature_lines),
    }
    form = LetterheadForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            actions.save_letterhead(
                head=actions.Head(**form.cleaned_data), seen=_seen(request), by=request.actor
            )
            said(request, "Kept. Letters written from now on have it; locked ones stay as they are.")
            return redirect("letterhead")
        except NotPossible as error:
            form.add_error(None, str(error))
    context = sample_context(letterhead_of(service))
    return render(
        request,
        "letterhead.jinja",
        {
            "here": "post",
            "form": form,
            "form_errors": form.errors,
            "newest": newest,
            "history": Letterhead.objects.filter(service=service).select_related("by").order_by("-pk"),
            "preview": mark_safe(render_html(compose(LetterKind.PERSON, context), heading_level=3)),
        },
        status=422 if form.errors else 200,
    )


def edit(request: Request, key: str) -> HttpResponse:
    """The wording of one kind of letter: a POST previews it, keeps it, or goes back to the standard."""
    if key not in set(LetterKind):
        raise Http404
    kind, service = LetterKind(key), request.actor.service
    newest = newest_wordings(service).get(kind)
    text = newest.text if newest and newest.text else standard_text(kind)
    faults, why = (), request.POST.get("why", "")
    error = ""
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        do = request.POST.get("do", "preview")
        faults = faults_of(kind, text) if do != "standard" else ()
        try:
            if do == "standard":
                actions.use_standard(kind=kind, why=why, seen=_seen(request), by=request.actor)
                said(request, "The standard wording is in use again. Your own stays in the history.")
                return redirect("wording", kind)
            if do == "save":
                actions.save_wording(kind=kind, text=text, why=why, seen=_seen(request), by=request.actor)
                said(request, "Kept. Letters written from now on use it; locked ones stay as they are.")
                return redirect("wording", kind)
        except actions.FaultyWording:
            pass
        except NotPossible as refused:
            error = str(refused)
    failed = bool(faults or error)
    return render(
        request,
        "wording.jinja",
        {
            "here": "post",
            "kind": kind,
            "label": LABELS[kind],
            "text": text,
            "why": why,
            "rows": min(max(text.count("\n") + 3, 12), 60),
            "faults": [(fault, _line(text, fault.line)) for fault in faults],
            "error": error,
            "form_errors": failed,
            "newest": newest,
            "own": bool(newest and newest.text),
            "pack": wording_pack(),
            "changes": _changes(standard_text(kind), text),
            "fields": sorted(FIELD_NAMES),
            "history": LocalWording.objects.filter(service=service, kind=kind)
            .select_related("by")
            .order_by("-pk"),
            **(_preview(request, kind, text) if not faults else {"preview": ""}),
        },
        status=422 if failed else 200,
    )


def _preview(request: Request, kind: LetterKind, text: str) -> dict[str, object]:
    context = sample_context(letterhead_of(request.actor.service))
    letter = compose(kind, context, wording={kind: wording_with(kind, text)})
    return {
        "preview": mark_safe(render_html(letter, heading_level=3)),
        "reads": letter_readability(letter) if kind in TO_THE_PERSON else None,
    }


def _line(text: str, number: int) -> str:
    """The line that a fault is about, so that nobody has to count."""
    lines = text.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _changes(standard: str, text: str) -> list[tuple[str, str]]:
    """The lines that differ from the standard wording: (``-`` or ``+``, line)."""
    lines = difflib.ndiff(standard.splitlines(), text.splitlines())
    return [(line[0], line[2:]) for line in lines if line[0] in "-+" and line[2:].strip()]


def _seen(request: Request) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else None
