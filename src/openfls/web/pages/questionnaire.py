"""The person's own questionnaire as staff see it: invite, take back, and accept each answer into the record or not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.information.questionnaire import WORDS, Ask, asks
from openfls.record.pathway import NotPossible
from openfls.record.questions import by_field
from openfls.service import audit, clock
from openfls.service.actions import asking, telling
from openfls.service.claims import Known
from openfls.service.known import known_of
from openfls.service.models import Episode, PersonAnswer, Questionnaire, ToldValue
from openfls.service.questionnaires import LASTS, came_back, is_settled, rows_of, why_closed, why_not_invite
from openfls.service.told import Doubt, doubts_of
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of the person beside what is on record."""

    ask: Ask
    answer: PersonAnswer
    words: str
    known: Known
    on_record: str
    doubt: Doubt | None = None


def show(request: Request, pk: UUID) -> HttpResponse:
    """Every questionnaire of the episode, the newest with its answers; a POST is one step about it."""
    episode = scoped(Episode.objects.select_related("person", "service"), request.actor, pk=pk)
    if request.method == "POST":
        return _step(request, episode)
    audit.record(request.actor, "questionnaire.view", person=episode.person, subject=f"episode {pk}")
    every = list(
        Questionnaire.objects.filter(episode=episode).select_related("made_by", "seen_by", "service")
    )
    newest = every[0] if every else None
    return render(
        request,
        "questionnaire.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "why_not": why_not_invite(episode),
            "newest": newest,
            "closed": why_closed(newest) if newest else "",
            "every": [(one, why_closed(one)) for one in every],
            "rows": _rows(episode, newest) if newest and newest.sent_at else [],
            "words": _words(newest),
            "so_far": newest.answers.count() if newest else 0,
            "settled": is_settled(newest) if newest else False,
            "states": ToldValue.State,
        },
    )


def listed(request: Request) -> HttpResponse:
    """Questionnaires that came back and that nobody has looked through."""
    waiting = came_back(request.actor.service)
    audit.record(request.actor, "questionnaires.view", **shown(waiting))
    return render(
        request,
        "questionnaires.jinja",
        {"here": "tasks", "came_back": waiting},
    )


def _rows(episode: Episode, one: Questionnaire) -> list[Row]:
    known = known_of(episode, clock.today())
    rows, found = rows_of(one), doubts_of(episode, known, clock.today())
    return [
        Row(
            ask,
            rows[field],
            ask.words(rows[field].value),
            known.get(field, Known(field)),
            by_field()[field].words(known[field].value) if field in known else "not known",
            found.get(f"told-{rows[field].told_id}"),
        )
        for field, ask in asks().items()
        if field in rows and field != WORDS
    ]


def _words(one: Questionnaire | None) -> str:
    row = one.answers.filter(field=WORDS).first() if one and one.sent_at else None
    return str(row.value) if row and row.value else ""


def _step(request: Request, episode: Episode) -> HttpResponse:
    given, actor = request.POST, request.actor
    try:
        if "invite" in given:
            return _slip(request, episode)
        if "accept" in given or "reject" in given:
            key, _, instead = (given.get("accept") or given.get("reject") or "").partition("=")
            told = scoped(
                ToldValue.objects.filter(person=episode.person_id),
                actor,
                pk=key if key.isdigit() else 0,
            )
            if "accept" in given:
                telling.accept(episode=episode, told=told, instead=instead, by=actor)
            else:
                telling.reject(episode=episode, told=told, by=actor)
        elif "accept_all" in given:
            seen = [int(key) for key in given.getlist("seen") if key.isdigit()]
            number = telling.accept_all(episode=episode, seen=seen, by=actor)
            left = len(seen) - number
            more = f" {left} still wait for a choice of their own." if left else ""
            said(request, f"{number} answers are taken into the assessment.{more}")
        elif one := Questionnaire.objects.filter(episode=episode).select_related("service").first():
            _about(request, one)
    except NotPossible as error:
        problem(request, str(error))
    return redirect("questionnaire", episode.pk)


def _about(request: Request, one: Questionnaire) -> None:
    for name, act, words in (
        ("revoke", asking.revoke, "The link and the code no longer work."),
        ("reopen", asking.reopen, "The same link and code open the form again."),
        ("seen", asking.seen, "Looked through."),
    ):
        if name in request.POST:
            act(questionnaire=one, by=request.actor)
            said(request, words)


def _slip(request: Request, episode: Episode) -> HttpResponse:
    """The link and the code, on the one page that ever shows them. It is not kept: neither here nor in a browser."""
    made = asking.invite(episode=episode, by=request.actor)
    return render(
        request,
        "questionnaire_slip.jinja",
        {
            "here": "worklist",
            "episode": episode,
            "person": episode.person,
            "link": request.build_absolute_uri(reverse("own-link", args=[made.secrets.token])),
            "door": request.build_absolute_uri(reverse("own-door")),
            "code": made.secrets.code_in_groups,
            "until": made.questionnaire.expires_at,
            "days": LASTS.days,
        },
    )
