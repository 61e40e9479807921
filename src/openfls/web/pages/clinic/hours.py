"""How much each weekday takes, and the user's own calendar address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions import clinics
from openfls.service.clinic.hours import Hours, hours_of
from openfls.service.models import CalendarFeed
from openfls.web.guard import Request
from openfls.web.said import problem, said

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def hours(request: Request) -> HttpResponse:
    """How many reviews and assessments each weekday takes."""
    typed = _typed(hours_of(request.actor.service, clock.today()))
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        try:
            clinics.set_hours(wish=_read(typed, errors), by=request.actor)
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
        **{f"assess{at}": str(number) for at, number in enumerate(now.assess_places)},
        **{f"starts{at}": told for at, told in enumerate(now.starts)},
        "minutes": str(now.minutes),
        "assess_minutes": str(now.assess_minutes),
        "bank_holidays": "yes" if now.bank_holidays else "",
    }


def _read(typed: dict[str, str], errors: dict[str, str]) -> clinics.Wish:
    """What was typed as values; what is wrong goes to ``errors`` by its field, and raises."""
    starts = []
    for at, name in enumerate(WEEKDAYS):
        hour = typed[f"starts{at}"].replace(".", ":")
        hour = f"0{hour}" if len(hour) == 4 else hour
        if hour and not _is_hour(hour):
            errors[f"starts{at}"] = f"{name}: enter the hour as 09:30, or leave it empty"
        starts.append(hour)
    wish = clinics.Wish(
        places=_week(typed, "places", errors),
        assess_places=_week(typed, "assess", errors),
        starts=starts,
        minutes=_minutes(typed, "minutes", "a review", errors),
        assess_minutes=_minutes(typed, "assess_minutes", "an assessment", errors),
        bank_holidays=typed["bank_holidays"] == "yes",
    )
    if errors:
        raise NotPossible("Something is not right.")
    return wish


def _week(typed: dict[str, str], prefix: str, errors: dict[str, str]) -> list[int]:
    found = []
    for at, name in enumerate(WEEKDAYS):
        number = _number(typed[f"{prefix}{at}"] or "0")
        if number is None or number > clinics.MOST:
            errors[f"{prefix}{at}"] = f"{name}: enter a number from 0 to {clinics.MOST}"
        found.append(number or 0)
    return found


def _minutes(typed: dict[str, str], name: str, what: str, errors: dict[str, str]) -> int:
    number = _number(typed[name])
    if number is None or not 5 <= number <= 240:
        errors[name] = f"Enter how many minutes {what} takes, from 5 to 240"
    return number or 0


def _number(told: str) -> int | None:
    """A number of at most four digits; None for anything else."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 4 else None


def _is_hour(told: str) -> bool:
    hour, _, minute = told.partition(":")
    return (
        told.isascii()
        and hour.isdecimal()
        and minute.isdecimal()
        and len(told) == 5
        and int(hour) < 24
        and int(minute) < 60
    )
