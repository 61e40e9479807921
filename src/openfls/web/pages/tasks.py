"""The task lists: every promise that is open, none left off."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.record.pathway import NotPossible
from openfls.record.reasons import TaskKind
from openfls.service import audit, clock
from openfls.service.actions.ending_tasks import ENDED_BY_HAND, end
from openfls.service.models import Task
from openfls.service.tasklist import (
    LETTERS,
    TASK_LIST,
    TASK_LISTS,
    letters_to_approve,
    list_of,
    open_tasks,
    task_counts,
)
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request, scoped, with_query
from openfls.web.said import problem, said

PAGE = 25


def show(request: Request) -> HttpResponse:
    """One list, the one that the address names."""
    key = request.GET.get("kind") or TASK_LISTS[0].key
    if key not in TASK_LIST:
        raise Http404
    service, today = request.actor.service, clock.today()
    rows = letters_to_approve(service) if key == LETTERS else open_tasks(service, key, today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    audit.record(request.actor, "tasks.view", subject=key, **shown(page.object_list))
    return render(
        request,
        "tasks.jinja",
        {
            "here": "tasks",
            "list": TASK_LIST[key],
            "lists": TASK_LISTS,
            "counts": task_counts(service, today),
            "page": page,
            "is_letters": key == LETTERS,
            "ended_by_hand": {kind.value: words for kind, words in ENDED_BY_HAND.items()},
            "words": {kind.value: kind.label for kind in TaskKind},
        },
    )


def end_by_hand(request: Request, pk: int) -> HttpResponse:
    """The scan did not take place, or what changed has been seen."""
    task = scoped(Task.objects.select_related("episode__person"), request.actor, pk=pk)
    try:
        end(task=task, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
    else:
        said(request, f"{ENDED_BY_HAND[TaskKind(task.kind)]}: {task.episode.person.name}.")
    return redirect(with_query(reverse("tasks"), {"kind": list_of(TaskKind(task.kind))}))
