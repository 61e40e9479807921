"""Who came in, who left and whose password was wrong: a line in the log of every service of that user."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from openfls.service import audit
from openfls.service.access.known import user_called
from openfls.service.actor import actor_of, system_actor
from openfls.service.models import Membership, User


def listen() -> None:
    """Hear of every sign-in, sign-out and failed sign-in from now on."""
    user_logged_in.connect(_came, dispatch_uid="openfls came")
    user_logged_out.connect(_left, dispatch_uid="openfls left")
    user_login_failed.connect(_failed, dispatch_uid="openfls failed")


def _came(sender: object, user: User, **_: object) -> None:
    for row in _roles(user):
        audit.record(actor_of(row), "account.sign_in", subject=f"user {user.pk}")


def _left(sender: object, request: HttpRequest, user: User | None, **_: object) -> None:
    for row in _roles(user) if user else ():
        audit.record(actor_of(row), "account.sign_out", subject=f"user {row.user_id}")


def _failed(sender: object, credentials: Mapping[str, object], **_: object) -> None:
    """Nobody has shown who they are, so the event has no user; its subject is the account that was tried.

    A name that no account has is not kept: people type their password there by mistake.
    """
    user = user_called(credentials)
    for row in _roles(user) if user else ():
        audit.record(system_actor(row.service), "account.sign_in_failed", subject=f"user {row.user_id}")


def _roles(user: User) -> list[Membership]:
    return list(Membership.objects.filter(user=user).select_related("service", "user").order_by("pk"))
