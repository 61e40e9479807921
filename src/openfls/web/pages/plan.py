"""The plan: the options in a grid with their reasons, what was agreed, who answers for it; and the decision aid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from openfls.intervention import Option, Situation, Verdict, grid, proposals, unjudged
from openfls.intervention.aid import Benefit, benefits, harms, hip_risk
from openfls.intervention.facts import WORDS
from openfls.intervention.icons import icon_array
from openfls.record.pathway import NotPossible, State, Step, can_step
from openfls.record.questions import by_field
from openfls.service import audit, clock, watching
from openfls.service.actions import planning
from openfls.service.actions.planning import NotAnswered
from openfls.service.actor import can
from openfls.service.guidance import Guidance, guidance_of
from openfls.service.models import Alert, Episode, PlanDetail
from openfls.service.roles import May
from openfls.service.situation import situation_of, standing_plan
from openfls.web.forms.plan import FullPlanForm, Who
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said, said_with_undo


def show(request: Request, pk: UUID) -> HttpResponse:
    """The options and the form; a POST keeps the plan, or asks what the record has against it."""
    episode = _episode(request, pk)
    if not can_step(State(episode.state), Step.AGREE_PLAN):
        problem(request, f"That is not the next step: the episode is at “{episode.place.list_title}”.")
        return redirect("person", episode.person_id)
    form = FullPlanForm(request.POST or None, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        try:
            planning.agree(
                episode=episode,
                agreed=form.agreed(),
                agreed_on=form.cleaned_data["agreed_on"],
                by=request.actor,
            )
        except NotAnswered as error:
            form.ask(error.asked)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            said_with_undo(request, episode, _done(episode))
            return redirect("letters", episode.pk)
    elif request.method != "POST":
        audit.record(request.actor, "episode.view", person=episode.person, subject=f"episode {episode.pk}")
    return render(
        request,
        "plan.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "form": form,
            "form_errors": form.errors,
            "may_sign": can(request.actor, May.SIGN_PLANS),
            **_options(episode),
        },
        status=422 if form.errors else 200,
    )


def sign(request: Request, pk: UUID) -> HttpResponse:
    """A prescriber answers for a plan that waits."""
    episode = _episode(request, pk)
    plan = standing_plan(episode)
    try:
        if plan is None or not PlanDetail.objects.filter(plan=plan).exists():
            raise NotPossible("No plan waits for a signature.")
        planning.sign(episode=episode, plan=plan, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
    else:
        said(request, "The plan is signed.")
    return redirect("person", episode.person_id)


def aid(request: Request, pk: UUID) -> HttpResponse:
    """The decision aid, for person and nurse together: what each drug may do, in pictures and plain numbers.

    Nothing of it where decision support is off.
    """
    episode = _episode(request, pk)
    audit.record(request.actor, "aid.view", person=episode.person, subject=f"episode {episode.pk}")
    shown = {"here": "worklist", "episode": episode, "person": episode.person}
    advised = guidance_of(episode.service, clock.today())
    if not advised.is_on:
        return render(request, "aid.jinja", shown | {"is_on": False})
    situation = situation_of(episode, clock.today())
    found = grid(situation, advised.guideline, advised.limits)
    lines = [
        {
            "option": option,
            "benefits": [_drawn(one) for one in benefits(situation.picture, option.drug.key)],
            "harms": harms(option.drug.key),
        }
        for option in found.options
        if option.verdict is not Verdict.CONTRAINDICATED
    ]
    left_out = [option for option in found.options if option.verdict is Verdict.CONTRAINDICATED]
    return render(
        request,
        "aid.jinja",
        shown
        | {
            "is_on": True,
            "lines": [line for line in lines if line["benefits"]],
            "without_figures": [line for line in lines if not line["benefits"]],
            "left_out": left_out,
            "risk": hip_risk(situation.picture),
        },
    )


def _drawn(benefit: Benefit) -> dict[str, Any]:
    # The SVG is ours, and every word in it is escaped.
    return {"value": benefit, "svg": mark_safe(icon_array(benefit, f"{benefit.drug}-{benefit.outcome}"))}


def _first(request: Request) -> dict[str, Any]:
    may_sign = can(request.actor, May.SIGN_PLANS)
    return {"agreed_on": clock.today(), "signing": Who.PRESCRIBER if may_sign else Who.GP}


def _done(episode: Episode) -> str:
    plan = standing_plan(episode)
    detail = PlanDetail.objects.filter(plan=plan).first() if plan else None
    waits = detail is not None and detail.waits
    return "The plan is kept, and the reviews are promised." + (
        " It waits for a prescriber to sign." if waits else ""
    )


def _options(episode: Episode) -> dict[str, Any]:
    today = clock.today()
    situation = situation_of(episode, today)
    advised = guidance_of(episode.service, today)
    # What is about the person stands with one of their episodes, and counts for each.
    waiting = watching.waiting(Alert.objects.filter(episode__person=episode.person_id))
    return {
        **_advised(episode, situation, advised),
        "alerts": waiting[: watching.FEW],
        "alerts_more": max(0, len(waiting) - watching.FEW),
        "unjudged": [
            (one.rule.text, ", ".join(missing_words(name) for name in one.missing))
            for one in unjudged(situation, advised.limits)
        ],
    }


def _advised(episode: Episode, situation: Situation, advised: Guidance) -> dict[str, Any]:
    """The advice beside the form; where decision support is off there is none, and the page says so."""
    if not advised.is_on:
        return {"is_on": False, "advice": {"is_on": False}}
    found = grid(situation, advised.guideline, advised.limits)
    return {
        "is_on": True,
        "advice": getattr(getattr(episode, "assessment", None), "advice", {}),
        "grid": found,
        "rows": [_row(option) for option in found.options],
        "proposals": proposals(situation, advised.limits),
    }


def _row(option: Option) -> dict[str, Any]:
    against = [reason for reason in option.reasons if reason.answer.value == "yes"]
    return {
        "option": option,
        "against": against,
        "missing": list(dict.fromkeys(missing_words(name) for name in option.missing)),
        "appraisals": [
            (reason, ", ".join(missing_words(name) for name in reason.missing))
            for reason in option.appraisals
        ],
    }


def missing_words(name: str) -> str:
    """What is missing, in the words of the question that would tell."""
    plain, old = name.removesuffix(" (old)"), name.endswith(" (old)")
    question = by_field().get(plain)
    words = question.label if question else WORDS.get(plain, plain.replace("_", " "))
    words = words[:1].upper() + words[1:]
    return f"{words} (too old)" if old else words


def _episode(request: Request, pk: UUID) -> Episode:
    return scoped(Episode.objects.select_related("person", "service", "assessment"), request.actor, pk=pk)
