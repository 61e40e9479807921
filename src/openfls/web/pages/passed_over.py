"""The audit of the reader: one report at a time of those in which it found nothing."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.actions import auditing
from openfls.service.actor import can
from openfls.service.models import PassedOver
from openfls.service.roles import May
from openfls.service.verdicts import reader_report
from openfls.web.forms.queue import PassedOverForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


def show(request: Request) -> HttpResponse:
    """The report that has waited longest."""
    waiting = PassedOver.objects.filter(service=request.actor.service, there_is=None)
    first = waiting.select_related("person").order_by("read_at", "pk").first()
    return _page(request, first, PassedOverForm())


def judge(request: Request, pk: int) -> HttpResponse:
    """What a person says of one report, or that she takes it back; then the next."""
    passed = scoped(PassedOver.objects.select_related("person"), request.actor, pk=pk)
    form = PassedOverForm(request.POST)
    try:
        if "take_back" in request.POST:
            auditing.take_back(passed=passed, by=request.actor)
            said(request, "Taken back. The report waits to be judged again.")
            return redirect("passed-over")
        if not form.is_valid():
            return _page(request, passed, form)
        episode = auditing.judge(passed=passed, by=request.actor, **form.cleaned_data)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("passed-over")
    name = passed.person.name
    if episode is not None:
        said(request, f"Found: {name}. The fracture waits to be confirmed.")
    elif form.cleaned_data["there_is"]:
        said(request, f"Kept: {name}. The fracture was known already, or is not one for this service.")
    else:
        said(request, f"Nothing for us: {name}.")
    return redirect("passed-over")


def _page(request: Request, passed: PassedOver | None, form: PassedOverForm) -> HttpResponse:
    service = request.actor.service
    if passed is not None:
        audit.record(request.actor, "passed_over.view", person=passed.person, subject=f"report {passed.pk}")
    mine = PassedOver.objects.filter(service=service, there_is=False, judged_by=request.actor.user)
    return render(
        request,
        "passed_over.jinja",
        {
            "here": "reader",
            "passed": passed,
            "on": date.fromisoformat(passed.on) if passed and passed.on else None,
            "person": passed.person if passed else None,
            "form": form,
            "form_errors": form.errors,
            "may_judge": can(request.actor, May.WORK_THE_PATHWAY),
            "last": mine.select_related("person").order_by("-judged_at", "-pk").first(),
            "report": reader_report(service),
        },
        status=422 if form.errors else 200,
    )
