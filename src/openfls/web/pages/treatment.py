"""What the person really takes: courses and doses, the next promise of each, and the way back from a wrong word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openfls.intervention.following import NEVER_ENDS_ALONE
from openfls.intervention.packs import settings
from openfls.intervention.schedule import promises
from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.actions import treating, treating_back
from openfls.service.guidance import guidance_of
from openfls.service.models import Episode, Treatment, TreatmentEntry
from openfls.service.treatment.courses import COUNTED, courses_from
from openfls.web.forms.treatment import (
    DoseForm,
    Ended,
    FollowOnForm,
    PutRightForm,
    ReviewedForm,
    StartForm,
    StopForm,
)
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

FORMS: dict[str, type[forms.Form]] = {
    "start": StartForm,
    "dose": DoseForm,
    "review": ReviewedForm,
    "stop": StopForm,
    "follow_on": FollowOnForm,
}
RIGHT = "right"
_LONGEST_KEY = 18
"""Digits of a key that any database takes."""
_LATER = "A slip can be undone below for a day."
SAID = {
    "start": f"The course is on record. {_LATER}",
    "dose": f"The dose is on record. {_LATER}",
    "review": f"The review is on record. {_LATER}",
    "stop": f"The end of the course is on record. {_LATER}",
    "follow_on": f"What follows is planned. Until that day the plan counts. {_LATER}",
    "undo": "Undone. What was told stays to be seen, as taken back.",
    RIGHT: "Put right. What was told before stays to be seen.",
}


def show(request: Request, pk: UUID) -> HttpResponse:
    """The courses; a POST does one of the things, named by ``do``."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    do, about = request.POST.get("do", ""), request.POST.get("course", "")
    form: forms.Form | None = None
    if request.method == "POST":
        if do not in SAID:
            problem(
                request,
                "Choose what happened: a course began, a dose was given, it was reviewed, or it ended.",
            )
            return redirect("treatment", pk)
        form = _sent(request, do, about)
        if form is None or form.is_valid():
            try:
                _act(request, episode, do, about, form.cleaned_data if form else {})
            except NotPossible as error:
                if form is None:
                    problem(request, str(error))
                    return redirect("treatment", pk)
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
            "courses": _courses(episode, do, about, form),
            "start": form if do == "start" and form else _empty("start", ""),
            "form": form,
            "form_errors": form.errors if form else {},
        },
        status=422 if form else 200,
    )


def _sent(request: Request, do: str, about: str) -> forms.Form | None:
    """The form that was sent; None for an undo, which asks nothing."""
    if do == "undo":
        return None
    if do == RIGHT:
        entry = _entry(request, about)
        return PutRightForm(
            request.POST, prefix=_prefix(do, about), to_come=entry.kind == TreatmentEntry.Kind.FOLLOW_ON
        )
    return FORMS[do](request.POST, prefix=_prefix(do, about))


def _empty(do: str, course: str) -> forms.Form:
    return FORMS[do](initial={"on": clock.today()}, prefix=_prefix(do, course))


def _prefix(do: str, about: str) -> str:
    """The same field stands on the page several times: each form has names of its own."""
    return f"{do}{about if about.isdecimal() else ''}"


def _courses(episode: Episode, do: str, about: str, form: forms.Form | None) -> list[dict[str, Any]]:
    """What is on record, then what was taken back."""
    rows = list(
        Treatment.objects.filter(episode__person=episode.person_id)
        .select_related("by")
        .prefetch_related("doses", "entries__by", "entries__taken_back_by", "entries__treatment__episode")
    )
    standing = [row for row in rows if not row.withdrawn]
    values = courses_from(standing)
    own = settings(guidance_of(episode.service, clock.today()).limits)
    found = [
        {
            "row": row,
            "promises": promises(value, own),
            "followed": value.followed,
            "counted": row.drug in COUNTED,
            "told": _told(row, do, about, form),
            "forms": {
                name: form if form and name == do and str(row.pk) == about else _empty(name, str(row.pk))
                for name in _possible(row, followed=value.followed)
            },
        }
        for row, value in zip(standing, values, strict=True)
    ]
    gone = [{"row": row, "told": _told(row, do, about, form)} for row in rows if row.withdrawn]
    return [*found, *gone]


def _possible(row: Treatment, *, followed: bool) -> list[str]:
    next_is_asked = row.drug in NEVER_ENDS_ALONE and not followed
    return [
        *(["dose"] if row.stopped_on is None and row.drug in COUNTED else []),
        *(["review", "stop"] if row.stopped_on is None else []),
        *(["follow_on"] if next_is_asked else []),
    ]


def _told(row: Treatment, do: str, about: str, form: forms.Form | None) -> list[dict[str, Any]]:
    """Each entry, the newest first, with its way back where there is one."""
    found = []
    for entry in sorted(row.entries.all(), key=lambda one: -one.pk):
        why_not = treating_back.why_not(entry)
        day_alone = bool(why_not) and entry.stands and entry.kind == TreatmentEntry.Kind.START
        sent = form if form and do == RIGHT and about == str(entry.pk) else None
        to_come = entry.kind == TreatmentEntry.Kind.FOLLOW_ON
        empty = PutRightForm(prefix=_prefix(RIGHT, str(entry.pk)), to_come=to_come)
        found.append(
            {
                "entry": entry,
                "why_not": why_not,
                "undo": not why_not and not treating_back.needs_reason(entry),
                "right": (sent or empty) if not why_not or day_alone else None,
            }
        )
    return found


def _act(request: Request, episode: Episode, do: str, about: str, given: dict[str, Any]) -> None:
    by = request.actor
    if do == "start":
        treating.start(episode=episode, drug=given["drug"], started_on=given["on"], by=by)
        return
    if do in ("undo", RIGHT):
        entry = _entry(request, about)
        reason, day = given.get("reason", ""), given.get("day")
        treating_back.take_back(episode=episode, entry=entry, reason=reason, right_day=day, by=by)
        return
    row = scoped(Treatment.objects.all(), by, pk=_key(about))
    if do == "dose":
        treating.dose(episode=episode, treatment=row, on=given["on"], by=by)
    elif do == "review":
        treating.review(episode=episode, treatment=row, on=given["on"], by=by)
    elif do == "follow_on":
        follow_on, due = given["follow_on"], given["due"]
        treating.plan_follow_on(episode=episode, treatment=row, follow_on=follow_on, due=due, by=by)
    else:
        treating.stop(
            episode=episode,
            treatment=row,
            on=given["on"],
            reason=given["reason"],
            paused=given["ended"] is Ended.PAUSED,
            follow_on=given["follow_on"],
            follow_on_due=given["follow_on_due"],
            by=by,
        )


def _entry(request: Request, about: str) -> TreatmentEntry:
    rows = TreatmentEntry.objects.select_related("treatment__episode")
    return scoped(rows, request.actor, pk=_key(about))


def _key(about: str) -> int:
    if not about.isdecimal() or len(about) > _LONGEST_KEY:
        raise Http404
    return int(about)
