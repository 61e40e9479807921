"""Another system at work: a connection as an actor, its secret, and its tokens.

A token is not kept: it is signed, says whose it is, what it may read and until when, and counts only for as long as the
connection's row still has the version that it was made with. Ending a connection ends its tokens at once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import ApiClient
from openfls.service.roles import Role
from openfls.service.sharing.scopes import granted

TOKEN_LIVES = timedelta(minutes=5)
_SALT = "openfls.api.token"
_WORTH_A_WRITE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClientActor(Actor):
    """Another system in one service. It may look at people, within its scopes; it may change nothing."""

    client: ApiClient | None = None
    scopes: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """How the audit log names it."""
        assert self.client is not None
        return f"connection {self.client.pk}"


class NoEntry(Exception):
    """No token is given. ``error`` is the code of OAuth 2."""

    def __init__(self, error: str, words: str, client: ApiClient | None = None) -> None:
        super().__init__(words)
        self.error = error
        self.client = client


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is given out."""

    text: str
    scopes: frozenset[str]
    actor: ClientActor


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def hash_of_secret(secret: str) -> str:
    """What is kept of a secret: keyed, so that the database alone does not say whether a guess is right."""
    return salted_hmac("openfls.api.secret", secret, algorithm="sha256").hexdigest()


def is_open(client: ApiClient) -> bool:
    """Whether a connection may be used today."""
    return client.revoked_at is None and bool(client.secret_hash) and client.expires_on >= clock.today()


def client_called(client_id: str) -> ApiClient | None:
    """The connection of an id; None where there is none."""
    try:
        key = UUID(client_id)
    except ValueError:
        return None
    return ApiClient.objects.select_related("service").filter(pk=key).first()


def token_for(client_id: str, secret: str, asked: str = "") -> Token:
    """A token for who shows the secret of a connection.

    Raises:
        NoEntry: the two do not fit, the connection has ended, or nothing of what is asked for is allowed.
    """
    client = client_called(client_id)
    kept = client.secret_hash if client else ""
    fits = constant_time_compare(kept, hash_of_secret(secret))
    if client is None or not fits or not is_open(client):
        raise NoEntry("invalid_client", "The client id and the secret do not fit, or have ended.", client)
    scopes = granted(client.scopes, asked)
    if scopes is None:
        raise NoEntry("invalid_scope", "None of these scopes is allowed to this client.", client)
    until = clock.now() + TOKEN_LIVES
    said = {"c": str(client.pk), "v": client.version, "s": sorted(scopes), "u": int(until.timestamp())}
    return Token(signing.dumps(said, salt=_SALT, compress=True), scopes, _actor(client, scopes))


def actor_with(token: str) -> ClientActor | None:
    """Who shows a token; None where it is none of ours, too old, or its connection has ended."""
    try:
        said: dict[str, Any] = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    client = client_called(said["c"])
    if client is None or not is_open(client) or client.version != said["v"]:
        return None
    if said["u"] <= clock.now().timestamp():
        return None
    # What was taken from a connection since is gone from its tokens too.
    return _actor(client, frozenset(said["s"]) & frozenset(client.scopes))


def _actor(client: ApiClient, scopes: frozenset[str]) -> ClientActor:
    return ClientActor(service=client.service, role=Role.VIEWER, client=client, scopes=scopes)


def used(client: ApiClient) -> None:
    """Keep when a connection was last used, to the minute."""
    now = clock.now()
    if client.last_used_at is None or now - client.last_used_at > _WORTH_A_WRITE:
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
