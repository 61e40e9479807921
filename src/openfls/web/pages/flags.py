"""What must be known of a person before anybody makes contact, and what a record says against a correction."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.actions.flagging import end_flag, set_flag
from openfls.service.feeds.correcting import keep_ours, take_theirs
from openfls.service.models import Person, PersonCorrection, PersonFlag
from openfls.web.forms.flags import FlagForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


def show(request: Request, pk: UUID) -> HttpResponse:
    """The flags of a person; a POST sets one, or ends one with a reason."""
    person = scoped(Person.objects.prefetch_related("identifiers", "flags__by"), request.actor, pk=pk)
    form = FlagForm(request.POST if "ends" not in request.POST and request.method == "POST" else None)
    try:
        if "ends" in request.POST:
            key = request.POST["ends"]
            flag = scoped(
                PersonFlag.objects.filter(person=person), request.actor, pk=key if key.isdigit() else 0
            )
            end_flag(flag=flag, words=request.POST.get("why", ""), by=request.actor)
            said(request, f"Ended: {flag.get_kind_display()}.")
            return redirect("person-flags", pk)
        if form.is_valid():
            set_flag(person=person, by=request.actor, **form.cleaned_data)
            said(request, "Kept. It stands on every page about this person.")
            return redirect("person", pk)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("person-flags", pk)
    if request.method != "POST":
        audit.record(request.actor, "person.view", person=person)
    return render(
        request,
        "flags.jinja",
        {
            "here": "people",
            "person": person,
            "form": form,
            "form_errors": form.errors,
            "ended": [flag for flag in person.flags.all() if flag.ended_at],
        },
        status=422 if form.errors else 200,
    )


def settle(request: Request, pk: int) -> HttpResponse:
    """A record contradicts a correction: keep ours, or take what the record says."""
    correction = scoped(PersonCorrection.objects.select_related("person"), request.actor, pk=pk)
    try:
        if "theirs" in request.POST:
            take_theirs(correction=correction, by=request.actor)
            said(request, f"The {correction.words} is now as the record says.")
        else:
            keep_ours(correction=correction, by=request.actor)
            said(request, f"The {correction.words} stays as it was corrected.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("person", correction.person_id)
