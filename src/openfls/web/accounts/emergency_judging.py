"""The records of a service that somebody of another one opened in an emergency, or tried to: judging each, once."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.access import emergency_judging, emergency_tries
from openfls.service.actor import can
from openfls.service.models import EmergencyAccess, Outcome
from openfls.service.roles import May
from openfls.web.accounts.people_forms import Judge
from openfls.web.accounts.sure import sure
from openfls.web.guard import Request, scoped
from openfls.web.said import said


def listed(request: Request) -> HttpResponse:
    """The emergencies in which somebody of another service read here, and the tries that opened nothing."""
    service, names = request.actor.service, can(request.actor, May.SEE_PEOPLE)
    waiting, judged = emergency_judging.to_judge(service), emergency_judging.judged(service)
    tries = emergency_tries.against(service)
    people = [row.person_id for row in (*waiting, *judged)] + [one.person.pk for one in tries if one.person]
    audit.record(request.actor, "emergency.list", **audit.shown(people if names else ()))
    return render(
        request,
        "accounts/emergencies.jinja",
        {"here": "access", "waiting": waiting, "judged": judged, "tries": tries, "names": names},
    )


@sure(EmergencyAccess.objects.all)
def judge(request: Request, pk: UUID) -> HttpResponse:
    """One of them, and what the manager makes of it."""
    form = Judge(request.POST if request.method == "POST" else None)
    row = _row(request, pk)
    if form.is_valid() and _said(form):
        try:
            emergency_judging.judge(emergency=row, **form.cleaned_data, by=request.actor)
        except NotPossible as error:
            form.add_error(None, str(error))
            row = _row(request, pk)  # as whoever was quicker has left it
        else:
            said(request, "Kept, with your name.")
            return redirect("emergencies")
    audit.record(request.actor, "emergency.record.view", person=row.person, subject=f"emergency {row.pk}")
    return render(
        request,
        "accounts/emergency_judge.jinja",
        {
            "here": "access",
            "row": row,
            "person": row.person,
            "before": emergency_judging.said_before(row),
            "form": form,
            "form_errors": form.errors,
        },
        status=422 if form.errors else 200,
    )


def _row(request: Request, pk: UUID) -> EmergencyAccess:
    rows = EmergencyAccess.objects.select_related("person", "user", "from_service", "reviewed_by")
    row: EmergencyAccess = scoped(rows, request.actor, pk=pk)
    return row


def _said(form: forms.Form) -> bool:
    """Whether what is not in order comes with words; the error stands at the question."""
    if form.cleaned_data["outcome"] != Outcome.IN_ORDER and not form.cleaned_data["words"].strip():
        form.add_error("words", "Say what came of it")
        return False
    return True
