"""Letters: written from the record, looked at, approved and locked, printed as PDF."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from openfls.information.as_html import render_html
from openfls.information.as_pdf import render_pdf
from openfls.record.pathway import NotPossible
from openfls.service import audit, letters
from openfls.service.actions import writing
from openfls.service.models import Episode, Letter
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


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
    return render(
        request,
        "letters.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "kinds": letters.kinds_for(episode),
            "letters": episode.letters.select_related("written_by", "approved_by").order_by("-written_at"),
        },
    )


def show(request: Request, pk: UUID) -> HttpResponse:
    """A letter as it will look; a POST approves it, which locks it."""
    letter = scoped(Letter.objects.select_related("person", "episode"), request.actor, pk=pk)
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            writing.approve(episode=letter.episode, letter=letter, seen=seen, by=request.actor)
            said(request, "Approved. The letter is locked and stands in the record.")
        except writing.DraftChanged as error:
            problem(request, str(error))
            return redirect("letter", error.letter.pk)
        except NotPossible as error:
            problem(request, str(error))
        return redirect("letter", pk)
    audit.record(request.actor, "letter.view", person=letter.person, subject=f"letter {pk}")
    value = letters.value_of(letter)
    return render(
        request,
        "letter.jinja",
        {
            "here": "worklist",
            "letter": letter,
            "person": letter.person,
            "seen": letters.fingerprint(value),
            # The renderer escapes every text; the fragment is ours.
            "html": mark_safe(render_html(value, heading_level=2)),
        },
    )


def pdf(request: Request, pk: UUID) -> HttpResponse:
    """The letter as a tagged PDF."""
    letter = scoped(Letter.objects.select_related("person"), request.actor, pk=pk)
    audit.record(request.actor, "letter.print", person=letter.person, subject=f"letter {pk}")
    response = HttpResponse(render_pdf(letters.value_of(letter)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{letter.kind}-{letter.written_at:%Y-%m-%d}.pdf"'
    return response
