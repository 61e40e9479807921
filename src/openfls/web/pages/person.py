"""Everything about one person, and the search that finds her."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import PLACES, UNDER_CARE, State, Step, can_step
from openfls.service import audit, clock, watching
from openfls.service.actions.undoing import can_undo
from openfls.service.auditing.terms import enciphered
from openfls.service.feeds.merging import merged_into
from openfls.service.feeds.splitting import splittable
from openfls.service.models import Person, PlanDetail
from openfls.service.person.head import head_of
from openfls.service.quality.measures import missing_of
from openfls.service.search import find_people
from openfls.service.timeline import timeline_of
from openfls.web.guard import Request, scoped
from openfls.web.mending import mend_page

NEXT_PAGE = {
    State.FOUND: "finding",
    State.TO_ASSESS: "assessment",
    State.TO_PLAN: "plan",
    State.REVIEW_16: "review",
    State.REVIEW_52: "review",
}


def show(request: Request, pk: UUID) -> HttpResponse:
    """The person's page."""
    moved = merged_into(request.actor.service, pk)
    if moved is not None:
        return redirect("person", moved.pk)
    person = scoped(Person.objects.prefetch_related("identifiers", "flags"), request.actor, pk=pk)
    audit.record(request.actor, "person.view", person=person)
    rows = person.episodes.select_related("assessment").order_by("-index_date")
    episodes = list(rows.prefetch_related("fractures", "tasks", "statuses"))
    placed = person.fracture_corrections.filter(ended_at=None).select_related("by")
    put_right = {row.fracture_id: row for row in placed}
    missing = missing_of(request.actor.service, [str(episode.pk) for episode in episodes], clock.today())
    return render(
        request,
        "person.jinja",
        {
            "here": "people",
            "person": person,
            "episodes": [
                {
                    "row": episode,
                    "place": PLACES[State(episode.state)],
                    "missing": [
                        (each, mend_page(episode, each.measure)) for each in missing.get(str(episode.pk), ())
                    ],
                    "next_page": NEXT_PAGE.get(State(episode.state)),
                    "under_care": State(episode.state) in UNDER_CARE,
                    "can_close": can_step(State(episode.state), Step.CLOSE),
                    "can_undo": can_undo(episode),
                    "placed": [
                        (fracture, put_right[fracture.pk])
                        for fracture in episode.fractures.all()
                        if fracture.pk in put_right
                    ],
                    "can_bring_back": can_step(State(episode.state), Step.BRING_BACK),
                    "open_tasks": [
                        task for task in episode.tasks.all() if not (task.done_at or task.cancelled_at)
                    ],
                }
                for episode in episodes
            ],
            "head": head_of(person, episodes),
            "few_of": watching.FEW,
            "plan_waits": {
                detail.plan.episode_id
                for detail in PlanDetail.objects.filter(
                    plan__episode__person=person, plan__withdrawn=False
                ).select_related("plan")
                if detail.waits
            },
            "put_together": splittable(person),
            "entries": timeline_of(person),
        },
    )


def search(request: Request) -> HttpResponse:
    """People by name, number or date of birth in any order. The words are posted: they never stand in an address."""
    words = request.POST.get("q", "").strip()
    found = find_people(request.actor.service, words)
    if words:
        # The words are somebody's name: the log holds them enciphered.
        seen = audit.shown(each.pk for each in found)
        audit.record(request.actor, "people.search", found=len(found), terms=enciphered(words), **seen)
    if len(found) == 1:
        return redirect("person", found[0].pk)
    return render(request, "people.jinja", {"here": "people", "words": words, "people": found})
