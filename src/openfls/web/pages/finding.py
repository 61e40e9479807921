"""A found fracture with its evidence: confirm it, or say why it is not for the service."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.record.pathway import NotPossible, State, Step, can_step
from openfls.service import audit, clock
from openfls.service.actions import finding
from openfls.service.actions.placing import correction_of, day_is_known
from openfls.service.models import Episode, Fracture, SourceRecord
from openfls.service.queue import Wish, chosen, neighbours, risk_of
from openfls.service.worklist import episodes_of
from openfls.web.evidence import Marked, marked_text
from openfls.web.forms.steps import RefuteForm
from openfls.web.guard import Request, scoped, with_query
from openfls.web.said import problem, said_with_undo


def show(request: Request, pk: UUID) -> HttpResponse:
    """The evidence; a POST confirms or refutes and goes on to the next in the order of the address."""
    episode = scoped(Episode.objects.select_related("person"), request.actor, pk=pk)
    wish, today = Wish.of(request.GET), clock.today()
    # Asked before anything is decided: what is next depends on where this one stands.
    stands = neighbours(chosen(episodes_of(request.actor.service, "to-confirm", today), wish, today), episode)
    form = RefuteForm(request.POST if "refute" in request.POST else None)
    if request.method == "POST":
        try:
            if "confirm" in request.POST:
                finding.confirm(episode=episode, by=request.actor)
                return _next(request, episode, "Confirmed", stands.following)
            if form.is_valid():
                finding.refute(episode=episode, by=request.actor, **form.cleaned_data)
                return _next(request, episode, "Not for us", stands.following)
        except NotPossible as error:
            problem(request, str(error))
            return redirect("person", episode.person_id)
    else:
        audit.record(request.actor, "finding.view", person=episode.person, subject=f"episode {pk}")
    return render(
        request,
        "finding.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "fractures": [
                (fracture, _evidence(fracture), correction_of(fracture), day_is_known(fracture))
                for fracture in episode.fractures.select_related("person")
            ],
            "others": episode.person.episodes.exclude(pk=pk).prefetch_related("fractures"),
            "can_confirm": can_step(State(episode.state), Step.CONFIRM),
            "form": form,
            "form_errors": form.errors,
            "risk": risk_of(episode, today),
            "wish": wish.query,
            "stands": stands,
        },
        status=422 if form.errors else 200,
    )


def bring_back(request: Request, pk: UUID) -> HttpResponse:
    """What was left out is to be confirmed again."""
    episode = scoped(Episode.objects, request.actor, pk=pk)
    try:
        finding.bring_back(episode=episode, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("person", episode.person_id)
    said_with_undo(request, episode, "Brought back. Please confirm or refute it.")
    return redirect("finding", pk)


def _next(request: Request, episode: Episode, what: str, following: object | None) -> HttpResponse:
    said_with_undo(request, episode, f"{what}: {episode.person.name}.")
    wish = Wish.of(request.GET).query
    where = reverse("finding", args=[following]) if following else reverse("worklist", args=["to-confirm"])
    return redirect(with_query(where, wish))


def _evidence(fracture: Fracture) -> list[tuple[SourceRecord, list[Marked]]]:
    rows = fracture.source_records.select_related("row__delivery").order_by("on", "pk")
    return [(row, marked_text(row)) for row in rows]
