"""Invitations: a link that is good once, for some days, and makes an account with a role or a new password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from openfls.options import read
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.access import addresses, notices, sessions
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Invitation, Membership, User
from openfls.service.roles import May, Role

_BYTES = 32
FORGOTTEN_LASTS = timedelta(hours=1)
FORGOTTEN_EVERY = timedelta(minutes=5)
FORGOTTEN_A_DAY = 5
"""Who has not found the link by then needs a person, not a sixth mail; and nobody fills a colleague's mail box."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom a manager invites, to which role, and until which day where that is known."""

    given_name: str
    family_name: str
    email: str
    role: Role
    last_day: date | None = None


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is 256 random bits: nobody guesses it, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def end_of(day: date) -> datetime:
    """The moment at which a last day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


@action("access.invite", May.GIVE_ACCESS)
def invite(*, wish: Wish, mailed: bool = False, by: Actor) -> tuple[Invitation, str]:
    """Invite somebody. Returns the invitation and its secret, which is kept nowhere.

    Raises:
        NotPossible: nobody invites, or who is invited has a role in the service already.
    """
    if by.user is None:
        raise NotPossible("A person invites.")
    email = wish.email.strip().lower()
    if email and Membership.objects.filter(service=by.service, user__email__iexact=email).exists():
        raise NotPossible("Somebody with this e-mail address has a role in your service already.")
    if wish.last_day is not None and wish.last_day < clock.today():
        raise NotPossible("The last day must be today or later.")
    if (open_one := _invited_already(wish, email, by)) is not None:
        raise NotPossible(
            f"{open_one.name or email} was invited already, and that link is good until "
            f"{clock.day_of(open_one.expires_at):%-d %B %Y}. Withdraw it first, under Access."
        )
    secret = secrets.token_urlsafe(_BYTES)
    row = Invitation.objects.create(
        service=by.service,
        given_name=wish.given_name.strip(),
        family_name=wish.family_name.strip(),
        email=email,
        role=wish.role,
        last_day=wish.last_day,
        secret_hash=hash_of(secret),
        mailed=mailed,
        made_at=clock.now(),
        made_by=by.user,
        expires_at=clock.now() + timedelta(days=read("OPENFLS_INVITATION_DAYS")),
    )
    note(by, "access.invite", subject=f"invitation {row.pk}", role=row.role, mailed=mailed)
    return row, secret


def _invited_already(wish: Wish, email: str, by: Actor) -> Invitation | None:
    """An invitation that is still good, to the same address or, where either has none, to the same name."""
    good = Invitation.objects.filter(
        service=by.service, user=None, used_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
    named = Q(given_name__iexact=wish.given_name.strip(), family_name__iexact=wish.family_name.strip())
    same = named if not email else Q(email=email) | (named & Q(email=""))
    return good.filter(same).first()


@action("access.new_password", May.GIVE_ACCESS)
def new_password(*, member: Membership, mailed: bool = False, by: Actor) -> tuple[Invitation, str]:
    """Make a link by which a member chooses a new password. Returns it with its secret.

    Raises:
        NotPossible: nobody makes it, or the member has a role in another service too (`check_alone`).
    """
    if by.user is None:
        raise NotPossible("A person gives a new password.")
    check_alone(member)
    user = member.user
    earlier = Invitation.objects.filter(user=user, used_at=None, withdrawn_at=None)
    earlier.update(withdrawn_at=clock.now())  # one link is good at a time
    row, secret = _link(member, by.user, mailed, timedelta(days=1))
    note(by, "access.new_password", subject=f"user {user.pk}", mailed=mailed)
    return row, secret


def _link(member: Membership, made_by: User, mailed: bool, lasts: timedelta) -> tuple[Invitation, str]:
    """A link by which a member chooses a new password, and its secret, which is kept nowhere."""
    secret, user = secrets.token_urlsafe(_BYTES), member.user
    row = Invitation.objects.create(
        service=member.service,
        user=user,
        given_name=user.first_name,
        family_name=user.last_name,
        email=user.email,
        role=member.role,
        secret_hash=hash_of(secret),
        mailed=mailed,
        made_at=clock.now(),
        made_by=made_by,
        expires_at=clock.now() + lasts,
    )
    return row, secret


def check_alone(member: Membership) -> None:
    """Raise `NotPossible` where the account opens another service too: its manager has not agreed to that."""
    if Membership.objects.filter(user=member.user).exclude(service=member.service).exists():
        raise NotPossible(
            f"{member.user.full_name} has a role in another service too, and its records would be open to whoever "
            "holds the link. Ask whoever runs the system."
        )


@action("access.withdraw", May.GIVE_ACCESS)
def withdraw(*, invitation: Invitation, by: Actor) -> None:
    """Make the link of an invitation void. Raises `NotPossible` where it has been used."""
    if invitation.used_at is not None:
        raise NotPossible("It has been used already.")
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=clock.now())
    note(by, "access.withdraw", subject=f"invitation {invitation.pk}")


@action("access.not_mailed", May.GIVE_ACCESS)
def not_mailed(*, invitation: Invitation, by: Actor) -> None:
    """The mail server did not take it: the link is handed over, and using it confirms no address."""
    Invitation.objects.filter(pk=invitation.pk).update(mailed=False)
    invitation.mailed = False
    note(by, "access.not_mailed", subject=f"invitation {invitation.pk}")


def found(secret: str) -> Invitation | None:
    """The invitation of a secret as long as it is good; None for one used, withdrawn, over, or never made."""
    return (
        Invitation.objects.filter(
            secret_hash=hash_of(secret), used_at=None, withdrawn_at=None, expires_at__gt=clock.now()
        )
        .select_related("service", "user", "made_by")
        .first()
    )


def waiting(email: str) -> Invitation | None:
    """The newest good invitation of an e-mail address that was given to somebody new."""
    good = Invitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=clock.now(), user=None)
    return good.filter(email__iexact=email).select_related("service").order_by("-made_at").first()


@action("access.join", May.GIVE_ACCESS)
def join(
    *, invitation: Invitation, user: User | None = None, username: str = "", password: str | None, by: Actor
) -> User:
    """Use an invitation: ``user`` joins, or a new account is made; the system does it for who holds the link.

    A ``password`` of None makes an account that signs in with the organisation alone. The address of the invitation is
    confirmed where its link was mailed to it, or the organisation vouches for it; not where a manager handed it over.

    Raises:
        NotPossible: it has been used meanwhile.
    """
    row = Invitation.objects.select_for_update().select_related("service").get(pk=invitation.pk)
    if row.used_at or row.withdrawn_at or row.user_id is not None:
        raise NotPossible("This invitation has been used already.")
    if user is None:
        user = User.objects.create_user(
            username, email=row.email, password=password, first_name=row.given_name, last_name=row.family_name
        )
    if row.mailed or not user.has_usable_password():
        addresses.came_by_mail(user, row.email)
    before = Membership.ever.filter(user=user, service=row.service).values_list("role", flat=True).first()
    Membership.ever.update_or_create(
        user=user,
        service=row.service,
        defaults={
            "role": row.role,
            "given_at": clock.now(),
            "ends_at": end_of(row.last_day) if row.last_day else None,
            "ended_by": None,
            "handed_to": None,
        },
    )
    Invitation.objects.filter(pk=row.pk).update(used_at=clock.now(), used_by=user)
    was = {"was": before} if before else {}
    note(by, "access.join", subject=f"user {user.pk}", role=row.role, invitation=row.pk, **was)
    return user


@action("access.password_chosen", May.GIVE_ACCESS)
def choose_password(*, invitation: Invitation, password: str, by: Actor) -> User:
    """Use the link to a new password. Whoever was signed in with the old one is signed out everywhere.

    Raises:
        NotPossible: it has been used meanwhile.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.used_at or row.withdrawn_at or row.user is None:
        raise NotPossible("This link has been used already.")
    user = row.user
    if row.mailed and row.email.lower() != user.email.lower():
        raise NotPossible("This link went to an address that is not the account's any more.")
    user.set_password(password)
    user.save(update_fields=["password"])
    Invitation.objects.filter(pk=row.pk).update(used_at=clock.now(), used_by=user)
    void_links(user)
    if row.mailed:
        addresses.came_by_mail(user, row.email.lower())
    sessions.end(user)
    note(by, "access.password_chosen", subject=f"user {user.pk}")
    notices.tell(user, "password")
    return user


def void_links(user: User) -> None:
    """Void every link by which ``user`` could choose a password or another address: an older mail opens nothing."""
    Invitation.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=clock.now())
    addresses.drop_waiting(user)


@action("access.forgotten", May.GIVE_ACCESS)
def forgotten(*, member: Membership, by: Actor) -> str:
    """Make a link by which a member, who has asked for it herself, chooses a new password within an hour. The system
    does it. Returns its secret; earlier ones of hers are void.

    Raises:
        NotPossible: one was made in the last five minutes, or five in the last day.
    """
    user = User.objects.select_for_update().get(
        pk=member.user_id
    )  # of two at once, one waits and sees the other's
    now = clock.now()
    hers = Invitation.objects.filter(user=user, made_by=user)
    still_good = hers.filter(used_at=None, withdrawn_at=None)
    if still_good.filter(made_at__gt=now - FORGOTTEN_EVERY).exists():
        raise NotPossible("A link was sent a moment ago.")
    if hers.filter(made_at__gt=now - timedelta(days=1)).count() >= FORGOTTEN_A_DAY:
        raise NotPossible("Enough links were sent today.")
    still_good.update(withdrawn_at=now)
    _, secret = _link(member, user, True, FORGOTTEN_LASTS)
    note(by, "access.forgotten", subject=f"user {user.pk}")
    return secret
