"""The pages around a practice. They are of the trainee's own service and of the real day, also while she practises."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service.models import Practice
from openfls.service.training.library import bank
from openfls.service.training.sandbox import rooms
from openfls.service.training.sandbox.clearing import clear_case
from openfls.service.training.sandbox.library import case_called
from openfls.service.training.sandbox.simulated import day_of
from openfls.service.training.sandbox.standing import practised
from openfls.training.loader import shipped
from openfls.training.patients.checking import STAGES
from openfls.web.guard import Request, scoped
from openfls.web.practising import KEY
from openfls.web.said import problem, said

HERE = {"here": "training"}


def _own(request: Request, pk: UUID) -> Practice:
    rows = Practice.objects.filter(user=request.user).select_related("room", "user", "service")
    return scoped(rows, request.home, pk=pk)


def listed(request: Request) -> HttpResponse:
    """Every case, and how the trainee stands with it."""
    found = practised(request.home.service, [request.user])[request.user.pk]
    return render(request, "practice/list.jinja", {**HERE, "found": found})


def door(request: Request, key: str) -> HttpResponse:
    """What a case is about, before it begins. A POST makes a room and goes there, and first clears earlier ones."""
    case = case_called(key)
    if case is None:
        raise Http404
    if "clear" in request.POST:
        clear_case(case.key, request.home)
    if "begin" in request.POST or "clear" in request.POST:
        row = rooms.begin(case=case, by=request.home)
        request.session[KEY] = str(row.pk)
        said(request, "You are in the practice. Everybody here is fictional.")
        return redirect("practice-notes", row.pk)
    standing = next(
        one for one in practised(request.home.service, [request.user])[request.user.pk] if one.case is case
    )
    objectives = [
        one
        for topic in case.topics
        for one in shipped().topics[topic].objectives
        if one.id in case.objectives
    ]
    topics = [(topic, shipped().topics[topic], topic in bank().topics) for topic in case.topics]
    return render(
        request,
        "practice/case.jinja",
        {
            **HERE,
            "case": case,
            "standing": standing,
            "objectives": objectives,
            "topics": topics,
            "kept_days": settings.PRACTICE_DAYS,
        },
    )


def notes(request: Request, pk: UUID) -> HttpResponse:
    """What has happened so far. A POST enters, leaves, goes on to the next day, or finishes."""
    row = _own(request, pk)
    case = case_called(row.case)
    if row.finished_at is not None:
        return redirect("practice-result", row.pk)
    if not row.is_open or case is None:
        return redirect("practice")
    if request.method == "POST":
        return _move(request, row)
    happened = [(case.on(one.day), one) for one in rooms.told(row, case)]
    return render(
        request,
        "practice/notes.jinja",
        {
            **HERE,
            "row": row,
            "case": case,
            "happened": happened,
            "day": day_of(row),
            "next": rooms.next_day(row, case),
            "inside": request.practice is not None and request.practice.pk == row.pk,
        },
    )


def _move(request: Request, row: Practice) -> HttpResponse:
    try:
        if "enter" in request.POST:
            request.session[KEY] = str(row.pk)
        elif "leave" in request.POST:
            request.session.pop(KEY, None)
            said(
                request, "You have left the practice and are back in your own service. It waits for you here."
            )
            return redirect("practice")
        elif "go_on" in request.POST:
            before = row.day
            row = rooms.go_on(practice=row, by=request.home)
            said(request, f"{row.day - before} days have passed.")
        elif "finish" in request.POST:
            rooms.finish(practice=row, by=request.home)
            request.session.pop(KEY, None)
            return redirect("practice-result", row.pk)
        elif "give_up" in request.POST:
            rooms.give_up(practice=row, by=request.home)
            request.session.pop(KEY, None)
            said(request, "You have given this try up. It is not judged.")
            return redirect("practice")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("practice-notes", row.pk)


def result(request: Request, pk: UUID) -> HttpResponse:
    """Each decision: what she did, what the expert did, and why."""
    row = _own(request, pk)
    if row.finished_at is None:
        return redirect("practice-notes", row.pk)
    case = case_called(row.case)
    decided = row.result["decisions"]
    stages = [(stage, [one for one in decided if one["stage"] == stage]) for stage in STAGES]
    return render(
        request,
        "practice/result.jinja",
        {
            **HERE,
            "row": row,
            "case": case,
            "stages": [pair for pair in stages if pair[1]],
            "result": row.result,
        },
    )
