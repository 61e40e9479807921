"""Reviews as a call list: the number ready to dial, what was agreed last time, and four outcomes one click away."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible, State
from openfls.record.reasons import Channel, ContactOutcome, Drug, ReviewOutcome
from openfls.service import audit, clock
from openfls.service.actions import reviewing
from openfls.service.calls import calls, longer
from openfls.service.models import Episode, Review
from openfls.service.situation import standing_plan
from openfls.service.treatment.courses import COUNTED
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said, said_with_undo

PAGE = 25
OUTCOMES = (
    ("taking", "Taking it"),
    ("not_started", "Not started"),
    ("stopped", "Stopped"),
    ("no_answer", "No answer"),
)
_HEARD = {"not_started": ReviewOutcome.NOT_STARTED, "stopped": ReviewOutcome.STOPPED}
_KINDS = {State.REVIEW_16: Review.Kind.WEEK_16, State.REVIEW_52: Review.Kind.WEEK_52}


def show(request: Request) -> HttpResponse:
    """The list."""
    service, today = request.actor.service, clock.today()
    page = Paginator(calls(service, today), PAGE).get_page(request.GET.get("page"))
    treatments = longer(service, today)
    audit.record(request.actor, "reviews.view", **shown(page.object_list, treatments))
    return render(
        request,
        "reviews.jinja",
        {
            "here": "reviews",
            "page": page,
            "longer": treatments,
            "outcomes": OUTCOMES,
        },
    )


def heard(request: Request, pk: UUID) -> HttpResponse:
    """One of the four outcomes, for today; whatever needs more words goes to the review's own page."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    outcome = request.POST.get("outcome", "")
    plan = standing_plan(episode)
    drug = Drug(plan.drug) if plan and plan.drug else None
    if outcome == "taking" and (drug is None or drug.value in COUNTED):
        return redirect("review", pk)  # which drug, and the day of the last dose, have to be asked
    try:
        if outcome == "no_answer":
            reviewing.contact(
                episode=episode,
                channel=Channel.TELEPHONE,
                outcome=ContactOutcome.NO_ANSWER,
                on=clock.today(),
                by=request.actor,
            )
            said(request, f"No answer: {episode.person.name} is called again in a few days.")
        else:
            _record(request, episode, outcome, drug)
            said_with_undo(request, episode, f"The review of {episode.person.name} is kept.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("reviews")


def _record(request: Request, episode: Episode, outcome: str, drug: Drug | None) -> None:
    if State(episode.state) not in _KINDS:
        raise NotPossible(f"No review is due: the episode is at “{episode.place.list_title}”.")
    if outcome == "taking":
        told = reviewing.Heard(ReviewOutcome.ON_TREATMENT, drug=drug)
    elif outcome in _HEARD:
        told = reviewing.Heard(_HEARD[outcome])
    else:
        raise NotPossible("Choose what you heard.")
    reviewing.record(
        episode=episode,
        kind=_KINDS[State(episode.state)],
        heard=told,
        reviewed_on=clock.today(),
        by=request.actor,
    )
