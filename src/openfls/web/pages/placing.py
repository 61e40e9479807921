"""Day and place of a fracture, put right by a person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible, State
from openfls.service import audit
from openfls.service.actions.placing import as_told, correction_of, place, placed_of
from openfls.service.models import Fracture
from openfls.web.forms.placing import PlacingForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


def show(request: Request, pk: UUID) -> HttpResponse:
    """The form with what stands now; a POST puts it right, or takes a correction back."""
    fractures = Fracture.objects.select_related("person", "episode__service")
    fracture = scoped(fractures, request.actor, pk=pk)
    if "as_told" in request.POST:
        try:
            return _back(
                as_told(fracture=fracture, by=request.actor), request, "It stands as the records tell it."
            )
        except NotPossible as error:
            problem(request, str(error))
            return redirect("person", fracture.person_id)
    stands = placed_of(fracture)
    first = {"on": stands.on, "site": stands.site, "side": stands.side, "levels": ", ".join(stands.levels)}
    form = PlacingForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = place(
                fracture=fracture, placed=form.placed(), reason=form.cleaned_data["reason"], by=request.actor
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return _back(made, request, "Put right. What the records tell stays beside it.")
    elif request.method != "POST":
        audit.record(request.actor, "person.view", person=fracture.person, subject=f"fracture {pk}")
    return render(
        request,
        "placing.jinja",
        {
            "here": "worklist",
            "fracture": fracture,
            "person": fracture.person,
            "known": stands.on is not None,
            "correction": correction_of(fracture),
            "form": form,
            "form_errors": form.errors,
        },
        status=422 if form.errors else 200,
    )


def _back(fracture: Fracture, request: Request, words: str) -> HttpResponse:
    said(request, words)
    if fracture.episode.state == State.FOUND:
        return redirect("finding", fracture.episode_id)
    return redirect("person", fracture.person_id)
