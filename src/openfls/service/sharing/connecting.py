"""The actions of a manager on connections: made, given a secret, ended; addresses told of events; tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import ApiClient, OutboxMessage, Webhook
from openfls.service.roles import May
from openfls.service.sharing.addresses import NotAllowedAddress, check_address
from openfls.service.sharing.client import hash_of_secret, is_open, new_secret
from openfls.service.sharing.outbox import KINDS
from openfls.service.sharing.scopes import KNOWN
from openfls.service.sharing.signing import secret_of

LONGEST = timedelta(days=2 * 366)
"""For how long a connection may be made at most: somebody looks at it again by then."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A connection as a manager asks for it."""

    name: str
    purpose: str
    scopes: tuple[str, ...]
    expires_on: date


@action("connection.make", May.CONNECT)
def make(*, wish: Wish, by: Actor) -> ApiClient:
    """Make a connection. It reads nothing before it has a secret.

    Raises:
        NotPossible: something is lacking, or it would last too long.
    """
    today = clock.today()
    if not wish.name.strip() or not wish.purpose.strip():
        raise NotPossible("Say which system it is and what it needs the data for.")
    if not wish.scopes or not set(wish.scopes) <= KNOWN:
        raise NotPossible("Choose what it may read.")
    if not today < wish.expires_on <= today + LONGEST:
        raise NotPossible("It ends on a day after today and within two years.")
    client = ApiClient.objects.create(
        service=by.service,
        name=wish.name.strip()[:100],
        purpose=wish.purpose.strip()[:300],
        scopes=sorted(set(wish.scopes)),
        expires_on=wish.expires_on,
        made_at=clock.now(),
        made_by=by.user,
    )
    note(by, "connection.make", subject=f"connection {client.pk}", scopes=client.scopes)
    return client


@action("connection.secret", May.CONNECT)
def give_secret(*, client: ApiClient, by: Actor) -> str:
    """A new secret, told this once. The one before and every token made with it are void.

    Raises:
        NotPossible: the connection has ended.
    """
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    if client.revoked_at is not None:
        raise NotPossible("The connection has ended. Make a new one.")
    secret = new_secret()
    client.secret_hash, client.secret_made_at = hash_of_secret(secret), clock.now()
    client.version += 1
    client.save(update_fields=["secret_hash", "secret_made_at", "version"])
    note(by, "connection.secret", subject=f"connection {client.pk}", version=client.version)
    return secret


@action("connection.end", May.CONNECT)
def end(*, client: ApiClient, by: Actor) -> ApiClient:
    """End a connection for good: its secret and its tokens are void from now on.

    Raises:
        NotPossible: it has ended already.
    """
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    if client.revoked_at is not None:
        raise NotPossible("The connection has ended already.")
    client.revoked_at, client.revoked_by = clock.now(), by.user
    client.secret_hash, client.version = "", client.version + 1
    client.save(update_fields=["revoked_at", "revoked_by", "secret_hash", "version"])
    note(by, "connection.end", subject=f"connection {client.pk}", was_open=is_open(client))
    return client


@action("webhook.make", May.CONNECT)
def make_webhook(*, name: str, url: str, kinds: Sequence[str], by: Actor) -> Webhook:
    """Let an address be told of events from now on.

    Raises:
        NotPossible: nothing is sent to such an address, and why; or something is lacking.
    """
    if not name.strip():
        raise NotPossible("Say which system it is.")
    if not kinds or not set(kinds) <= set(KINDS):
        raise NotPossible("Choose what it is told of.")
    try:
        check_address(url.strip(), settings.WEBHOOK_HOSTS)
    except NotAllowedAddress as error:
        raise NotPossible(str(error)) from error
    webhook = Webhook.objects.create(
        service=by.service,
        name=name.strip()[:100],
        url=url.strip(),
        kinds=[kind for kind in KINDS if kind in kinds],
        made_at=clock.now(),
        made_by=by.user,
    )
    note(by, "webhook.make", subject=f"webhook {webhook.pk}", kinds=webhook.kinds)
    return webhook


@action("webhook.secret", May.CONNECT)
def give_webhook_secret(*, webhook: Webhook, by: Actor) -> str:
    """A new secret for the signatures, told this once.

    Raises:
        NotPossible: the address is told of nothing any more.
    """
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.stopped_at is not None:
        raise NotPossible("This address is told of nothing any more. Make a new one.")
    webhook.version += 1
    webhook.save(update_fields=["version"])
    note(by, "webhook.secret", subject=f"webhook {webhook.pk}", version=webhook.version)
    return secret_of(webhook)


@action("webhook.stop", May.CONNECT)
def stop_webhook(*, webhook: Webhook, by: Actor) -> Webhook:
    """Tell an address of nothing any more; what still waits for it is given up.

    Raises:
        NotPossible: it was stopped already.
    """
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.stopped_at is not None:
        raise NotPossible("This address is told of nothing any more.")
    webhook.stopped_at, webhook.stopped_by = clock.now(), by.user
    webhook.save(update_fields=["stopped_at", "stopped_by"])
    waiting = webhook.messages.filter(delivered_at=None, given_up_at=None)
    given_up = waiting.update(
        given_up_at=clock.now(), next_try_at=None, last_answer="The address was stopped"
    )
    note(by, "webhook.stop", subject=f"webhook {webhook.pk}", given_up=given_up)
    return webhook


@action("outbox.again", May.CONNECT)
def try_again(*, message: OutboxMessage, by: Actor) -> OutboxMessage:
    """Try a message once more from the beginning that was given up.

    Raises:
        NotPossible: it was not given up, or its address was stopped.
    """
    message = (
        OutboxMessage.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=message.pk)
    )
    if message.given_up_at is None:
        raise NotPossible("This message was not given up.")
    if message.webhook.stopped_at is not None:
        raise NotPossible("Its address is told of nothing any more.")
    message.given_up_at, message.next_try_at, message.attempts = None, clock.now(), 0
    message.save(update_fields=["given_up_at", "next_try_at", "attempts"])
    note(by, "outbox.again", subject=f"message {message.pk}")
    return message
