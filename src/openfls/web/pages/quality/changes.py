"""Changes tried to get better: a small log of plan, do, study, act."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.quality import measure_set
from openfls.record.pathway import NotPossible
from openfls.service.actions.improving import Learned, Planned, learn_from, plan_change
from openfls.service.models import Change
from openfls.web.forms.quality import ChangeForm, LearnForm
from openfls.web.guard import Request, scoped
from openfls.web.said import said


def show(request: Request) -> HttpResponse:
    """Every change, the newest first; below, the form for another."""
    form = ChangeForm(request.POST or None, initial={"measure": request.GET.get("measure", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        set_id, _, measure = given["measure"].partition(".")
        try:
            made = plan_change(
                planned=Planned(set_id, measure, given["title"], given["plan"], given["began_on"]),
                by=request.actor,
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            said(request, "The change is kept. It marks the chart of its measure.")
            return redirect("change", made.pk)
    rows = Change.objects.filter(service=request.actor.service).select_related("by")
    return render(
        request,
        "changes.jinja",
        {
            "here": "measures",
            "changes": [(row, _title(row)) for row in rows],
            "form": form,
            "form_errors": form.errors,
        },
        status=422 if form.errors else 200,
    )


def one(request: Request, pk: int) -> HttpResponse:
    """One change and what came of it."""
    change = scoped(Change.objects.select_related("by"), request.actor, pk=pk)
    kept = {name: getattr(change, name) for name in ("did", "studied", "acted", "ended_on")}
    form = LearnForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            learn_from(change=change, learned=Learned(**form.cleaned_data), by=request.actor)
        except NotPossible as error:
            form.add_error("ended_on", str(error))
        else:
            said(request, "Kept.")
            return redirect("change", pk)
    return render(
        request,
        "change.jinja",
        {
            "here": "measures",
            "change": change,
            "measure_title": _title(change),
            "form": form,
            "form_errors": form.errors,
        },
        status=422 if form.errors else 200,
    )


def _title(change: Change) -> str:
    return measure_set(change.measure_set).measure(change.measure).title
