"""The actions of a manager on connections: made, given a secret, ended; addresses told of events; tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Outside:
    """Another system's row: it gets secrets, each of which is a new ``version``, until it is over for good."""

    name: str
    model: type[ApiClient] | type[Webhook]
    over_by: str
    over_words: str

    def subject(self, row: ApiClient | Webhook) -> str:
        """How the audit log names it."""
        return f"{self.name} {row.pk}"

    def is_over(self, row: ApiClient | Webhook) -> bool:
        """Whether it has ended."""
        return getattr(row, f"{self.over_by}_at") is not None


CONNECTION = Outside("connection", ApiClient, "revoked", "The connection has ended. Make a new one.")
WEBHOOK = Outside("webhook", Webhook, "stopped", "This address is told of nothing any more. Make a new one.")


def _locked(kind: Outside, row: Any) -> Any:
    found = kind.model.objects.select_for_update().get(pk=row.pk)
    if kind.is_over(found):
        raise NotPossible(kind.over_words)
    return found


def _kept(row: Any, **values: object) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    return row


def _new_version(kind: Outside, row: Any, by: Actor, **values: object) -> Any:
    """The row with a new secret: what was made with the one before is void."""
    made = _kept(_locked(kind, row), **values)
    note(by, f"{kind.name}.secret", subject=kind.subject(made), version=made.version)
    return made


def _end(kind: Outside, row: Any, by: Actor, **values: object) -> Any:
    over = {f"{kind.over_by}_at": clock.now(), f"{kind.over_by}_by": by.user}
    return _kept(_locked(kind, row), **over, **values)


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
    secret = new_secret()
    _new_version(CONNECTION, client, by, secret_hash=hash_of_secret(secret), secret_made_at=clock.now())
    return secret


@action("connection.end", May.CONNECT)
def end(*, client: ApiClient, by: Actor) -> ApiClient:
    """End a connection for good: its secret and its tokens are void from now on.

    Raises:
        NotPossible: it has ended already.
    """
    was_open = is_open(client)
    ended = _end(CONNECTION, client, by, secret_hash="")
    note(by, "connection.end", subject=CONNECTION.subject(ended), was_open=was_open)
    return ended


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
    return secret_of(_new_version(WEBHOOK, webhook, by))


@action("webhook.stop", May.CONNECT)
def stop_webhook(*, webhook: Webhook, by: Actor) -> Webhook:
    """Tell an address of nothing any more; what still waits for it is given up.

    Raises:
        NotPossible: it was stopped already.
    """
    stopped = _end(WEBHOOK, webhook, by)
    waiting = stopped.messages.filter(delivered_at=None, given_up_at=None)
    given_up = waiting.update(
        given_up_at=clock.now(), next_try_at=None, last_answer="The address was stopped"
    )
    note(by, "webhook.stop", subject=WEBHOOK.subject(stopped), given_up=given_up)
    return stopped


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
