"""Who has access to a service: each role with what a manager needs to judge it, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.access import addresses, inviting, notices, sessions
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import (
    CalendarFeed,
    GapAction,
    GuidelineChange,
    Invitation,
    Letter,
    Membership,
    RoleReview,
    Service,
    UploadedFile,
    User,
)
from openfls.service.roles import May, Role, may

REVIEWED_EVERY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Access:
    """One role: when it was last confirmed (or given), and by when it must be looked at again."""

    member: Membership
    factor: bool
    kept_at: datetime | None
    due: date | None

    @property
    def is_due(self) -> bool:
        """Whether it must be looked at now. A role of which nobody knows since when is due at once."""
        return self.due is None or self.due <= clock.today()


def access_to(service: Service) -> list[Access]:
    """Every role that holds in a service, by name."""
    members = list(Membership.objects.filter(service=service).select_related("user"))
    users = [member.user_id for member in members]
    with_factor = set(
        Authenticator.objects.filter(user__in=users)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user", flat=True)
    )
    kept = {row.user_id: row.at for row in RoleReview.objects.filter(service=service, kept=True)}
    made = []
    for member in members:
        since = max(
            (moment for moment in (kept.get(member.user_id), member.given_at) if moment), default=None
        )
        due = clock.day_of(since + REVIEWED_EVERY) if since else None
        made.append(Access(member, member.user_id in with_factor, kept.get(member.user_id), due))
    return sorted(made, key=lambda one: (one.member.user.last_name, one.member.user.username))


def due_in(service: Service) -> int:
    """How many roles must be looked at now."""
    return sum(one.is_due for one in access_to(service))


def left(service: Service) -> Sequence[Membership]:
    """Roles that have ended, the newest first."""
    over = Membership.ever.filter(service=service, ends_at__lte=clock.now())
    return list(over.select_related("user", "ended_by", "handed_to").order_by("-ends_at")[:50])


def open_invitations(service: Service) -> Sequence[Invitation]:
    """Links that somebody may still use."""
    rows = Invitation.objects.filter(service=service, used_at=None, withdrawn_at=None)
    return list(rows.filter(expires_at__gt=clock.now()).select_related("made_by", "user"))


def check_not_the_last_manager(member: Membership) -> None:
    """Raise `NotPossible` where nobody would be left who may give access."""
    others = Membership.objects.filter(service=member.service, ends_at=None).exclude(pk=member.pk)
    if may(Role(member.role), May.GIVE_ACCESS) and not any(
        may(Role(row.role), May.GIVE_ACCESS) for row in others
    ):
        raise NotPossible("Nobody would be left who may give access. Invite another manager first.")


@action("access.keep", May.GIVE_ACCESS)
def keep(*, member: Membership, by: Actor) -> None:
    """Confirm that a role is still needed as it is. Raises `NotPossible` for the system itself."""
    if by.user is None:
        raise NotPossible("A person confirms a role.")
    RoleReview.objects.create(
        service=by.service, user=member.user, role=member.role, kept=True, at=clock.now(), by=by.user
    )
    note(by, "access.keep", subject=f"user {member.user_id}", role=member.role)


@action("access.role", May.GIVE_ACCESS)
def give_role(*, member: Membership, role: Role, by: Actor) -> None:
    """Give a member another role from now on. Raises `NotPossible` where no manager would be left."""
    if by.user is None:
        raise NotPossible("A person gives a role.")
    if not may(role, May.GIVE_ACCESS):
        check_not_the_last_manager(member)
    was = member.role
    Membership.objects.filter(pk=member.pk).update(role=role, given_at=clock.now())
    note(by, "access.role", subject=f"user {member.user_id}", was=was, role=role)


@action("access.factors", May.GIVE_ACCESS)
def take_factors(*, member: Membership, by: Actor) -> None:
    """Take a member's second factors away (a lost telephone), and sign her out: she sets up new ones.

    Raises:
        NotPossible: she has none, or has a role in another service too.
    """
    inviting.check_alone(member)
    rows = Authenticator.objects.filter(user=member.user)
    if not rows.exists():
        raise NotPossible(f"{member.user.full_name} has no second factor.")
    kinds = sorted({str(kind) for kind in rows.values_list("type", flat=True)})
    rows.delete()
    User.objects.filter(pk=member.user_id).update(factor_asked_at=None)
    sessions.end(member.user)
    note(by, "access.factors", subject=f"user {member.user_id}", kinds=kinds)
    notices.tell(member.user, "taken", by=by.user.full_name if by.user else "the system")


@action("access.address", May.GIVE_ACCESS)
def correct_address(*, member: Membership, email: str, by: Actor) -> str:
    """Give a member another e-mail address; empty takes hers away. Nobody has confirmed it yet. Every link that was
    mailed is void, whoever is signed in is signed out, and the old address is told. Returns the new one as it is kept.

    Raises:
        NotPossible: nobody does it, it is the same or another account's, or the member has a role elsewhere too.
    """
    if by.user is None:
        raise NotPossible("A person puts an address right.")
    inviting.check_alone(member)
    user = User.objects.select_for_update().get(pk=member.user_id)
    was, email = user.email, email.strip().lower()
    if email == was.lower():
        raise NotPossible("That is the address already." if email else "There is no address to take away.")
    if email and addresses.is_anothers(email, user):
        raise NotPossible("Another account has this e-mail address already.")
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    # Whoever came in by the wrong address, as the organisation told it, is out and stays out.
    SocialAccount.objects.filter(user=user).delete()
    sessions.end(user)
    inviting.void_links(user)
    note(by, "access.address", subject=f"user {user.pk}", taken_away=not email)
    notices.tell(user, "address_by", by=by.user.full_name, to=was)
    return email


@dataclass(frozen=True, slots=True)
class Open:
    """Work that carries somebody's name, in words, and whether it moves to who takes over."""

    words: str
    count: int
    moves: bool


def open_work(member: Membership) -> list[Open]:
    """What a member has begun and not ended. Episodes are nobody's: the lists of the service go on showing them."""
    service, user = member.service, member.user
    return [
        one
        for one in (
            Open("files checked and not loaded", _files(member).count(), True),
            Open("actions on gaps in the standards", _gaps(member).count(), True),
            Open(
                "letters drafted and not approved",
                Letter.objects.filter(episode__service=service, written_by=user, approved_at=None).count(),
                False,
            ),
            Open(
                "guideline changes that wait for a second person",
                GuidelineChange.objects.filter(service=service, proposed_by=user, decided_at=None).count(),
                False,
            ),
        )
        if one.count
    ]


def _files(member: Membership) -> QuerySet[UploadedFile]:
    return UploadedFile.objects.filter(service=member.service, user=member.user)


def _gaps(member: Membership) -> QuerySet[GapAction]:
    names = {member.user.username, member.user.full_name}
    return GapAction.objects.filter(service=member.service, done_on=None, owner__in=names)


@action("access.end", May.GIVE_ACCESS)
def end(*, member: Membership, last_day: date | None, hand_to: Membership | None = None, by: Actor) -> None:
    """End a role: now (``last_day`` is None) or when that day is over. Her open work goes to ``hand_to``.

    Now: she is signed out everywhere at once, and her calendar and invitations are void. Later: the role ends by itself
    when its day is over, whether or not anybody does anything then.

    Raises:
        NotPossible: nobody ends it, the day is in the past, no manager would be left, or work is left to nobody.
    """
    if by.user is None:
        raise NotPossible("A person ends a role.")
    if last_day is not None and last_day < clock.today():
        raise NotPossible("The last day must be today or later. To end it now, leave the day empty.")
    check_not_the_last_manager(member)
    if hand_to is not None and hand_to.user_id == member.user_id:
        raise NotPossible("The work cannot be handed to who leaves.")
    moving = [one for one in open_work(member) if one.moves]
    if moving and hand_to is None:
        raise NotPossible("Choose who takes over the work that is still open.")
    if hand_to is not None:
        _files(member).update(user=hand_to.user)
        _gaps(member).update(owner=hand_to.user.full_name)
    now = clock.now()
    Membership.objects.filter(pk=member.pk).update(
        ends_at=inviting.end_of(last_day) if last_day else now,
        ended_by=by.user,
        handed_to=hand_to.user if hand_to else None,
    )
    RoleReview.objects.create(
        service=by.service, user=member.user, role=member.role, kept=False, at=now, by=by.user
    )
    if last_day is None:
        close(by.service)
    note(
        by,
        "access.end",
        subject=f"user {member.user_id}",
        on=last_day.isoformat() if last_day else "now",
        handed=sum(one.count for one in moving),
    )


def close(service: Service) -> int:
    """Shut what those have left open whose role is over: sessions, calendars, links. How many sessions were ended.

    Nothing of theirs opens a record any more before this is done: every request asks for the role. Done again it
    changes nothing.
    """
    over = Membership.ever.filter(ends_at__lte=clock.now(), service=service).select_related("user")
    ended = 0
    for row in over:
        CalendarFeed.objects.filter(user=row.user, service=service, revoked_at=None).update(
            revoked_at=clock.now()
        )
        Invitation.objects.filter(service=service, user=row.user, used_at=None, withdrawn_at=None).update(
            withdrawn_at=clock.now()
        )
        if not Membership.objects.filter(user=row.user).exists():
            ended += sessions.end(row.user)
    return ended
