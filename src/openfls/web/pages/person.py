"""Everything about one person, and the search that finds her."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import PLACES, UNDER_CARE, State, Step, can_step
from openfls.service import audit
from openfls.service.actions.undoing import can_undo
from openfls.service.feeds.merging import merged_into
from openfls.service.models import Person
from openfls.service.search import find_people, namesakes_of
from openfls.service.timeline import timeline_of
from openfls.web.guard import Request, scoped

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
    person = scoped(Person.objects.prefetch_related("identifiers"), request.actor, pk=pk)
    audit.record(request.actor, "person.view", person=person)
    episodes = person.episodes.select_related("assessment").prefetch_related(
        "fractures", "plans", "reviews", "tasks", "letters"
    )
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
                    "next_page": NEXT_PAGE.get(State(episode.state)),
                    "under_care": State(episode.state) in UNDER_CARE,
                    "can_close": can_step(State(episode.state), Step.CLOSE),
                    "can_undo": can_undo(episode),
                    "can_bring_back": can_step(State(episode.state), Step.BRING_BACK),
                    "open_tasks": [
                        task for task in episode.tasks.all() if not (task.done_at or task.cancelled_at)
                    ],
                }
                for episode in episodes.order_by("-index_date")
            ],
            "namesakes": namesakes_of(person),
            "entries": timeline_of(person),
        },
    )


def search(request: Request) -> HttpResponse:
    """People by name, number or date of birth in any order. The words are posted: they never stand in an address."""
    words = request.POST.get("q", "").strip()
    found = find_people(request.actor.service, words)
    if words:
        audit.record(request.actor, "people.search", found=len(found))
    if len(found) == 1:
        return redirect("person", found[0].pk)
    return render(request, "people.jinja", {"here": "people", "words": words, "people": found})
