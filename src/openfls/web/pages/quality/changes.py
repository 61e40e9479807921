"""Changes tried to get better: a small log of plan, do, study, act."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.quality import measure_set
from openfls.record.pathway import NotPossible
from openfls.service.actions.improving import (
    Learned,
    Planned,
    correct_plan,
    learn_from,
    plan_change,
    withdraw_change,
)
from openfls.service.models import Change
from openfls.web.forms.quality import ChangeForm, LearnForm
from openfls.web.guard import Request, scoped
from openfls.web.said import said


def show(request: Request) -> HttpResponse:
    """Every change, the newest first; below, the form for another."""
    form = ChangeForm(request.POST or None, initial={"measure": request.GET.get("measure", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_change(planned=_planned(form), by=request.actor)
        except NotPossible as error:
            form.add_error("began_on", str(error))
        else:
            said(request, "The change is kept. It marks the chart of its measure.")
            return redirect("change", made.pk)
    rows = Change.objects.filter(service=request.actor.service, withdrawn=False).select_related("by")
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
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdrawn(request, change)
    kept = {name: getattr(change, name) for name in ("did", "studied", "acted", "ended_on")}
    told = {name: getattr(change, name) for name in ("title", "plan", "began_on")}
    told["measure"] = f"{change.measure_set}.{change.measure}"
    puts_right = "put_right" in request.POST
    form = LearnForm(None if puts_right else request.POST or None, initial=kept)
    plan = ChangeForm(request.POST if puts_right else None, initial=told, prefix="plan")
    sent: forms.Form = plan if puts_right else form
    if request.method == "POST" and sent.is_valid():
        try:
            if puts_right:
                correct_plan(change=change, planned=_planned(plan), by=request.actor)
            else:
                learn_from(change=change, learned=Learned(**form.cleaned_data), by=request.actor)
        except NotPossible as error:
            sent.add_error("began_on" if puts_right else "ended_on", str(error))
            change.refresh_from_db()
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
            "plan": plan,
            "sent": sent,
            "form_errors": sent.errors,
        },
        status=422 if sent.errors else 200,
    )


def _planned(form: ChangeForm) -> Planned:
    given = form.cleaned_data
    set_id, _, measure = given["measure"].partition(".")
    return Planned(set_id, measure, given["title"], given["plan"], given["began_on"])


def _withdrawn(request: Request, change: Change) -> HttpResponse:
    back = request.POST["withdraw"] == "back"
    withdraw_change(change=change, back=back, by=request.actor)
    said(request, "The change is back." if back else "The change is taken away: no list and no chart has it.")
    return redirect("change", change.pk)


def _title(change: Change) -> str:
    return measure_set(change.measure_set).measure(change.measure).title
