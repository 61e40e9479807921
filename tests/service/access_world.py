"""Who gets in: a manager, a colleague, invitations, and a record of another service in an emergency."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

import world
from openfls.service.access import emergency, emergency_judging, inviting, members, rules
from openfls.service.actor import Actor, can
from openfls.service.models import (
    Emergency,
    EmergencyAccess,
    Invitation,
    Membership,
    Outcome,
    Person,
    SecondFactor,
    Service,
    User,
)
from openfls.service.roles import May, Role

PASSWORD = "three unlikely words"


def manager(of: Service) -> Actor:
    """The manager of a service."""
    row = Membership.objects.filter(service=of, role=Role.MANAGER).select_related("user").first()
    if row is not None:
        return Actor(of, Role.MANAGER, row.user)
    return world.member(of, Role.MANAGER, f"manager.{of.code}")


def colleague(of: Service, username: str = "ivy.colleague") -> Membership:
    """A co-ordinator who may leave; the same one however often she is asked for."""
    row = (
        Membership.objects.filter(service=of, user__username=username)
        .select_related("user", "service")
        .first()
    )
    if row is None:
        world.member(of, Role.CO_ORDINATOR, username)
        row = Membership.objects.select_related("user", "service").get(service=of, user__username=username)
    return row


def wish(**columns: object) -> inviting.Wish:
    """Somebody new."""
    given = {"given_name": "Ivy", "family_name": "Newcomer", "email": "ivy@trust.example"}
    return inviting.Wish(**{**given, "role": Role.CO_ORDINATOR, **columns})  # type: ignore[arg-type]


def invited(of: Service, **columns: object) -> tuple[Invitation, str]:
    """An invitation with its secret."""
    return inviting.invite(wish=wish(**columns), by=manager(of))


def with_app(user: User) -> str:
    """Give a user an authenticator app and recovery codes; the app's secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def elsewhere(**columns: object) -> Person:
    """A person of a service that is nobody's here."""
    there = Service.objects.filter(code="elsewhere").first() or world.service("elsewhere")
    return world.found(there, **columns).person


def _number(person: Person) -> str:
    return str(person.identifiers.get().value)


def _look_for(person: Person) -> Callable[..., EmergencyAccess | None]:
    return partial(
        emergency.open_record,
        number=_number(person),
        born=person.birth_date,
        kind=Emergency.IN_FRONT,
        words="She is in the emergency department.",
    )


def opened(by: Actor, person: Person | None = None) -> EmergencyAccess:
    """A record of another service that ``by`` has opened."""
    row = _look_for(person or elsewhere())(by=by)
    assert row is not None
    return row


def opened_here(by: Actor, **columns: object) -> EmergencyAccess:
    """A record of this service that somebody of another has opened."""
    there = Service.objects.filter(code="elsewhere").first() or world.service("elsewhere")
    reader = Membership.objects.filter(service=there, role=Role.CO_ORDINATOR).select_related("user").first()
    actor = Actor(there, Role.CO_ORDINATOR, reader.user) if reader else world.member(there, username="reader")
    return opened(actor, world.found(by.service, **columns).person)


def _closes(by: Actor) -> Callable[..., None]:
    key = opened(by).pk

    def close(*, by: Actor) -> None:
        if can(by, May.OPEN_IN_EMERGENCY):  # nobody closes what somebody else has opened
            EmergencyAccess.objects.filter(pk=key).update(user=by.user)
        emergency.close(key=key, by=by)

    return close


def _factors(by: Actor) -> Callable[..., object]:
    member = colleague(by.service)
    if not Authenticator.objects.filter(user=member.user).exists():
        with_app(member.user)
    return partial(members.take_factors, member=member)


def _joins(by: Actor) -> Callable[..., object]:
    return partial(
        inviting.join, invitation=invited(by.service)[0], username="ivy.newcomer", password=PASSWORD
    )


def _chooses(by: Actor) -> Callable[..., object]:
    link, _ = inviting.new_password(member=colleague(by.service), by=manager(by.service))
    return partial(inviting.choose_password, invitation=link, password=PASSWORD)


DOINGS: dict[str, Callable[[Actor], Callable[..., object]]] = {
    "access.invite": lambda by: partial(inviting.invite, wish=wish()),
    "access.withdraw": lambda by: partial(inviting.withdraw, invitation=invited(by.service)[0]),
    "access.not_mailed": lambda by: partial(inviting.not_mailed, invitation=invited(by.service)[0]),
    "access.join": _joins,
    "access.new_password": lambda by: partial(inviting.new_password, member=colleague(by.service)),
    "access.password_chosen": _chooses,
    "access.forgotten": lambda by: partial(inviting.forgotten, member=colleague(by.service)),
    "access.keep": lambda by: partial(members.keep, member=colleague(by.service)),
    "access.role": lambda by: partial(members.give_role, member=colleague(by.service), role=Role.VIEWER),
    "access.factors": _factors,
    "access.address": lambda by: partial(
        members.correct_address, member=colleague(by.service), email="right@trust.example"
    ),
    "access.end": lambda by: partial(members.end, member=colleague(by.service), last_day=None),
    "access.rules": lambda by: partial(rules.set_rules, second_factor=SecondFactor.ALL),
    "emergency.open": lambda by: _look_for(elsewhere()),
    "emergency.close": _closes,
    "emergency.judge": lambda by: partial(
        emergency_judging.judge, emergency=opened_here(by), outcome=Outcome.IN_ORDER, words=""
    ),
}
OF_EMERGENCIES = {"emergency.open", "emergency.close"}
OF_GIVING_ACCESS = set(DOINGS) - OF_EMERGENCIES
WITH_NOTHING_OF_A_SERVICE = {"access.invite", "access.rules", *OF_EMERGENCIES}
