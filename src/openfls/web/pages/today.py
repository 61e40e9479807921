"""Today: what must not wait, and the lists of the day."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from openfls.intervention import Severity
from openfls.service import audit, clock
from openfls.service.calls import longer
from openfls.service.models import Delivery
from openfls.service.questionnaires import came_back
from openfls.service.tasklist import letters_to_approve, open_tasks, task_counts
from openfls.service.watching import waiting_of
from openfls.service.worklist import BY_KEY, DAILY, counts, episodes_of
from openfls.web.guard import Request

SHOWN = 5


def show(request: Request) -> HttpResponse:
    """The first page of the morning."""
    service, today = request.actor.service, clock.today()
    audit.record(request.actor, "today.view")
    newest = Delivery.objects.filter(service=service).order_by("-received_at", "-pk")[:1]
    number = counts(service, today)
    red = waiting_of(service, Severity.RED)
    treatments = [one for one in longer(service, today) if one.on <= today]
    return render(
        request,
        "today.jinja",
        {
            "here": "today",
            "lists": [(BY_KEY[key], number[key]) for key in DAILY],
            "red": red[:SHOWN],
            "red_count": len(red),
            "treatments": treatments[:SHOWN],
            "treatments_count": len(treatments),
            "to_sign": open_tasks(service, "to-sign", today)[:SHOWN],
            "answers": open_tasks(service, "answers", today)[:SHOWN],
            "came_back": came_back(service)[:SHOWN],
            "overdue": episodes_of(service, "overdue", today)[:SHOWN],
            "overdue_count": number["overdue"],
            "task_counts": task_counts(service, today),
            "calls": open_tasks(service, "calls", today)[:SHOWN],
            "results": open_tasks(service, "results", today)[:SHOWN],
            "letters": letters_to_approve(service)[:SHOWN],
            "last_delivery": next(iter(Delivery.objects.counted_of(newest)), None),
        },
    )
