"""It is not sure who this is: the NHS number, typed and checked, or another record that is of the same person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.by_hand.alike import candidates
from openfls.service.by_hand.numbers import NumberTaken, add_number, drop_number, nhs_numbers_of
from openfls.service.models import Person
from openfls.web.guard import Request, scoped
from openfls.web.identification.forms import NotHersForm, NumberForm
from openfls.web.said import said, said_with_way_back


def show(request: Request, pk: UUID) -> HttpResponse:
    """What is known of her, who looks like her, and the form for the number."""
    person = scoped(Person.objects.prefetch_related("identifiers"), request.actor, pk=pk)
    has_number = bool(nhs_numbers_of(person))
    form = (NotHersForm if has_number else NumberForm)(request.POST or None)
    taken: Person | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if has_number:
                said(request, _gone(drop_number(person=person, by=request.actor, **form.cleaned_data)))
            else:
                add_number(person=person, by=request.actor, **form.cleaned_data)
                said_with_way_back(
                    request, "The NHS number is kept; what waited for it is looked at.", "who", pk
                )
        except NumberTaken as error:
            taken = error.owner
            form.add_error(None, str(error))
            audit.record(request.actor, "person.view", person=taken)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect("person", pk)
    elif request.method != "POST":
        audit.record(request.actor, "person.view", person=person, subject="who this is")
    alike = [
        each for each in candidates(request.actor.service, person.demographics()) if each.person != person
    ]
    return render(
        request,
        "identification/who.jinja",
        {
            "here": "people",
            "person": person,
            "has_number": has_number,
            "taken": taken,
            "alike": alike,
            "form": form,
            "form_errors": form.errors,
        },
        status=422 if form.errors else 200,
    )


def _gone(rows: int) -> str:
    if not rows:
        return "The NHS number is gone from the record. Nothing had come by it alone."
    what = "the one record" if rows == 1 else f"the {rows} records"
    return (
        f"The NHS number is gone from the record, and {what} of feeds that came by it alone: "
        "results are set aside under it, reports are among the rows that wait for a person."
    )
