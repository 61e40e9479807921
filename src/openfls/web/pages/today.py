"""Today: what must not wait, and the lists of the day."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from openfls.service import audit, clock
from openfls.service.models import Delivery, Letter, Task
from openfls.service.worklist import BY_KEY, DAILY, counts, episodes_of
from openfls.web.guard import Request

SHOWN = 5


def show(request: Request) -> HttpResponse:
    """The first page of the morning."""
    service, today = request.actor.service, clock.today()
    audit.record(request.actor, "today.view")
    number = counts(service, today)
    tasks = Task.objects.filter(service=service, done_at=None, cancelled_at=None, due__lte=today)
    return render(
        request,
        "today.jinja",
        {
            "here": "today",
            "lists": [(BY_KEY[key], number[key]) for key in DAILY],
            "overdue": episodes_of(service, "overdue", today)[:SHOWN],
            "overdue_count": number["overdue"],
            "calls": tasks.filter(kind="call_again").select_related("episode__person")[:SHOWN],
            "results": tasks.filter(kind="dxa_result").select_related("episode__person")[:SHOWN],
            "letters": Letter.objects.filter(service=service, approved_at=None).select_related("person")[
                :SHOWN
            ],
            "last_delivery": Delivery.objects.counted()
            .filter(service=service)
            .order_by("-received_at")
            .first(),
        },
    )
