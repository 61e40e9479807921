"""What is told to somebody who signs in and has no role any more: which she had, until when, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openfls.service import clock
from openfls.service.models import Membership, Service, User
from openfls.service.roles import May, Role, may


@dataclass(frozen=True, slots=True)
class Ended:
    """A role that is over. ``ask`` are the full names of those who give access there now; there may be none."""

    service: Service
    role: str
    at: datetime
    ask: tuple[str, ...]


def ended_roles(user: User) -> list[Ended]:
    """The roles that ``user`` had, the newest end first; none where she never had one."""
    over = Membership.ever.filter(user=user, ends_at__lte=clock.now(), service__practice_of=None)
    return [
        Ended(row.service, row.get_role_display(), row.ends_at, _who_gives_access(row.service))
        for row in over.select_related("service").order_by("-ends_at")
        if row.ends_at is not None
    ]


def _who_gives_access(service: Service) -> tuple[str, ...]:
    givers = [role for role in Role if may(role, May.GIVE_ACCESS)]
    rows = Membership.objects.filter(service=service, role__in=givers).select_related("user")
    return tuple(row.user.full_name for row in rows.order_by("user__last_name", "user__username"))
