"""A person's details, set right by hand."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.feeds.correcting import correct_person, corrected_of
from openfls.service.models import Person
from openfls.web.forms.details import DetailsForm
from openfls.web.guard import Request, scoped
from openfls.web.said import said


def correct(request: Request, pk: UUID) -> HttpResponse:
    """Name, birth, sex and death as they ought to stand, and why."""
    person = scoped(Person.objects.prefetch_related("identifiers"), request.actor, pk=pk)
    stands = asdict(corrected_of(person))
    form = DetailsForm(
        request.POST or None, initial={**stands, "deceased": "yes" if person.deceased else "no"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_person(
                person=person,
                corrected=form.corrected(),
                reason=form.cleaned_data["reason"],
                by=request.actor,
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            said(request, "The details are corrected.")
            return redirect("person", pk)
    elif request.method != "POST":
        audit.record(request.actor, "person.view", person=person)
    return render(
        request,
        "details.jinja",
        {"here": "people", "person": person, "form": form, "form_errors": form.errors},
        status=422 if form.errors else 200,
    )
