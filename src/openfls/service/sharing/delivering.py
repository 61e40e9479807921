"""Sending what waits in the outbox: signed, again and again with longer pauses, and given up after a day and a half."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openfls.integration.fhir.outcome import Refusal
from openfls.service import audit, clock
from openfls.service.actor import system_actor
from openfls.service.models import OutboxMessage, Person
from openfls.service.sharing.addresses import NotAllowedAddress, Place, check_address
from openfls.service.sharing.reading import person_behind
from openfls.service.sharing.signing import secret_of, signature

PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 180, 360, 720, 720))
"""How long to wait after each attempt that failed; after the last of them a message is given up."""
SECONDS = 10
_LEASE = timedelta(minutes=5)
_GONE = 410
Send = Callable[[Place, bytes, dict[str, str]], int]
"""Sends a body with headers to a place; the status of the answer. Raises OSError or HTTPException."""


@dataclass(slots=True)
class Delivered:
    """How a round went."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0


def deliver(*, send: Send | None = None, at_most: int = 1000) -> Delivered:
    """Send what is due. Two rounds at once do not send the same message."""
    done = Delivered()
    for _ in range(at_most):
        message = _next()
        if message is None:
            break
        status, words = _attempt(message, send or send_over_network)
        _keep(message, status, words, done)
    return done


def body_of(message: OutboxMessage) -> bytes:
    """What is sent: what happened, when, and where to read it. No name, no number, nothing clinical."""
    base = f"{settings.OWN_URL}/fhir/R4/" if settings.OWN_URL else ""
    said = {
        "type": message.kind,
        "timestamp": message.made_at.isoformat(),
        "data": {
            "service": message.service.code,
            "patient": f"{base}Patient/{message.person}",
            "subject": f"{base}{message.subject}",
        },
    }
    return json.dumps(said).encode()


def _next() -> OutboxMessage | None:
    """The message that has been due longest, ours for some minutes: whoever else looks passes it over."""
    now = clock.now()
    waiting = OutboxMessage.objects.filter(delivered_at=None, given_up_at=None, webhook__stopped_at=None)
    due = waiting.filter(next_try_at__lte=now).order_by("next_try_at", "made_at", "pk")
    while (found := due.select_related("webhook", "service").first()) is not None:
        mine = OutboxMessage.objects.filter(pk=found.pk, next_try_at=found.next_try_at, delivered_at=None)
        if mine.update(next_try_at=now + _LEASE):
            return found
    return None


def _put_right(message: OutboxMessage) -> None:
    """Whom it is about, as it is known now: while it waited, its subject may have been put to another person."""
    kind, _, key = message.subject.partition("/")
    if kind == "Patient":
        return  # the person herself is the subject, also one whose record is no more
    try:
        person = str(person_behind(message.service, kind, key).pk)
    except Refusal:
        return  # it is shared no more: whoever reads it is told so
    if person != message.person:
        message.person = person
        message.save(update_fields=["person"])


def _attempt(message: OutboxMessage, send: Send) -> tuple[int, str]:
    """The status of the answer, 0 without one, and what happened in words."""
    try:
        _put_right(message)
        body, moment = body_of(message), int(clock.now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "openfls",
            "webhook-id": str(message.pk),
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(secret_of(message.webhook), str(message.pk), moment, body),
        }
        place = check_address(message.webhook.url, settings.WEBHOOK_HOSTS)
        status = send(place, body, headers)
    except NotAllowedAddress as error:
        return 0, str(error)[:100]
    except Exception as error:  # whatever it is, one message must not keep the others back
        return 0, type(error).__name__
    return status, f"HTTP {status}"


@transaction.atomic
def _keep(message: OutboxMessage, status: int, words: str, done: Delivered) -> None:
    now = clock.now()
    message.attempts += 1
    message.last_answer = words
    if 200 <= status < 300:
        message.delivered_at, message.next_try_at = now, None
        done.delivered += 1
        _write_down(message)
    elif status == _GONE or message.attempts > len(PAUSES):
        message.given_up_at, message.next_try_at = now, None
        done.given_up += 1
    else:
        message.next_try_at = next_try(now, message.attempts)
        done.failed += 1
    message.save(update_fields=["attempts", "last_answer", "delivered_at", "given_up_at", "next_try_at"])


def next_try(now: datetime, attempts: int) -> datetime:
    """When to try again after so many attempts."""
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]


def _write_down(message: OutboxMessage) -> None:
    """That something about a person has left stands in the log of the service."""
    person = Person.objects.filter(pk=message.person).first()
    audit.record(
        system_actor(message.service),
        "outbox.deliver",
        person=person,
        subject=f"webhook {message.webhook_id}",
        kind=message.kind,
    )


class _ToNumber(http.client.HTTPSConnection):
    """HTTPS to the number that was judged, with the certificate of the name."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=SECONDS, context=ssl.create_default_context())
        self._place = place

    def connect(self) -> None:
        """Connect to the number; the certificate must be that of the name."""
        plain = socket.create_connection((self._place.number, self._place.port), timeout=SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._place.host)


def send_over_network(place: Place, body: bytes, headers: dict[str, str]) -> int:
    """Send a body; no redirect is followed, and of the answer nothing but its status is read."""
    connection: http.client.HTTPConnection = (
        _ToNumber(place)
        if place.scheme == "https"
        else http.client.HTTPConnection(place.number, place.port, timeout=SECONDS)
    )
    try:
        connection.request("POST", place.path, body=body, headers={"Host": _host(place), **headers})
        return connection.getresponse().status
    finally:
        connection.close()


def _host(place: Place) -> str:
    name = f"[{place.host}]" if ":" in place.host else place.host
    return name if place.port in (80, 443) else f"{name}:{place.port}"
