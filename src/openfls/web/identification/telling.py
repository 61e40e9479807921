"""Add a fracture that no feed told of: find or make the person, say what broke, confirm it or let it wait."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible, State
from openfls.record.people import is_valid_nhs_number
from openfls.record.written_dates import read_date
from openfls.service import audit
from openfls.service.actions.finding import confirm
from openfls.service.by_hand.alike import Candidate, candidates
from openfls.service.by_hand.telling import Added, check_untell, tell, untell
from openfls.service.models import FeedRow, Person
from openfls.web.guard import Request, scoped
from openfls.web.identification.forms import BoneForm, UntellForm, WhoForm
from openfls.web.said import problem, said, said_with_way_back

NOBODY = "new"
"""The answer to "is it one of these?" that makes a new person."""


def add(request: Request) -> HttpResponse:
    """The page where nobody has been found yet. What was searched for is posted here, to be typed once alone."""
    posted = request.POST if "family_name" in request.POST else None
    who = WhoForm(posted, initial=_searched(request.POST.get("q", "")))
    bone = BoneForm(posted)
    shown: list[Candidate] = []
    if posted is not None and who.is_valid() & bone.is_valid():
        new = who.demographics(request.actor.service.hospital_system)
        shown = candidates(request.actor.service, new)
        chosen = request.POST.get("who", "")
        known = next((each.person for each in shown if str(each.person.pk) == chosen), None)
        try:
            if known is not None:
                return _keep(request, tell(told=bone.told(), person=known, by=request.actor), bone)
            if not shown or chosen == NOBODY:
                return _keep(request, tell(told=bone.told(), new=new, by=request.actor), bone)
        except NotPossible as error:
            bone.add_error(None, str(error))
        for each in shown:
            audit.record(request.actor, "person.view", person=each.person)
    return _page(request, who=who, bone=bone, shown=shown)


def add_for(request: Request, pk: UUID) -> HttpResponse:
    """The same for somebody who is known."""
    person = scoped(Person.objects.prefetch_related("identifiers"), request.actor, pk=pk)
    bone = BoneForm(request.POST or None)
    if request.method == "POST" and bone.is_valid():
        try:
            return _keep(request, tell(told=bone.told(), person=person, by=request.actor), bone)
        except NotPossible as error:
            bone.add_error(None, str(error))
    elif request.method != "POST":
        audit.record(request.actor, "person.view", person=person)
    return _page(request, person=person, bone=bone)


def take_back(request: Request, pk: int) -> HttpResponse:
    """What was told by hand was wrong: a reason, then it is gone."""
    row = scoped(FeedRow.objects.select_related("person", "source_record"), request.actor, pk=pk)
    try:
        check_untell(row)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("person", row.person_id) if row.person_id else redirect("people")
    form = UntellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = untell(row=row, reason=form.cleaned_data["reason"], by=request.actor)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            said(request, "Taken back." if person else "Taken back, and the record of the person with it.")
            return redirect("person", person.pk) if person else redirect("people")
    elif request.method != "POST":
        audit.record(request.actor, "person.view", person=row.person, subject=f"row {pk}")
    return render(
        request,
        "identification/untell.jinja",
        {"here": "people", "person": row.person, "row": row, "form": form, "form_errors": form.errors},
        status=422 if form.errors else 200,
    )


def _keep(request: Request, added: Added, bone: BoneForm) -> HttpResponse:
    episode, name = added.episode, added.episode.person.name
    words = f"Kept: {name}."
    if added.joined:
        words = f"Kept: {name}. It tells of a fracture that is known already and stands beside its records."
    elif bone.cleaned_data["then"] == "confirm" and episode.state == State.FOUND:
        try:
            confirm(episode=episode, by=request.actor)
            words = f"Kept and confirmed: {name}."
        except NotPossible as error:
            problem(request, str(error))
    episode.refresh_from_db()
    said_with_way_back(request, words, "untell", added.row.pk)
    if episode.state == State.FOUND:
        return redirect("finding", episode.pk)
    return redirect("person", episode.person_id)


def _searched(words: str) -> dict[str, object]:
    """What somebody searched for in vain, in the field that it fits."""
    words = words.strip()[:100]
    if is_valid_nhs_number(words):
        return {"nhs_number": words}
    if (day := read_date(words)) is not None:
        return {"birth_date": day}
    family, comma, given = words.partition(",")
    if not comma and words.count(" ") == 1:
        given, _, family = words.partition(" ")
    if any(each.isdigit() for each in words):
        return {"hospital_number": words}
    return {"family_name": family.strip(), "given_name": given.strip()}


def _page(
    request: Request,
    *,
    bone: BoneForm,
    who: WhoForm | None = None,
    person: Person | None = None,
    shown: list[Candidate] | None = None,
) -> HttpResponse:
    faulty = bool(bone.errors or (who and who.errors))
    errors = {**(who.errors if who else {}), **bone.errors}
    return render(
        request,
        "identification/tell.jinja",
        {
            "here": "worklist",
            "person": person,
            "who": who,
            "bone": bone,
            "candidates": shown or [],
            "form_errors": errors,
        },
        status=422 if faulty or shown else 200,
    )
