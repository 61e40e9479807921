"""What happens to somebody's way in stands in the log of every service in which she has a role, and she gets a mail."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.core.cache import cache

from openfls.service import audit
from openfls.service.access import inviting, notices
from openfls.service.actor import actor_of, system_actor
from openfls.service.models import Membership, User

_ONE_LINE_A = 5 * 60


def listen() -> None:
    """Hear of passwords and factors from now on."""
    password_changed.connect(_password, dispatch_uid="openfls password")
    authenticator_added.connect(_added, dispatch_uid="openfls factor added")
    authenticator_removed.connect(_removed, dispatch_uid="openfls factor removed")
    authenticator_reset.connect(_codes_anew, dispatch_uid="openfls codes anew")
    authenticator_used.connect(_used, dispatch_uid="openfls factor used")
    authentication_failed.connect(_wrong_code, dispatch_uid="openfls wrong code")


def note(user: User, action: str, *, herself: bool = True, **detail: object) -> None:
    """One line in the log of each service of ``user``; ``herself``: she has shown who she is."""
    rows = Membership.objects.filter(user=user).select_related("service", "user").order_by("pk")
    for row in rows:
        by = actor_of(row) if herself else system_actor(row.service)
        audit.record(by, action, subject=f"user {user.pk}", **detail)


def locked_out(user: User | None) -> None:
    """Somebody keeps trying while she must wait: one line in five minutes."""
    if user is not None and cache.add(f"openfls-told-locked-{user.pk}", True, _ONE_LINE_A):
        note(user, "account.locked_out", herself=False)


def _password(user: User, **_: Any) -> None:
    inviting.void_links(user)
    note(user, "account.password")
    notices.tell(user, "password")


def _added(user: User, authenticator: Authenticator, **_: Any) -> None:
    note(user, "account.factor_added", kind=str(authenticator.type))
    notices.tell(user, "factor_added")


def _removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    note(user, "account.factor_removed", kind=str(authenticator.type))
    notices.tell(user, "factor_removed")


def _codes_anew(user: User, **_: Any) -> None:
    note(user, "account.recovery_codes")
    notices.tell(user, "codes")


def _used(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note(user, "account.recovery_code_used")
        notices.tell(user, "code_used")


def _wrong_code(user: User, **_: Any) -> None:
    note(user, "account.wrong_code", herself=False)
