"""Of whom a second factor is asked, and until when somebody who has none may go on without."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings

from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import AccessRules, Membership, SecondFactor, Service, User
from openfls.service.roles import May, Role, may


def asked_in(service: Service) -> SecondFactor:
    """Of whom a service asks a second factor: what it has set, or what the installation says."""
    row = getattr(service, "access_rules", None)
    return SecondFactor(row.second_factor if row is not None else settings.SECOND_FACTOR)


def asked_of(memberships: Iterable[Membership]) -> bool:
    """Whether a second factor is asked of somebody with these roles; the strictest of her services counts."""
    for row in memberships:
        asked, role = asked_in(row.service), Role(row.role)
        if asked == SecondFactor.ALL:
            return True
        if asked == SecondFactor.SOME and (may(role, May.SIGN_PLANS) or may(role, May.GIVE_ACCESS)):
            return True
    return False


def has_factor(user: User) -> bool:
    """Whether somebody has a second factor; recovery codes alone are none."""
    rows = Authenticator.objects.filter(user=user)
    return rows.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def due_at(user: User) -> datetime:
    """The moment from which somebody without a second factor can do nothing but set one up.

    The days begin when one is first asked of her, which is now where nobody has yet.
    """
    if user.factor_asked_at is None:
        User.objects.filter(pk=user.pk, factor_asked_at=None).update(factor_asked_at=clock.now())
        user.factor_asked_at = clock.now()
    return user.factor_asked_at + timedelta(days=settings.SECOND_FACTOR_DAYS)


@action("access.rules", May.GIVE_ACCESS)
def set_rules(*, second_factor: SecondFactor, by: Actor) -> AccessRules:
    """Say of whom the service asks a second factor."""
    row, _ = AccessRules.objects.update_or_create(
        service=by.service,
        defaults={"second_factor": second_factor, "at": clock.now(), "by": by.user},
    )
    note(by, "access.rules", subject="second factor", of=second_factor)
    return row
