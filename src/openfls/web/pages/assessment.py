"""The assessment: one page of questions, saved field by field or as a whole, finished when it is whole."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from openfls.record.pathway import UNDER_CARE, NotPossible, State
from openfls.record.people import Sex
from openfls.record.questions import by_field
from openfls.record.written_dates import read_date
from openfls.service import audit, clock
from openfls.service.actions import assessing, telling
from openfls.service.advice import advise
from openfls.service.claims import EARLIER
from openfls.service.field_history import history_of
from openfls.service.known import known_of
from openfls.service.models import Episode, ToldValue
from openfls.service.remembering import remembering
from openfls.service.scans import scans_of
from openfls.service.worked_out import worked_out
from openfls.web.forms.assessment import AssessmentForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said, said_with_undo

EVERY = "every"


def show(request: Request, pk: UUID) -> HttpResponse:
    """The questions with what is known filled in; a POST saves, and finishes where asked to."""
    episode = _episode(request, pk)
    if episode.state != State.TO_ASSESS:
        problem(request, f"The assessment is not open: the episode is at “{episode.place.list_title}”.")
        return redirect("person", episode.person_id)
    with remembering():
        return _answered(request, episode)


def _answered(request: Request, episode: Episode) -> HttpResponse:
    form = _form(request, episode)
    if request.method == "POST":
        valid = form.is_valid()
        day = _assessed_on(request, form, episode)
        if valid and not form.errors:
            return _keep_page(request, episode, form, day)
    else:
        audit.record(request.actor, "assessment.view", person=episode.person, subject=f"episode {episode.pk}")
    return _page(request, "assessment.jinja", episode, form)


def results(request: Request, pk: UUID) -> HttpResponse:
    """Results that came after the assessment: bloods, scan, FRAX."""
    episode = _episode(request, pk)
    if State(episode.state) not in UNDER_CARE:
        problem(request, f"No result can be added: the episode is at “{episode.place.list_title}”.")
        return redirect("person", episode.person_id)
    form = _form(request, episode, results_only=True)
    if request.method == "POST":
        if form.is_valid():
            _keep(request, episode, form, looked_at_scan=_has_scan(episode))
            said(request, "The results are kept.")
            return redirect("person", episode.person_id)
    else:
        audit.record(request.actor, "results.view", person=episode.person, subject=f"episode {pk}")
    return _page(request, "results.jinja", episode, form)


def save_field(request: Request, pk: UUID) -> HttpResponse:
    """Save what was just left, for the page that stays open: what to say, and what changed on it, as JSON."""
    episode = _episode(request, pk)
    if State(episode.state) not in UNDER_CARE:
        words = f"Not saved: the episode is at “{episode.place.list_title}”."
        return JsonResponse({"ok": False, "said": words, "notes": {}}, status=409)
    with remembering():
        form = _form(request, episode)
    form.is_valid()
    waits_for = [name for name, why in form.errors.items() if name.startswith("frax.") and "missing" in why]
    if waits_for:
        words = "A FRAX result is saved when all of it is filled in."
        return JsonResponse({"ok": True, "said": words, "notes": {}, "was": {}})
    if form.errors:
        words = f"Not saved. {form.in_short()}"
        notes = {name: _notes(request, episode, form, name) for name in form.errors}
        return JsonResponse({"ok": False, "said": words, "notes": notes}, status=422)
    _keep(request, episode, form)
    with remembering():
        return _kept(request, episode, form)


def _kept(request: Request, episode: Episode, form: AssessmentForm) -> HttpResponse:
    changed = {*form.answers, *form.chosen}
    now = timezone.localtime(clock.now())
    fresh = _form(request, episode, bound=False)
    return JsonResponse(
        {
            "ok": True,
            "said": f"Saved {now:%H:%M}",
            "was": {name: fresh.shown(by_field()[name]).typed for name in changed},
            # What contradicts, or did until now, is told at its own field; an error that is mended goes.
            "notes": {
                name: _notes(request, episode, fresh, name)
                for name in changed | _looked_at(request) | form.clashes.keys() | fresh.clashes.keys()
            },
            "sections": {each.key: [each.state, not each.lacking] for each in fresh.sections()},
            "side": render_to_string("parts/assessment_side.jinja", _side(episode), request),
        }
    )


def history(request: Request, pk: UUID) -> HttpResponse:
    """Everything that was ever said, of one field (``?field=``) or of all."""
    episode = _episode(request, pk)
    field = request.GET.get("field", "")
    question = by_field().get(field)
    audit.record(request.actor, "assessment.history.view", person=episode.person, subject=f"episode {pk}")
    return render(
        request,
        "assessment_history.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "question": question,
            "entries": history_of(episode, field if question else ""),
            "open": episode.state == State.TO_ASSESS,
        },
    )


def _episode(request: Request, pk: UUID) -> Episode:
    return scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)


def _form(
    request: Request, episode: Episode, *, results_only: bool = False, bound: bool = True
) -> AssessmentForm:
    known = known_of(episode, clock.today())
    form = AssessmentForm(
        Sex(episode.person.sex),
        known,
        clock.today(),
        episode.person.birth_date,
        results_only=results_only,
        broke_on=episode.index_date,
    )
    if bound and request.method == "POST":
        form.typed = request.POST
        form.scans = scans_of(episode, known, clock.today())
        form.accepted = frozenset(request.POST.getlist("accepted"))
        form.over = frozenset(request.POST.getlist("over"))
        form.rest_no = frozenset(request.POST.getlist("rest_no"))
    form.opened = request.GET.get("open", "")
    form.one_open = form.opened != EVERY and _is_small(request)
    return form


def _is_small(request: Request) -> bool:
    """Whether a telephone asks: it gets one section open at a time. The script does the same by the width."""
    return request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in request.headers.get("User-Agent", "")


def _page(request: Request, template: str, episode: Episode, form: AssessmentForm) -> HttpResponse:
    context = {
        "here": "worklist",
        "episode": episode,
        "person": episode.person,
        "form": form,
        "form_errors": form.errors,
        "errors": dict(form.summary()),
        "assessed_on": request.POST.get("assessed_on", ""),
        **_side(episode),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _side(episode: Episode) -> dict[str, Any]:
    today = clock.today()
    return {"episode": episode, "advice": advise(episode, on=today), "worked": worked_out(episode, today)}


def _looked_at(request: Request) -> set[str]:
    """The questions that were sent, and those that the page shows with an error."""
    return {name for name in (*request.POST, *request.POST.getlist("look")) if name in by_field()}


def _notes(request: Request, episode: Episode, form: AssessmentForm, name: str) -> str:
    question = by_field().get(name)
    if question is None:
        return ""
    shown = {"shown": form.shown(question), "episode": episode}
    return render_to_string("parts/question_notes.jinja", shown, request)


def _keep_page(request: Request, episode: Episode, form: AssessmentForm, day: date | None) -> HttpResponse:
    try:
        _keep(request, episode, form)
        told = _decide(request, episode)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("assessment", episode.pk)
    if day is not None:
        return _finish(request, episode, day)
    said(request, told or "Saved.")
    then = request.POST.get("next", "")
    if then in {each.key for each in form.sections()}:
        return redirect(f"{reverse('assessment', args=[episode.pk])}?open={then}#{then}")
    return redirect("assessment", episode.pk)


def _keep(request: Request, episode: Episode, form: AssessmentForm, *, looked_at_scan: bool = False) -> None:
    """Write down what was typed, and what was chosen of sources that disagree as what it is."""
    assessing.answer(
        episode=episode,
        answers=form.answers,
        looked_at_scan=looked_at_scan,
        day_was_wrong=form.day_was_wrong,
        by=request.actor,
    )
    for name, claim in form.chosen.items():
        still = claim.kind == EARLIER
        assessing.answer(
            episode=episode,
            answers={name: claim.value},
            source=f"said to be still so; first in {claim.source}" if still else claim.source,
            known_on=None if still else claim.on,
            by=request.actor,
        )


def _decide(request: Request, episode: Episode) -> str:
    """Accept or leave what the person said, where a button of it was pressed; the words to say."""
    rows = ToldValue.objects.filter(service=request.actor.service, person=episode.person_id)
    if "accept_all" in request.POST:
        seen = [int(key) for key in request.POST.getlist("waiting") if key.isdecimal()]
        number = telling.accept_all(episode=episode, seen=seen, by=request.actor)
        left = len(seen) - number
        more = f" {left} still wait for a choice of their own." if left else ""
        return f"{number} answers of the person are accepted.{more}"
    # A button says whose answer it is, and what it would replace as the page showed it.
    key, _, instead = request.POST.get("accept", "").removeprefix("told-").partition("=")
    if key.isdecimal():
        told = scoped(rows, request.actor, pk=int(key))
        telling.accept(episode=episode, told=told, instead=instead, by=request.actor)
        return "Accepted."
    key = request.POST.get("reject", "").removeprefix("told-")
    if key.isdecimal():
        telling.reject(episode=episode, told=scoped(rows, request.actor, pk=int(key)), by=request.actor)
        return "Not accepted; it stays in the history."
    return ""


def _has_scan(episode: Episode) -> bool:
    """Whether a scan since the fracture is known: who keeps the page of results has it before her eyes."""
    scans = worked_out(episode, clock.today()).scans
    return bool(scans) and scans[-1].on >= episode.index_date


def _assessed_on(request: Request, form: AssessmentForm, episode: Episode) -> date | None:
    """The day on which the assessment was made, where it is to be finished; a wrong one is never passed over."""
    typed = request.POST.get("assessed_on", "").strip()
    day = read_date(typed) if typed else clock.today()
    if day is None:
        form.errors["assessed_on"] = "Assessed on: Enter a date, for example 27 3 2026"
    elif typed and day > clock.today():
        form.errors["assessed_on"] = "Assessed on: The date must be today or in the past"
    elif typed and day < episode.index_date:
        form.errors["assessed_on"] = "Assessed on: The date must not be before the fracture"
    return day if "finish" in request.POST else None


def _finish(request: Request, episode: Episode, day: date) -> HttpResponse:
    try:
        assessing.finish(episode=episode, assessed_on=day, by=request.actor)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("assessment", episode.pk)
    said_with_undo(request, episode, "The assessment is finished.")
    return redirect("plan", episode.pk)
