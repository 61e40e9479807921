"""A record of another service in an emergency: asking for it, reading it, closing it, and judging who read."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from openfls.information.as_html import render_html
from openfls.record.pathway import PLACES, NotPossible, State
from openfls.service import audit
from openfls.service.access import emergency
from openfls.service.access.emergency_reading import letters_of, results_of
from openfls.service.models import EmergencyAccess
from openfls.service.posting import is_replaced
from openfls.service.timeline import timeline_of
from openfls.web.accounts.people_forms import Judge, Open
from openfls.web.accounts.sure import sure
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


@sure()
def ask(request: Request) -> HttpResponse:
    """Say which record is needed, and why."""
    form = Open(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = emergency.open_record(**form.cleaned_data, by=request.actor)
            if row is not None:
                return redirect("emergency-record", row.pk)
            form.add_error(
                None,
                "No other service of this installation has one record with this NHS number and date of birth",
            )
        except NotPossible as error:
            form.add_error(None, str(error))
    return render(
        request,
        "accounts/emergency.jinja",
        {"here": "people", "form": form, "form_errors": form.errors},
        status=422 if form.errors else 200,
    )


def record(request: Request, pk: UUID) -> HttpResponse:
    """The record, to read, as long as it is open to who opened it. A POST closes it."""
    row = emergency.of(request.user, pk)
    if row is None or row.from_service_id != request.actor.service.pk:
        raise Http404("It is closed.")
    if request.method == "POST":
        emergency.close(key=pk, by=request.actor)
        said(request, "The record is closed.")
        return redirect("emergency")
    results, letters = results_of(row.person), letters_of(row.person)
    audit.record(
        emergency.reader_of(row),
        "emergency.view",
        person=row.person,
        subject=f"emergency {row.pk}",
        results=len(results),
        letters=[str(letter.pk) for letter, _ in letters],
    )
    episodes = row.person.episodes.prefetch_related("fractures").order_by("-index_date")
    return render(
        request,
        "accounts/emergency_record.jinja",
        {
            "here": "people",
            "row": row,
            "person": row.person,
            "episodes": [(one, PLACES[State(one.state)]) for one in episodes],
            "entries": timeline_of(row.person),
            "results": results,
            "letters": [
                (letter, value.subject, mark_safe(render_html(value, heading_level=4)), is_replaced(letter))
                for letter, value in letters
            ],
        },
    )


def listed(request: Request) -> HttpResponse:
    """The emergencies in which somebody of another service read here."""
    audit.record(request.actor, "emergency.list")
    return render(
        request,
        "accounts/emergencies.jinja",
        {
            "here": "access",
            "waiting": emergency.to_judge(request.actor.service),
            "judged": emergency.judged(request.actor.service),
        },
    )


@sure(EmergencyAccess.objects.all)
def judge(request: Request, pk: UUID) -> HttpResponse:
    """One of them, and what the manager makes of it."""
    row = scoped(
        EmergencyAccess.objects.select_related("person", "user", "from_service"), request.actor, pk=pk
    )
    form = Judge(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            emergency.judge(emergency=row, **form.cleaned_data, by=request.actor)
            said(request, "Kept.")
        except NotPossible as error:
            problem(request, str(error))
            return redirect("emergency-judge", pk)
        return redirect("emergencies")
    audit.record(request.actor, "emergency.record.view", person=row.person, subject=f"emergency {row.pk}")
    return render(
        request,
        "accounts/emergency_judge.jinja",
        {"here": "access", "row": row, "person": row.person, "form": form, "form_errors": form.errors},
        status=422 if form.errors else 200,
    )
