"""Safety alerts of the service: red ones to decide, amber ones, reminders, and overrides to look at again."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.intervention import Severity
from openfls.record.pathway import NotPossible
from openfls.service import audit, watching
from openfls.service.actions import alerting
from openfls.service.models import Alert
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request, scoped, with_query
from openfls.web.said import problem, said

PAGE = 25
OVERRIDES = "overrides"
KINDS = {
    Severity.RED.value: ("Red, to decide", "No red alert waits for a decision."),
    Severity.AMBER.value: ("Amber", "No amber alert stands."),
    Severity.INFO.value: ("Reminders", "There is nothing to be reminded of."),
    OVERRIDES: (
        "Decided otherwise, to look at again",
        "Every decision against an alert has been looked at again.",
    ),
}


def show(request: Request) -> HttpResponse:
    """One list, red first."""
    kind = request.GET.get("kind") or Severity.RED.value
    if kind not in KINDS:
        raise Http404
    service = request.actor.service
    of_kind = {
        **{one.value: watching.waiting_of(service, one) for one in Severity},
        OVERRIDES: list(watching.to_review(service)),
    }
    page = Paginator(of_kind[kind], PAGE).get_page(request.GET.get("page"))
    audit.record(request.actor, "alerts.view", subject=kind, **shown(page.object_list))
    return render(
        request,
        "alerts.jinja",
        {
            "here": "alerts",
            "kind": kind,
            "kinds": KINDS,
            "counts": {name: len(rows) for name, rows in of_kind.items()},
            "page": page,
        },
    )


def decide(request: Request, pk: int) -> HttpResponse:
    """Record what was decided about an alert."""
    alert = scoped(Alert.objects.all(), request.actor, pk=pk)
    decision = request.POST.get("decision", "")
    try:
        if decision not in Alert.Decision.values:
            raise NotPossible("Choose what was decided.")
        alerting.decide(
            alert=alert,
            decision=Alert.Decision(decision),
            reason=request.POST.get("reason", ""),
            by=request.actor,
        )
    except NotPossible as error:
        problem(request, str(error))
    else:
        said(request, f"Kept: {alert.title}.")
    return redirect(with_query(reverse("alerts"), {"kind": alert.severity}))


def review(request: Request, pk: int) -> HttpResponse:
    """Say that an override was looked at again."""
    alert = scoped(Alert.objects.all(), request.actor, pk=pk)
    try:
        alerting.review(alert=alert, words=request.POST.get("words", ""), by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
    else:
        said(request, f"Looked at again: {alert.title}.")
    return redirect(with_query(reverse("alerts"), {"kind": OVERRIDES}))
