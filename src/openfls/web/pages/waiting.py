"""What waits for a person: whose row it is, and whether two records are of one person."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.feeds import bringing_back, deciding, merging
from openfls.service.feeds.unlike import differences
from openfls.service.feeds.values import observation_from
from openfls.service.feeds.waiting import Waiting, rows_waiting, waiting_all, waiting_of
from openfls.service.models import FeedRow, Person, PersonCorrection, RowDecision
from openfls.web.guard import Request, scoped
from openfls.web.previews import name_of, shown, words_of
from openfls.web.said import problem, said, said_with_way_back

PAGE = 25
DECIDED = 20


def listed(request: Request) -> HttpResponse:
    """Rows that wait, records that look alike, and what was decided last."""
    service = request.actor.service
    page = Paginator(rows_waiting(service), PAGE).get_page(request.GET.get("page"))
    decisions = RowDecision.objects.filter(service=service, undone_at=None)
    alike = merging.possible_duplicates(service)
    contradicted = PersonCorrection.objects.filter(
        service=service, ended_at=None, told__isnull=False
    ).select_related("person", "by")
    audit.record(request.actor, "waiting.view", rows=page.paginator.count, alike=len(alike))
    return render(
        request,
        "waiting.jinja",
        {
            "here": "feeds",
            "page": page,
            "rows": [
                (each, shown(each.reading, each.row.position)) for each in waiting_all(list(page.object_list))
            ],
            "contradicted": contradicted.order_by("told_at"),
            "alike": alike[:PAGE],
            "alike_count": len(alike),
            "decisions": deciding.with_way_back(
                list(decisions.select_related("row", "person", "by").order_by("-pk")[:DECIDED])
            ),
        },
    )


def row(request: Request, pk: int) -> HttpResponse:
    """One row beside the people whom it could be about; a POST decides."""
    found = scoped(FeedRow.objects.select_related("delivery", "service"), request.actor, pk=pk)
    if found.waiting is None:
        problem(request, "Nobody waits for a decision about this row any more.")
        return redirect("waiting")
    waiting = waiting_of(found)
    errors: list[str] = []
    if request.method == "POST":
        try:
            if words := _decide(request, waiting):
                said(request, words)
        except NotPossible as error:
            errors = [str(error)]
        else:
            return redirect("waiting")
    audit.record(request.actor, "row.view", subject=f"row {pk}")
    for person in waiting.people:
        audit.record(request.actor, "person.view", person=person, subject=f"row {pk}")
    return render(
        request,
        "waiting_row.jinja",
        {
            "here": "feeds",
            "waiting": waiting,
            "told": shown(waiting.reading, found.position),
            "name_of": name_of,
            "unlike": differences(*waiting.people) if waiting.is_merge and len(waiting.people) > 1 else [],
            "words": request.POST.get("words", ""),
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def _decide(request: Request, waiting: Waiting) -> str:
    posted, by, feed_row = request.POST, request.actor, waiting.row
    words = posted.get("words", "")
    people = {str(each.pk): each for each in waiting.people}
    if "leave_out" in posted:
        deciding.leave_out(row=feed_row, reason=words, by=by)
        return "The row is left out; its reason stands under its delivery."
    if waiting.is_merge:
        return _decide_merge(request, waiting, people, words)
    if "somebody_else" in posted:
        made = deciding.somebody_else(row=feed_row, by=by)
        return f"{made.person.name} is a new person."
    if posted.get("person") in people:
        chosen = people[posted["person"]]
        deciding.this_person(row=feed_row, person=chosen, by=by)
        return f"The row is now with {chosen.name}."
    raise NotPossible("Choose what the row is about.")


def _decide_merge(request: Request, waiting: Waiting, people: dict[str, Person], words: str) -> str:
    posted, by = request.POST, request.actor
    if "not_same" in posted:
        merging.not_same(one=waiting.kept, other=waiting.gone, words=words, row=waiting.row, by=by)
        return "The two stay two people."
    if posted.get("keep") in people:
        keep = people[posted["keep"]]
        gone = next((each for each in waiting.people if each.pk != keep.pk), None)
        merging.same_person(keep=keep, gone=gone, row=waiting.row, words=words, by=by)
        if gone is not None:
            said_with_way_back(request, f"Everything is now with {keep.name}.", "take-apart", gone.pk)
            return ""
        return f"The numbers are now with {keep.name}."
    raise NotPossible("Choose whether the two are the same person.")


def undo(request: Request, pk: int) -> HttpResponse:
    """Take back a decision while it harms nobody."""
    decision = scoped(RowDecision.objects.all(), request.actor, pk=pk)
    try:
        taken_back = deciding.undo(decision=decision, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("waiting")
    said(request, "Undone. The row waits again.")
    return redirect("waiting-row", taken_back.pk)


def pair(request: Request, pk: UUID, other: UUID) -> HttpResponse:
    """Two records that look alike, side by side; a POST says whether they are of one person."""
    people = Person.objects.select_related("service").prefetch_related("identifiers", "episodes__fractures")
    two = [scoped(people, request.actor, pk=key) for key in (pk, other)]
    errors: list[str] = []
    if request.method == "POST":
        words, keep = request.POST.get("words", ""), request.POST.get("keep", "")
        try:
            if "not_same" in request.POST:
                merging.not_same(one=two[0], other=two[1], words=words, by=request.actor)
                said(request, "The two stay two people.")
                return redirect("waiting")
            kept = next((each for each in two if str(each.pk) == keep), None)
            if kept is None:
                raise NotPossible("Choose whether the two are the same person.")
            gone = two[1] if kept is two[0] else two[0]
            key = gone.pk
            merging.same_person(keep=kept, gone=gone, words=words, by=request.actor)
            said_with_way_back(request, f"Everything is now with {kept.name}.", "take-apart", key)
            return redirect("person", kept.pk)
        except NotPossible as error:
            errors = [str(error)]
    for person in two:
        audit.record(request.actor, "person.view", person=person)
    return render(
        request,
        "same_person.jinja",
        {
            "here": "feeds",
            "two": two,
            "unlike": differences(*two),
            "words": request.POST.get("words", ""),
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def put_forward(request: Request, pk: int) -> HttpResponse:
    """A row that was left out: put its fracture forward all the same, with a reason."""
    found = scoped(
        FeedRow.objects.select_related("delivery", "person", "source_record"), request.actor, pk=pk
    )
    if not bringing_back.can_put_forward(found):
        problem(request, "This row was not left out, or tells of no fracture.")
        return redirect("delivery", found.delivery_id)
    errors: list[str] = []
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            episode = bringing_back.put_forward(row=found, reason=reason, by=request.actor)
        except NotPossible as error:
            errors = [str(error)]
        else:
            said(request, "It is put forward and stands here to be confirmed.")
            return redirect("finding", episode.pk)
    audit.record(request.actor, "row.view", person=found.person, subject=f"row {pk}")
    observation = observation_from(found.source_record.observation)
    return render(
        request,
        "put_forward.jinja",
        {
            "here": "feeds",
            "row": found,
            "person": found.person,
            "observation": observation,
            "what": words_of(observation),
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )
