"""The day from which the service finds fractures: what broke before is kept as history."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.feeds.history import find_from, history_of
from openfls.web.forms.fields import Day
from openfls.web.guard import Request
from openfls.web.said import said


class StartForm(forms.Form):
    """A day, or none."""

    day = Day(
        label="Find fractures from this day on",
        required=False,
        help_text="For example, 1 1 2026. Empty: all fractures are put forward, however old",
    )


def show(request: Request) -> HttpResponse:
    """The day, and what it does now; a POST sets another and sorts all anew."""
    service = request.actor.service
    form = StartForm(request.POST or None, initial={"day": service.find_from})
    if request.method == "POST" and form.is_valid():
        try:
            changed = find_from(day=form.cleaned_data["day"], by=request.actor)
        except NotPossible as error:
            form.add_error("day", str(error).rstrip("."))
        else:
            moved = "1 fracture has" if changed == 1 else f"{changed} fractures have"
            said(request, f"Kept. {moved} moved between the list to confirm and the earlier fractures.")
            return redirect("start-date")
    else:
        audit.record(request.actor, "start_date.view", subject=f"service {service.code}")
    return render(
        request,
        "start_date.jinja",
        {
            "here": "feeds",
            "service": service,
            "form": form,
            "form_errors": form.errors,
            "history": history_of(service),
        },
        status=422 if form.errors else 200,
    )
