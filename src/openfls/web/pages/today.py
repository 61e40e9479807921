"""Today: what must not wait, and the lists of the day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from openfls.intervention import Severity
from openfls.service import audit, clock
from openfls.service.access.morning import asks_of
from openfls.service.calls import longer
from openfls.service.models import Delivery
from openfls.service.questionnaires import came_back
from openfls.service.tasklist import letters_to_approve, open_tasks, task_counts
from openfls.service.watching import waiting_of
from openfls.service.worklist import BY_KEY, DAILY, counts, episodes_of
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request

SHOWN = 5


def show(request: Request) -> HttpResponse:
    """The first page of the morning."""
    service, today = request.actor.service, clock.today()
    newest = Delivery.objects.filter(service=service).order_by("-received_at", "-pk")[:1]
    number = counts(service, today)
    red = waiting_of(service, Severity.RED)
    treatments = longer(service, today, timedelta(0))
    lists: dict[str, list[Any]] = {
        "red": red[:SHOWN],
        "treatments": treatments[:SHOWN],
        "to_sign": list(open_tasks(service, "to-sign", today)[:SHOWN]),
        "answers": list(open_tasks(service, "answers", today)[:SHOWN]),
        "came_back": list(came_back(service)[:SHOWN]),
        "overdue": list(episodes_of(service, "overdue", today)[:SHOWN]),
        "calls": list(open_tasks(service, "calls", today)[:SHOWN]),
        "results": list(open_tasks(service, "results", today)[:SHOWN]),
        "letters": list(letters_to_approve(service)[:SHOWN]),
    }
    audit.record(request.actor, "today.view", **shown(*lists.values()))
    return render(
        request,
        "today.jinja",
        {
            "here": "today",
            "access": asks_of(request.actor),
            "lists": [(BY_KEY[key], number[key]) for key in DAILY],
            **lists,
            "red_count": len(red),
            "treatments_count": len(treatments),
            "overdue_count": number["overdue"],
            "task_counts": task_counts(service, today),
            "last_delivery": next(iter(Delivery.objects.counted_of(newest)), None),
        },
    )
