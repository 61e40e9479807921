"""The forms that move an episode on: review, contact, close; and the two ways back. The plan has its own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.record.pathway import NotPossible, State, Step, can_step
from openfls.service import audit, clock
from openfls.service.actions import closing, reviewing, undoing
from openfls.service.models import Episode, Review
from openfls.service.queue import Wish
from openfls.service.timeline import timeline_of
from openfls.web.forms.steps import CloseForm, ContactForm, CorrectForm, ReviewForm
from openfls.web.guard import Request, scoped, with_query
from openfls.web.said import problem, said, said_with_undo

_REVIEW_KINDS = {State.REVIEW_16: Review.Kind.WEEK_16, State.REVIEW_52: Review.Kind.WEEK_52}


def review(request: Request, pk: UUID) -> HttpResponse:
    """The review that is next: at 16 or at 52 weeks."""
    episode = _episode(request, pk)
    kind = _REVIEW_KINDS.get(State(episode.state), Review.Kind.WEEK_16)
    step = reviewing.STEPS[kind][0]
    return _step(
        request,
        episode,
        ReviewForm,
        step,
        "review.jinja",
        lambda form: reviewing.record(
            episode=episode,
            kind=kind,
            heard=form.heard(),
            reviewed_on=form.cleaned_data["reviewed_on"],
            by=request.actor,
        ),
        "The review is kept.",
        first={"reviewed_on": clock.today()},
        kind=kind,
        agreed=episode.plans.filter(withdrawn=False).last(),
        contacts=episode.contacts.all(),
    )


def close(request: Request, pk: UUID) -> HttpResponse:
    """End the care early."""
    episode = _episode(request, pk)
    return _step(
        request,
        episode,
        CloseForm,
        Step.CLOSE,
        "close.jinja",
        lambda form: closing.close(episode=episode, by=request.actor, **form.cleaned_data),
        "The episode is closed.",
    )


def contact(request: Request, pk: UUID) -> HttpResponse:
    """Keep an attempt to reach the person."""
    episode = _episode(request, pk)
    if episode.person.deceased:
        problem(request, "The person has died and is not to be contacted.")
        return redirect("person", episode.person_id)
    return _step(
        request,
        episode,
        ContactForm,
        None,
        "contact.jinja",
        lambda form: reviewing.contact(episode=episode, by=request.actor, **form.cleaned_data),
        "The contact is kept.",
        first={"on": clock.today(), "channel": "telephone"},
    )


_STEPS = {
    Step.CONFIRM: "a person confirmed the fracture",
    Step.REFUTE: "it was said not to be for us",
    Step.BRING_BACK: "it was brought back",
    Step.FINISH_ASSESSMENT: "the assessment was finished",
    Step.AGREE_PLAN: "a plan was agreed",
    Step.REVIEW_AT_16_WEEKS: "the review at 16 weeks was made",
    Step.REVIEW_AT_52_WEEKS: "the review at 52 weeks was made",
    Step.CLOSE: "the episode was closed",
}


def correct(request: Request, pk: UUID) -> HttpResponse:
    """Take back the last step with a reason."""
    episode = _episode(request, pk)
    try:
        last = undoing.last_step(episode)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("person", episode.person_id)
    return _step(
        request,
        episode,
        CorrectForm,
        None,
        "correct.jinja",
        lambda form: undoing.correct(episode=episode, reason=form.cleaned_data["reason"], by=request.actor),
        "The last step is taken back.",
        last=last,
        what=_STEPS.get(last.step, last.step.replace("_", " ")),
        entries=timeline_of(episode.person),
    )


def undo(request: Request, pk: UUID) -> HttpResponse:
    """Take back a slip."""
    episode = _episode(request, pk)
    try:
        step = undoing.undo(episode=episode, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("person", episode.person_id)
    episode.refresh_from_db(fields=["state"])
    said(request, f"Undone: {episode.person.name} is back at “{episode.place.list_title}”.")
    if step in (Step.CONFIRM, Step.REFUTE):
        return redirect(with_query(reverse("finding", args=[pk]), Wish.of(request.GET).query))
    return redirect("person", episode.person_id)


def _episode(request: Request, pk: UUID) -> Episode:
    return scoped(Episode.objects.select_related("person", "service", "assessment"), request.actor, pk=pk)


def _step(
    request: Request,
    episode: Episode,
    form_class: type[forms.Form],
    step: Step | None,
    template: str,
    act: Callable[[Any], object],
    done: str,
    *,
    first: dict[str, Any] | None = None,
    go_to: str = "person",
    **shown: Any,
) -> HttpResponse:
    """Show a form, or act on it. What was typed stays on the page until it is kept."""
    if step and not can_step(State(episode.state), step):
        problem(request, f"That is not the next step: the episode is at “{episode.place.list_title}”.")
        return redirect("person", episode.person_id)
    form = form_class(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            if step:
                said_with_undo(request, episode, done)
            else:
                said(request, done)
            return redirect(go_to, episode.person_id if go_to == "person" else episode.pk)
    elif request.method != "POST":
        audit.record(request.actor, "episode.view", person=episode.person, subject=f"episode {episode.pk}")
    return render(
        request,
        template,
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "form": form,
            "form_errors": form.errors,
            **shown,
        },
        status=422 if form.errors else 200,
    )
