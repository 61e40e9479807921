"""Today: what must not wait, and the lists of the day."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render

from openfls.intervention import Severity
from openfls.service import audit, clock
from openfls.service.access.morning import asks_of
from openfls.service.calls import first_of_longer
from openfls.service.models import Delivery
from openfls.service.questionnaires import came_back
from openfls.service.tasklist import (
    ANSWERS,
    CALLS,
    LETTERS,
    RESULTS,
    TO_SIGN,
    letters_to_approve,
    open_tasks,
    task_counts,
)
from openfls.service.watching import first_waiting
from openfls.service.worklist import BY_KEY, DAILY, counts, first_of
from openfls.web.auditing.shown import people_of, shown
from openfls.web.guard import Request

SHOWN = 5
_TASKS = {"to_sign": TO_SIGN, "answers": ANSWERS, "calls": CALLS, "results": RESULTS}
WORKED_OUT = 30
"""Of so many treatments the promises are worked out to be counted. Where there are more, the page says "or more": the
list that it leads to has them all."""


def show(request: Request) -> HttpResponse:
    """The first page of the morning."""
    service, today = request.actor.service, clock.today()
    newest = Delivery.objects.filter(service=service).order_by("-received_at", "-pk")[:1]
    number, tasks = counts(service, today), task_counts(service, today)
    red, red_count = first_waiting(service, Severity.RED, SHOWN)
    treatments, all_treatments = first_of_longer(service, today, WORKED_OUT)
    lists: dict[str, list[Any]] = {
        "red": red,
        "treatments": treatments[:SHOWN],
        "came_back": list(came_back(service)[:SHOWN]),
        "overdue": first_of(service, "overdue", today, SHOWN),
        # The flags of everybody on the page are fetched together.
        **{
            name: list(open_tasks(service, key, today).prefetch_related(None)[:SHOWN]) if tasks[key] else []
            for name, key in _TASKS.items()
        },
        "letters": list(letters_to_approve(service).prefetch_related(None)[:SHOWN]) if tasks[LETTERS] else [],
    }
    prefetch_related_objects(list(people_of(*lists.values())), "flags")
    audit.record(request.actor, "today.view", **shown(*lists.values()))
    return render(
        request,
        "today.jinja",
        {
            "here": "today",
            "access": asks_of(request.actor),
            "lists": [(BY_KEY[key], number[key]) for key in DAILY],
            **lists,
            "red_count": red_count,
            "treatments_count": len(treatments),
            "all_treatments": all_treatments,
            "overdue_count": number["overdue"],
            "task_counts": tasks,
            "last_delivery": next(iter(Delivery.objects.counted_of(newest)), None),
        },
    )
