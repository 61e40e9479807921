"""One file of everything that is held about a person, for who asks what is held about her."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.disclosing.gathering import NOT_IN_IT
from openfls.service.disclosing.giving import Asked, give
from openfls.service.models import Person
from openfls.web.accounts.sure import sure
from openfls.web.forms.fields import Day, Radios
from openfls.web.forms.plan import Ticks
from openfls.web.guard import Request, scoped


class Wish(forms.Form):
    """Who asked, and when."""

    asked = Radios(Asked, label="Who asks", missing="Say who asks")
    received_on = Day(label="Day on which it was asked for", error_messages={"required": "Enter the day"})
    checked = Ticks(
        label="Identity",
        choices=[("yes", "I have made sure who asks, and that it is about this person")],
        error_messages={"required": "Make sure first who asks"},
    )


@sure(Person.objects.all)
def everything(request: Request, pk: UUID) -> HttpResponse:
    """What the file holds, and the form that makes it."""
    person: Person = scoped(Person.objects.prefetch_related("identifiers"), request.actor, pk=pk)
    form = Wish(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = give(
                person=person, asked=given["asked"], received_on=given["received_on"], by=request.actor
            )
        except NotPossible as error:
            form.add_error("received_on", str(error))
        else:
            answer = HttpResponse(made, content_type="application/zip")
            answer["Content-Disposition"] = f'attachment; filename="everything-{clock.today()}.zip"'
            return answer
    audit.record(request.actor, "everything.view", person=person)
    return render(
        request,
        "auditing/everything.jinja",
        {
            "here": "people",
            "person": person,
            "form": form,
            "form_errors": form.errors,
            "not_in_it": NOT_IN_IT,
        },
        status=422 if form.errors else 200,
    )
