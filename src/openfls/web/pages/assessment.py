"""The assessment: one page of questions, saved as often as wanted, finished when it is whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import UNDER_CARE, NotPossible, State
from openfls.record.people import Sex
from openfls.record.written_dates import read_date
from openfls.service import audit, clock
from openfls.service.actions import assessing
from openfls.service.advice import advise
from openfls.service.models import Episode
from openfls.service.picture import newest_answers
from openfls.web.forms.assessment import AssessmentForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said, said_with_undo


def show(request: Request, pk: UUID) -> HttpResponse:
    """The questions with what is known filled in; a POST saves, and finishes where asked to."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    if episode.state != State.TO_ASSESS:
        problem(request, f"The assessment is not open: the episode is at “{episode.place.list_title}”.")
        return redirect("person", episode.person_id)
    form = AssessmentForm(Sex(episode.person.sex), newest_answers(episode), clock.today())
    if request.method == "POST":
        form.typed = request.POST
        form.accepted = frozenset(request.POST.getlist("accepted"))
        valid = form.is_valid()
        day = _assessed_on(request, form)
        if valid and not form.errors:
            assessing.answer(episode=episode, answers=form.answers, by=request.actor)
            return _finish(request, episode, day) if day else _saved(request, episode)
    else:
        audit.record(request.actor, "assessment.view", person=episode.person, subject=f"episode {pk}")
    return render(
        request,
        "assessment.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "form": form,
            "form_errors": form.errors,
            "advice": advise(episode, on=clock.today()),
            "assessed_on": request.POST.get("assessed_on", ""),
        },
        status=422 if form.errors else 200,
    )


def results(request: Request, pk: UUID) -> HttpResponse:
    """Results that came after the assessment: bloods, scan, FRAX."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    if State(episode.state) not in UNDER_CARE:
        problem(request, f"No result can be added: the episode is at “{episode.place.list_title}”.")
        return redirect("person", episode.person_id)
    form = AssessmentForm(Sex(episode.person.sex), newest_answers(episode), clock.today(), results_only=True)
    if request.method == "POST":
        form.typed = request.POST
        form.accepted = frozenset(request.POST.getlist("accepted"))
        if form.is_valid():
            assessing.answer(episode=episode, answers=form.answers, by=request.actor)
            said(request, "The results are kept.")
            return redirect("person", episode.person_id)
    else:
        audit.record(request.actor, "results.view", person=episode.person, subject=f"episode {pk}")
    return render(
        request,
        "results.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "form": form,
            "form_errors": form.errors,
            "advice": advise(episode, on=clock.today()),
        },
        status=422 if form.errors else 200,
    )


def _assessed_on(request: Request, form: AssessmentForm) -> object:
    """The day on which the assessment was made, where it is to be finished."""
    if "finish" not in request.POST:
        return None
    typed = request.POST.get("assessed_on", "").strip()
    day = read_date(typed) if typed else clock.today()
    if day is None:
        form.errors["assessed_on"] = "Enter a date, for example 27 3 2026"
    return day


def _saved(request: Request, episode: Episode) -> HttpResponse:
    said(request, "Saved.")
    return redirect("assessment", episode.pk)


def _finish(request: Request, episode: Episode, day: object) -> HttpResponse:
    try:
        assessing.finish(episode=episode, assessed_on=day, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("assessment", episode.pk)
    said_with_undo(request, episode, "The assessment is finished.")
    return redirect("plan", episode.pk)
