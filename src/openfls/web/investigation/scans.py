"""Every bone density scan of a person, one line each, and the form by which another is typed whole."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import UNDER_CARE, NotPossible, State
from openfls.record.people import Sex
from openfls.record.questions import Value
from openfls.service import audit, clock
from openfls.service.actions import assessing
from openfls.service.actor import can
from openfls.service.known import SCANNED_ON, known_of, of_a_scan
from openfls.service.models import Episode
from openfls.service.roles import May
from openfls.service.scans import changes, scans_of, typed_days
from openfls.web.forms.assessment import AssessmentForm
from openfls.web.guard import Request, scoped
from openfls.web.investigation.asking_back import AGAIN
from openfls.web.said import problem, said


def show(request: Request, pk: UUID) -> HttpResponse:
    """The scans, the newest first, and what changed; a POST keeps one more."""
    episode: Episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    today = clock.today()
    found = scans_of(episode, known_of(episode, today), today)
    form = AssessmentForm(
        Sex(episode.person.sex), {}, today, episode.person.birth_date, scans=found, scan_only=True
    )
    may_add = can(request.actor, May.WORK_THE_PATHWAY) and State(episode.state) in UNDER_CARE
    if request.method == "POST":
        form.typed, form.accepted = request.POST, frozenset(request.POST.getlist("accepted"))
        form.is_valid()
        day = _day(form, typed_days(episode))
        if not form.errors and day is not None:
            return _keep(request, episode, day, form.answers)
    else:
        audit.record(request.actor, "scans.view", person=episode.person, subject=f"episode {pk}")
    context = {
        "here": "worklist",
        "episode": episode,
        "person": episode.person,
        "scans": list(reversed(found)),
        "compared": changes(found),
        "form": form if may_add else None,
        "form_errors": form.errors,
        "errors": dict(form.summary()),
        "open": episode.state == State.TO_ASSESS,
    }
    return render(request, "investigation/scans.jinja", context, status=422 if form.errors else 200)


def _day(form: AssessmentForm, kept: frozenset[date]) -> date | None:
    """The day of the scan; without one, or without a figure, the form says so."""
    typed = form.answers.get(SCANNED_ON)
    if not typed:
        form.errors.setdefault(SCANNED_ON, "Enter the day of the scan")
        return None
    figures = [name for name, value in form.answers.items() if of_a_scan(name) and value is not None]
    if figures == [SCANNED_ON]:
        form.errors.setdefault("bone_density.total_hip_t", "Enter at least one figure of the scan")
    day = date.fromisoformat(str(typed))
    if day in kept and not form.has_confirmed(SCANNED_ON):
        words = f"There is a typed scan of this day already. To put it right with these figures, {AGAIN}"
        form.errors.setdefault(SCANNED_ON, words)
    return day


def _keep(request: Request, episode: Episode, day: date, values: dict[str, Value]) -> HttpResponse:
    try:
        assessing.add_scan(episode=episode, on=day, values=values, by=request.actor)
        said(request, f"The scan of {day.day} {day:%B %Y} is kept.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("scans", episode.pk)
