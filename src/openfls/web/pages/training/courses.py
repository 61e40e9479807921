"""Training home, and one course: how far, what next, and the door to its paper."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service.models import Attempt
from openfls.service.training.ending import settle
from openfls.service.training.learning import enrol, renew
from openfls.service.training.library import course_called
from openfls.service.training.progress import progress, renewal_opens, why_not_begin, why_not_renew
from openfls.service.training.sitting import begin
from openfls.training.courses import CPD_SOURCE, courses
from openfls.training.papers import for_papers
from openfls.training.timing import Allowance, in_words
from openfls.training.values import WORDS_A_MINUTE
from openfls.web.guard import Request
from openfls.web.said import problem, said


def _settled(request: Request) -> None:
    """A paper whose time is over is closed by whoever looks."""
    for attempt in Attempt.objects.filter(
        service=request.actor.service, user=request.user, ended_at=None
    ).select_related("service", "user"):
        settle(attempt, request.actor)


def home(request: Request) -> HttpResponse:
    """Two certificates, and the next ten minutes."""
    _settled(request)
    found = [progress(request.actor.service, request.user, course) for course in courses().values()]
    return render(request, "training/home.jinja", {"here": "training", "found": found})


def course(request: Request, key: str) -> HttpResponse:
    """One course. A POST enrols, begins a paper or a renewal."""
    chosen = course_called(key)
    if chosen is None:
        raise Http404
    _settled(request)
    if request.method == "POST":
        try:
            if "enrol" in request.POST:
                enrol(course=chosen, by=request.actor)
                said(request, "You are on the course. Begin with any topic.")
            elif "begin" in request.POST:
                return redirect("training-paper", begin(course=chosen, by=request.actor).pk)
            elif "renew" in request.POST:
                renew(course=chosen, by=request.actor)
                said(request, "The renewal has begun.")
        except NotPossible as error:
            running = progress(request.actor.service, request.user, chosen).running
            if "begin" in request.POST and running:
                # A double click: the first one began the paper.
                return redirect("training-paper", running.pk)
            problem(request, str(error))
        return redirect("training-course", key)
    found = progress(request.actor.service, request.user, chosen)
    held = found.certificates[0] if found.certificates else None
    enrolled = found.enrolment
    allowed = Allowance(
        found.rules.minutes,
        enrolled.extra_percent if enrolled else 0,
        enrolled.rest_minutes if enrolled else 0,
    )
    questions = sum(min(found.rules.per_topic, len(for_papers(one.topic, chosen))) for one in found.topics)
    return render(
        request,
        "training/course.jinja",
        {
            "here": "training",
            "found": found,
            "why_not": why_not_begin(found),
            "why_not_renew": why_not_renew(found),
            "renewal_opens": renewal_opens(held, chosen) if held else None,
            "held": held,
            "time": in_words(allowed.time),
            "questions": questions,
            "pace": WORDS_A_MINUTE,
            "cpd_source": CPD_SOURCE,
        },
    )
