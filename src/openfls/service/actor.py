"""Who acts: a user in one service, with a role. Every action takes one as ``by``; every query is scoped by one."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.service.models import Membership, Service, User
from openfls.service.roles import IN_PRACTICE, May, Role, may


class NotAllowed(Exception):
    """The role does not allow it. The message says so in words for the page."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A user at work in one service. ``user`` is None for the system itself: a feed, a nightly job."""

    service: Service
    role: Role
    user: User | None = None

    @property
    def name(self) -> str:
        """The user name for the audit log; empty for the system."""
        return self.user.username if self.user else ""


def actor_of(membership: Membership) -> Actor:
    """The actor that a membership makes of its user."""
    return Actor(service=membership.service, role=Role(membership.role), user=membership.user)


def system_actor(service: Service) -> Actor:
    """The system itself, at work for one service: it loads feeds and nothing more."""
    return Actor(service=service, role=Role.MANAGER)


def can(actor: Actor, what: May) -> bool:
    """Whether the actor may do ``what``. In the room of a practice everybody may do the work, and only that."""
    if actor.service.practice_of_id is not None and actor.user is not None:
        return what in IN_PRACTICE
    return may(actor.role, what)


def check_may(actor: Actor, what: May) -> None:
    """Raise `NotAllowed` where `can` says no."""
    if not can(actor, what):
        raise NotAllowed(f"The role “{actor.role.label}” may not {what.value}.")
