"""A way back in that whoever runs the system gives, where no manager can."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from openfls.service import audit
from openfls.service.access import inviting, notices, sessions
from openfls.service.actor import system_actor
from openfls.service.models import Membership, User


def reset(user: User, password: str, *, factors: bool) -> None:
    """Give ``user`` a new password, take her factors where asked, void her links, sign her out, and tell each log.

    Call it within a transaction.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    if factors:
        Authenticator.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(factor_asked_at=None)
    inviting.void_links(user)
    sessions.end(user)
    for row in Membership.objects.filter(user=user).select_related("service").order_by("pk"):
        by = system_actor(row.service)
        audit.record(by, "account.reset", subject=f"user {user.pk}", factors=factors)
    notices.tell(user, "reset")
