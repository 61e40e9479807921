"""Connections: made, given their secret, looked at, ended; events: to whom, delivered or not, tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.actor import Actor
from openfls.service.models import ApiClient, AuditEvent, Letter, OutboxMessage, Webhook
from openfls.service.sharing import connecting
from openfls.service.sharing.client import is_open
from openfls.service.sharing.letters import document_of
from openfls.service.sharing.outbox import KINDS
from openfls.service.sharing.scopes import SCOPES
from openfls.web.api.answers import written
from openfls.web.connections.forms import ConnectionForm, WebhookForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

USES, PAGE = 50, 50
SOON = timedelta(days=30)
"""How long before its last day a connection is marked; ours, no source sets it."""


def listed(request: Request) -> HttpResponse:
    """The systems that may read; a POST makes a connection."""
    form = ConnectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = connecting.make(wish=form.wish(), by=request.actor)
            said(request, "Made. It reads nothing before it has a secret.")
            return redirect("connection", made.pk)
        except NotPossible as error:
            form.add_error(None, str(error))
    clients = ApiClient.objects.filter(service=request.actor.service)
    return render(
        request,
        "connections/listed.jinja",
        {
            "here": "feeds",
            "form": form,
            "form_errors": form.errors,
            "clients": [(client, is_open(client)) for client in clients],
            "soon": clock.today() + SOON,
            "given_up": _given_up(request),
        },
        status=422 if form.errors else 200,
    )


def _given_up(request: Request) -> int:
    rows = OutboxMessage.objects.filter(service=request.actor.service)
    return rows.exclude(given_up_at=None).exclude(webhook__stopped_at__isnull=False).count()


def one(request: Request, pk: UUID) -> HttpResponse:
    """One connection and its last uses. A POST makes a secret, shown this once, or ends it (``do``)."""
    client = scoped(ApiClient.objects.select_related("made_by", "revoked_by"), request.actor, pk=pk)
    told = _secret_or_end(request, client, _CONNECTION)
    if told is None:
        return redirect("connection", pk)
    # Nobody looks through the log of a year for a connection that was never used.
    uses = AuditEvent.objects.filter(service=request.actor.service, user=f"connection {pk}").order_by(
        "-number"
    )
    client.refresh_from_db()
    return render(
        request,
        "connections/one.jinja",
        {
            "here": "feeds",
            "client": client,
            "is_open": is_open(client),
            "ended": client.revoked_at is not None,
            "over": client.expires_on < clock.today(),
            "secret": told,
            "scopes": [words for scope, words in SCOPES if scope in client.scopes],
            "uses": list(uses[:USES]) if client.secret_made_at else [],
            "token_url": request.build_absolute_uri("/oauth2/token"),
            "base": request.build_absolute_uri("/fhir/R4"),
            "most": USES,
        },
    )


@dataclass(frozen=True, slots=True)
class _Doors:
    """What can be done with another system on its page: a secret, or its end, and what is said then."""

    about: connecting.Outside
    secret: Callable[[Any, Actor], str]
    end: Callable[[Any, Actor], object]
    ended: str


_CONNECTION = _Doors(
    connecting.CONNECTION,
    lambda row, by: connecting.give_secret(client=row, by=by),
    lambda row, by: connecting.end(client=row, by=by),
    "Ended. Its secret and its tokens are void.",
)
_WEBHOOK = _Doors(
    connecting.WEBHOOK,
    lambda row, by: connecting.give_webhook_secret(webhook=row, by=by),
    lambda row, by: connecting.stop_webhook(webhook=row, by=by),
    "Stopped. What still waited for it is given up.",
)


def _secret_or_end(request: Request, row: ApiClient | Webhook, doors: _Doors) -> str | None:
    """The secret that was asked for, empty where the page is only looked at; None where it has to be shown anew."""
    if request.method != "POST":
        audit.record(request.actor, f"{doors.about.name}.view", subject=doors.about.subject(row))
        return ""
    try:
        match request.POST.get("do"):
            case "secret":
                return doors.secret(row, request.actor)
            case "end":
                doors.end(row, request.actor)
                said(request, doors.ended)
            case _:
                raise NotPossible("Choose what to do.")
    except NotPossible as error:
        problem(request, str(error))
    return None


def events(request: Request) -> HttpResponse:
    """Who is told what happened, and what is in the outbox; a POST adds an address."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = connecting.make_webhook(**form.cleaned_data, by=request.actor)
            said(request, "Added. It is told of what happens from now on.")
            return redirect("webhook", made.pk)
        except NotPossible as error:
            form.add_error("url", str(error))
    rows = OutboxMessage.objects.filter(service=request.actor.service).select_related("webhook")
    page = Paginator(rows.order_by("-made_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    waiting = rows.filter(delivered_at=None, given_up_at=None)
    return render(
        request,
        "connections/events.jinja",
        {
            "here": "feeds",
            "form": form,
            "form_errors": form.errors,
            "webhooks": Webhook.objects.filter(service=request.actor.service),
            "kinds": KINDS,
            "page": page,
            "waiting": waiting.count(),
            "given_up": _given_up(request),
        },
        status=422 if form.errors else 200,
    )


def webhook(request: Request, pk: int) -> HttpResponse:
    """One address and what it was told. A POST makes a secret, shown this once, or stops it (``do``)."""
    row = scoped(Webhook.objects.select_related("made_by", "stopped_by"), request.actor, pk=pk)
    told = _secret_or_end(request, row, _WEBHOOK)
    if told is None:
        return redirect("webhook", pk)
    messages = row.messages.order_by("-made_at", "-pk")
    page = Paginator(messages, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "connections/webhook.jinja",
        {"here": "feeds", "webhook": row, "secret": told, "kinds": KINDS, "page": page},
    )


def again(request: Request, pk: UUID) -> HttpResponse:
    """A message that was given up is tried again."""
    message = scoped(OutboxMessage.objects.select_related("webhook"), request.actor, pk=pk)
    try:
        connecting.try_again(message=message, by=request.actor)
        said(request, "It is sent with the next round.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("webhooks")


def letter(request: Request, pk: UUID) -> HttpResponse:
    """An approved letter as a FHIR document."""
    row = scoped(
        Letter.objects.select_related("person__service", "replaced_by", "approved_by"), request.actor, pk=pk
    )
    try:
        content = document_of(row)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("letter", pk)
    audit.record(request.actor, "letter.print", person=row.person, subject=f"letter {pk}", file="fhir")
    response = written(content)
    name = f"{row.kind}-{clock.day_of(row.written_at):%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
