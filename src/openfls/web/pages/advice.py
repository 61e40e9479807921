"""Advice about one person: every guideline side by side, the advice of the day, and the fracture risk behind it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import UNDER_CARE, NotPossible, State
from openfls.service import audit, clock
from openfls.service.actions import assessing
from openfls.service.actor import can
from openfls.service.advice import advise, as_given
from openfls.service.investigation.scanning import WITHOUT
from openfls.service.models import Assessment, Episode
from openfls.service.risk import risk_of
from openfls.service.roles import May
from openfls.service.side_by_side import side_by_side
from openfls.web.forms.frax import FraxForm
from openfls.web.guard import Request, scoped
from openfls.web.pages.guidance import slug_of
from openfls.web.said import problem, said


def show(request: Request, pk: UUID) -> HttpResponse:
    """Every pack beside its neighbour by what is known today; ``?all=1`` opens every reason, for print."""
    episode = _episode(request, pk)
    audit.record(request.actor, "advice.view", person=episode.person, subject=f"episode {pk}")
    picture, groups = side_by_side(episode, clock.today())
    kept = Assessment.objects.filter(episode=episode).exclude(assessed_on=None).exists()
    scan = advise(episode, clock.today()).get("scan") or {}
    return _page(
        request,
        "advice.jinja",
        episode,
        groups=groups,
        slug_of=slug_of,
        has_assessment=kept,
        scored=picture.qfracture is not None,
        scan=scan if scan.get("standing") == WITHOUT else None,
    )


def given(request: Request, pk: UUID) -> HttpResponse:
    """The advice as it was given on its day, given again from what was kept with it."""
    episode = _episode(request, pk)
    audit.record(request.actor, "advice_given.view", person=episode.person, subject=f"episode {pk}")
    assessment = Assessment.objects.filter(episode=episode).first()
    kept = list(as_given(assessment)) if assessment else []
    return _page(request, "advice_given.jinja", episode, kept=kept)


def risk(request: Request, pk: UUID) -> HttpResponse:
    """Scores with their disclaimer, the recorded FRAX result, and the chart."""
    episode = _episode(request, pk)
    audit.record(request.actor, "risk.view", person=episode.person, subject=f"episode {pk}")
    return _risk(request, episode)


def frax(request: Request, pk: UUID) -> HttpResponse:
    """A FRAX result, calculated elsewhere, goes into the record whole or not at all."""
    episode = _episode(request, pk)
    shown = risk_of(episode, clock.today())
    form = FraxForm(request.POST, picture=shown.picture, born=episode.person.birth_date)
    if not form.is_valid():
        return _risk(request, episode, form)
    try:
        assessing.answer(episode=episode, answers=form.answers(), by=request.actor)
        said(request, "The FRAX result is kept.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("risk", pk)


def _risk(request: Request, episode: Episode, form: FraxForm | None = None) -> HttpResponse:
    shown = risk_of(episode, clock.today())
    may_record = can(request.actor, May.WORK_THE_PATHWAY) and State(episode.state) in UNDER_CARE
    return _page(
        request,
        "risk.jinja",
        episode,
        risk=shown,
        form=form or (FraxForm(picture=shown.picture) if may_record else None),
        form_errors=form.errors if form else None,
    )


def _page(request: Request, template: str, episode: Episode, **context: object) -> HttpResponse:
    shared = {
        "here": "worklist",
        "episode": episode,
        "person": episode.person,
        "everything": request.GET.get("all") == "1",
    }
    return render(request, template, shared | context, status=422 if context.get("form_errors") else 200)


def _episode(request: Request, pk: UUID) -> Episode:
    return scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
