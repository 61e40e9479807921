"""A paper: one question a page, all of them at a glance, a rest where one is arranged, and the result."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from openfls.record.pathway import NotPossible
from openfls.service.models import Attempt, AttemptItem
from openfls.service.training import sitting
from openfls.service.training.ending import hand_in, scored, settle
from openfls.service.training.library import course_called, topic_called
from openfls.service.training.paper_clock import clock_of
from openfls.service.training.progress import progress, why_not_begin
from openfls.service.training.tokens import Older, is_answered, next_step, token_for
from openfls.training.analysis import weakest
from openfls.training.marking import NotAnswered, by_topic, read
from openfls.training.papers import Item, from_json
from openfls.training.timing import in_words
from openfls.training.values import Kind
from openfls.web.guard import Request, with_query
from openfls.web.pages.training.asking import asking, fields_of
from openfls.web.pages.training.telling import telling
from openfls.web.said import problem


def _own(request: Request, pk: UUID) -> Attempt:
    """The user's own paper, closed first where its time is over; a colleague's is as absent as one never made."""
    rows = Attempt.objects.filter(service=request.actor.service, user=request.user)
    attempt = get_object_or_404(rows.select_related("service", "user", "enrolment"), pk=pk)
    return settle(attempt, request.actor)


def _frame(attempt: Attempt) -> dict[str, object]:
    state = clock_of(attempt)
    return {
        "here": "training",
        "attempt": attempt,
        "course": course_called(attempt.course),
        "clock": state,
        "left": in_words(state.left),
        "rest_left": in_words(state.rest_left),
    }


def show(request: Request, pk: UUID) -> HttpResponse:
    """Every question at a glance. A POST hands in, rests or goes on."""
    attempt = _own(request, pk)
    if attempt.ended_at is not None:
        return redirect("training-result", attempt.pk)
    if request.method == "POST":
        return _step(request, attempt)
    rows = [(row, is_answered(from_json(row.content), row)) for row in attempt.items.all()]
    return render(
        request,
        "training/paper.jinja",
        {
            **_frame(attempt),
            "rows": rows,
            "unanswered": sum(not answered for _, answered in rows),
            "flagged": sum(row.flagged for row, _ in rows),
            "first": next((row.number for row, answered in rows if not answered), 1),
        },
    )


def _step(request: Request, attempt: Attempt) -> HttpResponse:
    try:
        if "hand_in" in request.POST:
            _check_sure(request, attempt)
            hand_in(attempt=attempt, by=request.actor)
            return redirect("training-result", attempt.pk)
        if "rest" in request.POST:
            sitting.rest(attempt=attempt, by=request.actor)
        elif "go_on" in request.POST:
            sitting.go_on(attempt=attempt, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
    return redirect("training-paper", attempt.pk)


def _check_sure(request: Request, attempt: Attempt) -> None:
    """One press too early must not use up an attempt: with questions open, she says that she means it."""
    left = sum(not is_answered(from_json(row.content), row) for row in attempt.items.all())
    if left and "sure" not in request.POST:
        words = "1 question has" if left == 1 else f"{left} questions have"
        raise NotPossible(
            f"Not handed in: {words} no answer. Answer, or tick the box to hand in all the same."
        )


def question(request: Request, pk: UUID) -> HttpResponse:
    """One question; ``q`` says which. A POST keeps its answer and goes on."""
    attempt = _own(request, pk)
    if attempt.ended_at is not None:
        return redirect("training-result", attempt.pk)
    frame = _frame(attempt)
    if clock_of(attempt).resting:
        return redirect("training-paper", attempt.pk)
    of = attempt.items.count()
    text = request.GET.get("q", "1")
    row = get_object_or_404(attempt.items, number=int(text) if text.isdecimal() and len(text) < 4 else 0)
    item = from_json(row.content)
    error = ""
    if request.method == "POST":
        saved = _save(request, attempt, row, item, of)
        if isinstance(saved, HttpResponse):
            return saved
        error = saved
    whole = item.question.kind is Kind.UNFOLDING and is_answered(item, row)
    step = item.steps - 1 if whole else next_step(item, row)
    return render(
        request,
        "training/question.jinja",
        {
            **frame,
            "row": row,
            "of": of,
            "asked": asking(item, step, row.answers, request.POST if error else None),
            "whole": whole,
            "token": token_for(row, attempt),
            "form_errors": error,
        },
        status=422 if error else 200,
    )


def _save(request: Request, attempt: Attempt, row: AttemptItem, item: Item, of: int) -> HttpResponse | str:
    """Keep what was sent and go on; or what is wrong with it, in words."""
    try:
        kept = sitting.answer(
            attempt=attempt,
            number=row.number,
            token=request.POST.get("token", ""),
            given=fields_of(request.POST),
            flagged="flag" in request.POST,
            by=request.actor,
        )
    except NotAnswered as fault:
        return str(fault)
    except NotPossible as fault:
        row.refresh_from_db()
        if isinstance(fault, Older) and _same(request, row, item):
            return _onwards(attempt, row, item, of)
        problem(request, str(fault))
        return redirect(_address(attempt, row.number))
    return _onwards(attempt, kept, item, of)


def _same(request: Request, row: AttemptItem, item: Item) -> bool:
    """Whether an answer that comes a second time (a double click) says what is kept already."""
    try:
        given = read(item, max(0, len(row.answers) - 1), fields_of(request.POST))
    except NotAnswered:
        return False
    return bool(row.answers) and row.answers[-1] == given and row.flagged == ("flag" in request.POST)


def _onwards(attempt: Attempt, row: AttemptItem, item: Item, of: int) -> HttpResponse:
    """The next step of a case, the next question, or all of them after the last."""
    if item.question.kind is Kind.UNFOLDING and 0 < len(row.answers) < item.steps:
        return redirect(_address(attempt, row.number))
    if row.number < of:
        return redirect(_address(attempt, row.number + 1))
    return redirect("training-paper", attempt.pk)


def _address(attempt: Attempt, number: int) -> str:
    return with_query(reverse("training-question", args=[attempt.pk]), {"q": str(number)})


def result(request: Request, pk: UUID) -> HttpResponse:
    """How it went, by topic, with every question explained. Nothing of it is shown before the end."""
    attempt = _own(request, pk)
    if attempt.ended_at is None:
        return redirect("training-paper", attempt.pk)
    rows = scored(attempt)
    topics = by_topic([(item, row.score or 0.0) for row, item in rows])
    chosen = course_called(attempt.course)
    found = progress(request.actor.service, request.user, chosen) if chosen else None
    return render(
        request,
        "training/result.jinja",
        {
            "here": "training",
            "attempt": attempt,
            "course": chosen,
            "topics": topics,
            "weakest": [(one, topic_called(one.topic)) for one in weakest(topics, attempt.pass_mark)],
            "told": [(row, telling(item, row.answers)) for row, item in rows],
            "certificate": getattr(attempt, "certificate", None),
            "found": found,
            "why_not": why_not_begin(found) if found else "",
        },
    )
