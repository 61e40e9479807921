"""What the person really takes: courses and doses, with the next promise of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openfls.intervention.schedule import promises
from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.actions import treating
from openfls.service.models import Episode, Treatment
from openfls.service.situation import courses_from
from openfls.web.forms.treatment import DoseForm, Ended, ReviewedForm, StartForm, StopForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

FORMS: dict[str, type[forms.Form]] = {
    "start": StartForm,
    "dose": DoseForm,
    "review": ReviewedForm,
    "stop": StopForm,
}
SAID = {
    "start": "The course is on record.",
    "dose": "The dose is on record.",
    "review": "The review is on record.",
    "stop": "The end of the course is on record.",
}


def show(request: Request, pk: UUID) -> HttpResponse:
    """The courses; a POST does one of the four things, named by ``do``."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    do, course = request.POST.get("do", ""), request.POST.get("course", "")
    form: forms.Form | None = None
    if request.method == "POST":
        if do not in FORMS:
            problem(
                request,
                "Choose what happened: a course began, a dose was given, it was reviewed, or it ended.",
            )
            return redirect("treatment", pk)
        form = FORMS[do](request.POST, prefix=_prefix(do, course))
        if form.is_valid():
            try:
                _act(request, episode, do, course, form.cleaned_data)
            except NotPossible as error:
                form.add_error(None, str(error))
            else:
                said(request, SAID[do])
                return redirect("treatment", pk)
    else:
        audit.record(request.actor, "treatment.view", person=episode.person, subject=f"episode {pk}")
    return render(
        request,
        "treatment.jinja",
        {
            "here": "reviews",
            "episode": episode,
            "person": episode.person,
            "courses": _courses(episode, do, course, form),
            "start": form if do == "start" else _empty("start", ""),
            "form": form,
            "form_errors": form.errors if form else {},
        },
        status=422 if form else 200,
    )


def _empty(do: str, course: str) -> forms.Form:
    return FORMS[do](initial={"on": clock.today()}, prefix=_prefix(do, course))


def _prefix(do: str, course: str) -> str:
    """The same field stands on the page several times: each form has names of its own."""
    return f"{do}{course if course.isdigit() else ''}"


def _courses(episode: Episode, do: str, course: str, form: forms.Form | None) -> list[dict[str, Any]]:
    rows = list(
        Treatment.objects.filter(episode__person=episode.person_id, withdrawn=False)
        .select_related("by")
        .prefetch_related("doses")
    )
    return [
        {
            "row": row,
            "promises": promises(value),
            "counted": row.drug in treating.COUNTED,
            "forms": {
                name: form if form and name == do and str(row.pk) == course else _empty(name, str(row.pk))
                for name in ("dose", "review", "stop")
            }
            if row.stopped_on is None
            else {},
        }
        for row, value in zip(rows, courses_from(rows), strict=True)
    ]


def _act(request: Request, episode: Episode, do: str, course: str, given: dict[str, Any]) -> None:
    by = request.actor
    if do == "start":
        treating.start(episode=episode, drug=given["drug"], started_on=given["on"], by=by)
        return
    if not course.isdigit():
        raise Http404
    row = scoped(Treatment.objects.all(), by, pk=int(course))
    if do == "dose":
        treating.dose(episode=episode, treatment=row, on=given["on"], by=by)
    elif do == "review":
        treating.review(episode=episode, treatment=row, on=given["on"], by=by)
    else:
        treating.stop(
            episode=episode,
            treatment=row,
            on=given["on"],
            reason=given["reason"],
            paused=given["ended"] is Ended.PAUSED,
            follow_on=given["follow_on"],
            by=by,
        )
