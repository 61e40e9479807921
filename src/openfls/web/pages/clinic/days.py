"""The clinic's days with the people on each, moving somebody by hand, and how many reviews a day takes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.record.pathway import NotPossible
from openfls.record.written_dates import read_date
from openfls.service import audit, clock
from openfls.service.actions import clinics
from openfls.service.clinic.days import Hours, clinic_of, hours_of
from openfls.service.models import CalendarFeed, Episode
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def show(request: Request) -> HttpResponse:
    """The weeks from today, each day with its people."""
    service, today = request.actor.service, clock.today()
    clinic = clinic_of(service, today)
    audit.record(
        request.actor, "clinic.view", shown=sum(len(day.lines) for week in clinic.weeks for day in week)
    )
    return render(request, "clinic/days.jinja", {"here": "reviews", "clinic": clinic})


def move(request: Request, pk: UUID) -> HttpResponse:
    """Put a review on another day, or let it be levelled again."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    try:
        if "release" in request.POST:
            clinics.release(episode=episode, by=request.actor)
            said(request, f"The review of {episode.person.name} is levelled with the others again.")
        else:
            on = read_date(request.POST.get("on", ""))
            if on is None:
                raise NotPossible("Enter a date, for example 27 3 2027.")
            clinics.choose(episode=episode, on=on, by=request.actor)
            said(request, f"The review of {episode.person.name} is on {on.day} {on:%B %Y}.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("clinic")


def hours(request: Request) -> HttpResponse:
    """How many reviews each weekday takes; and the user's own calendar address."""
    now = hours_of(request.actor.service)
    typed = _typed(now)
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        try:
            clinics.set_hours(**_read(typed, errors), by=request.actor)
        except NotPossible as error:
            if not errors:
                errors["places0"] = str(error)
        else:
            said(request, "Kept. The lists are levelled to it.")
            return redirect("clinic")
    return render(
        request,
        "clinic/hours.jinja",
        {"here": "reviews", "weekdays": WEEKDAYS, "typed": typed, "errors": errors},
        status=422 if errors else 200,
    )


def calendar(request: Request) -> HttpResponse:
    """The user's own secret address: made, shown once, revoked."""
    actor, address = request.actor, ""
    row = _own(request)
    if request.method == "POST":
        try:
            if "revoke" in request.POST:
                if row is None:
                    raise NotPossible("You have no calendar address.")
                clinics.revoke_calendar(calendar=row, by=actor)
                said(request, "The address does not work any more.")
                return redirect("calendar")
            secret = clinics.make_calendar(by=actor)
            address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
            row = _own(request)
        except NotPossible as error:
            problem(request, str(error))
            return redirect("calendar")
    response = render(
        request, "clinic/calendar.jinja", {"here": "reviews", "feed": row, "feed_address": address}
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _own(request: Request) -> CalendarFeed | None:
    actor = request.actor
    return CalendarFeed.objects.filter(service=actor.service, user=actor.user, revoked_at=None).last()


def _typed(now: Hours) -> dict[str, str]:
    return {
        **{f"places{at}": str(number) for at, number in enumerate(now.places)},
        **{f"starts{at}": told for at, told in enumerate(now.starts)},
        "minutes": str(now.minutes),
        "closed": "\n".join(f"{day.day} {day.month} {day.year}" for day in sorted(now.closed)),
    }


def _read(typed: dict[str, str], errors: dict[str, str]) -> dict[str, object]:
    """What was typed as values; what is wrong goes to ``errors`` by its field, and raises."""
    places, starts = [], []
    for at, name in enumerate(WEEKDAYS):
        told = typed[f"places{at}"] or "0"
        number = _number(told)
        if number is None or number > clinics.MOST:
            errors[f"places{at}"] = f"{name}: enter a number from 0 to {clinics.MOST}"
        places.append(number or 0)
        hour = typed[f"starts{at}"].replace(".", ":")
        hour = f"0{hour}" if len(hour) == 4 else hour
        if hour and not _is_hour(hour):
            errors[f"starts{at}"] = f"{name}: enter the hour as 09:30, or leave it empty"
        starts.append(hour)
    closed: list[date] = []
    for line in filter(None, (one.strip() for one in typed["closed"].splitlines())):
        day = read_date(line)
        if day is None:
            errors["closed"] = f"“{line[:40]}” is no date: enter one a line, for example 25 12 2026"
        else:
            closed.append(day)
    minutes = _number(typed["minutes"])
    if minutes is None or not 5 <= minutes <= 240:
        errors["minutes"] = "Enter how many minutes a review takes, from 5 to 240"
    if errors:
        raise NotPossible("Something is not right.")
    return {"places": places, "starts": starts, "closed": closed, "minutes": minutes}


def _number(told: str) -> int | None:
    """A number of at most four digits; None for anything else."""
    return int(told) if told.isdecimal() and len(told) <= 4 else None


def _is_hour(told: str) -> bool:
    hour, _, minute = told.partition(":")
    return hour.isdecimal() and minute.isdecimal() and len(told) == 5 and int(hour) < 24 and int(minute) < 60
