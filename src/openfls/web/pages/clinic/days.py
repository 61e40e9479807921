"""The clinic's days with the people on each, and moving somebody by hand."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.record.written_dates import read_date
from openfls.service import audit, clock
from openfls.service.actions import clinics
from openfls.service.clinic.days import clinic_of
from openfls.service.clinic.promised import promised_of
from openfls.service.models import Episode, Slot
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


def show(request: Request) -> HttpResponse:
    """The weeks from today, each day with its people."""
    clinic = clinic_of(request.actor.service, clock.today())
    audit.record(
        request.actor, "clinic.view", shown=sum(len(day.lines) for week in clinic.weeks for day in week)
    )
    return render(request, "clinic/days.jinja", {"here": "reviews", "clinic": clinic, "Slot": Slot})


def move(request: Request, pk: UUID) -> HttpResponse:
    """Put what somebody waits for on another day, or let it be levelled again."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    slot = request.POST.get("slot", "")
    name = episode.person.name
    try:
        if "release" in request.POST:
            clinics.release(episode=episode, slot=slot, by=request.actor)
            said(request, f"{name} is levelled with the others again.")
        else:
            on = read_date(request.POST.get("on", ""))
            if on is None:
                raise NotPossible("Enter a date, for example 27 3 2027.")
            clinics.choose(episode=episode, slot=slot, on=on, by=request.actor)
            late = _words_if_late(episode, Slot(slot), on)
            said(request, f"{name} is on {on.day} {on:%B %Y}: {Slot(slot).label.lower()}.{late}")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("clinic")


def _words_if_late(episode: Episode, slot: Slot, on: date) -> str:
    promised = promised_of(episode, slot, clock.today())
    if promised is None or on <= promised.due:
        return ""
    return f" That is after the promised day, {promised.due.day} {promised.due:%B %Y}."
