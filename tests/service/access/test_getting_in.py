"""Invitations, leavers, reviews of roles, second factors: what is allowed, what is refused, what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.access import inviting, members, organisation, rules, sealing, sessions
from openfls.service.access.explained import FOR, MEANS
from openfls.service.access.morning import asks_of
from openfls.service.actor import Actor, system_actor
from openfls.service.models import (
    AccessRules,
    CalendarFeed,
    Invitation,
    Membership,
    SecondFactor,
    Service,
    UploadedFile,
    User,
)
from openfls.service.nightly import nightly
from openfls.service.roles import May, Role
from service import access_world as aw

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(service: Service) -> Actor:
    """The manager of North."""
    return aw.manager(service)


def join(secret: str, **given: object) -> User:
    """Use a link."""
    invitation = inviting.found(secret)
    assert invitation is not None
    given = {"username": "ivy.newcomer", "password": aw.PASSWORD} | given
    return inviting.join(invitation=invitation, by=system_actor(invitation.service), **given)


def test_a_link_lets_one_person_in_once(service: Service) -> None:
    invitation, secret = aw.invited(service, last_day=world.TODAY + timedelta(days=9))
    assert secret not in str(Invitation.objects.values().get()), "the secret is kept nowhere"
    user = join(secret)
    member = Membership.objects.get(user=user, service=service)
    assert (member.role, user.email, user.check_password(aw.PASSWORD)) == (
        Role.CO_ORDINATOR,
        "ivy@trust.example",
        True,
    )
    assert not EmailAddress.objects.filter(user=user).exists(), "it was handed over: nobody has read a mail"
    assert inviting.found(secret) is None
    with pytest.raises(NotPossible, match="used already"):
        inviting.join(invitation=invitation, username="x", password="y", by=system_actor(service))
    with clock.at(world.at_noon(world.TODAY + timedelta(days=10))):
        assert not Membership.objects.filter(user=user).exists(), "her last day is over"


@pytest.mark.parametrize("how", ["late", "withdrawn", "never made"])
def test_a_link_that_is_not_good_opens_nothing(how: str, service: Service, manager: Actor) -> None:
    invitation, secret = aw.invited(service)
    if how == "withdrawn":
        inviting.withdraw(invitation=invitation, by=manager)
    days = 8 if how == "late" else 0
    with clock.at(world.at_noon(world.TODAY + timedelta(days=days))):
        assert inviting.found(secret if how != "never made" else secret[:-1]) is None


def test_who_has_a_role_already_is_not_invited_again(service: Service, manager: Actor) -> None:
    join(aw.invited(service)[1])
    with pytest.raises(NotPossible, match="already"):
        aw.invited(service, email="IVY@trust.example")


def test_whoever_leaves_now_is_out_at_once_and_her_work_is_handed_over(
    service: Service, manager: Actor
) -> None:
    member, heir = aw.colleague(service), aw.colleague(service, "heir")
    client = Client()
    client.force_login(member.user)
    file = UploadedFile.objects.create(
        service=service,
        user=member.user,
        name="a.csv",
        data=b"",
        uploaded_at=clock.now(),
        expires_at=clock.now(),
    )
    CalendarFeed.objects.create(user=member.user, service=service, secret_hash="h", made_at=clock.now())
    with pytest.raises(NotPossible, match="takes over"):
        members.end(member=member, last_day=None, by=manager)
    members.end(member=member, last_day=None, hand_to=heir, by=manager)

    request = HttpRequest()
    request.session = client.session
    assert not get_user(request).is_authenticated, "her session is gone"
    file.refresh_from_db()
    assert file.user == heir.user
    assert CalendarFeed.objects.get().revoked_at is not None
    assert [row.user for row in members.left(service)] == [member.user]
    again = join(aw.invited(service, email="")[1], user=member.user, password=None)
    assert Membership.objects.get(user=again).ends_at is None, "she may come back"


def test_whoever_leaves_later_is_out_when_the_day_is_over_without_anybody_doing_anything(
    service: Service, manager: Actor
) -> None:
    member = aw.colleague(service)
    members.end(member=member, last_day=world.TODAY, by=manager)
    assert Membership.objects.filter(user=member.user).exists()
    with clock.at(world.at_noon(world.TODAY + timedelta(days=1))):
        assert not Membership.objects.filter(user=member.user).exists()
        client = Client()
        client.force_login(member.user)
        nightly(service)
        assert sessions.end(member.user) == 0, "the night had ended her session"


def test_the_last_manager_stays(service: Service, manager: Actor) -> None:
    only = Membership.objects.get(user=manager.user, service=service)
    for refused in (
        lambda: members.end(member=only, last_day=None, by=manager),
        lambda: members.give_role(member=only, role=Role.VIEWER, by=manager),
    ):
        with pytest.raises(NotPossible, match="Nobody would be left"):
            refused()
    world.member(service, Role.MANAGER, "second")
    members.give_role(member=only, role=Role.VIEWER, by=manager)


def test_a_manager_opens_no_account_that_opens_another_service(service: Service, manager: Actor) -> None:
    member = aw.colleague(service)
    aw.with_app(member.user)
    world.member(world.service("south"), Role.CO_ORDINATOR, member.user.username)
    for refused in (inviting.new_password, members.take_factors):
        with pytest.raises(NotPossible, match="another service too"):
            refused(member=member, by=manager)
    assert Authenticator.objects.filter(user=member.user).count() == 2


def test_a_new_password_signs_the_old_one_out(service: Service, manager: Actor) -> None:
    member = aw.colleague(service)
    Client().force_login(member.user)
    invitation, _ = inviting.new_password(member=member, by=manager)
    user = inviting.choose_password(
        invitation=invitation, password="other unlikely words", by=system_actor(service)
    )
    assert user.check_password("other unlikely words")
    assert sessions.end(member.user) == 0


def test_every_role_is_looked_at_every_90_days(service: Service, manager: Actor) -> None:
    member = aw.colleague(service)
    assert asks_of(manager) == []
    with clock.at(world.at_noon(world.TODAY + timedelta(days=90))):
        assert [page for _, page in asks_of(manager)] == ["access-review"]
        assert members.due_in(service) == 2
        members.keep(member=member, by=manager)
        assert [one.member for one in members.access_to(service) if one.is_due] != [member]
        assert members.due_in(service) == 1
    Membership.objects.filter(user=manager.user).update(given_at=None)
    assert members.due_in(service) == 1, "since when nobody knows: now"
    assert asks_of(Actor(service, Role.CO_ORDINATOR, member.user)) == []


@pytest.mark.parametrize(
    ("asked", "role", "of_her"),
    [
        (SecondFactor.ALL, Role.VIEWER, True),
        (SecondFactor.SOME, Role.CLINICIAN, True),
        (SecondFactor.SOME, Role.MANAGER, True),
        (SecondFactor.SOME, Role.CO_ORDINATOR, False),
        (SecondFactor.NOBODY, Role.CLINICIAN, False),
    ],
)
def test_of_whom_a_second_factor_is_asked(
    asked: SecondFactor, role: Role, of_her: bool, service: Service, settings: object
) -> None:
    settings.SECOND_FACTOR = asked.value
    member = Membership(user=User(), service=service, role=role)
    assert rules.asked_of([member]) is of_her
    other = Membership(user=User(), service=world.service("south"), role=role)
    AccessRules.objects.create(service=other.service, second_factor=SecondFactor.ALL, at=clock.now())
    assert rules.asked_of([member, other]) is True, "the strictest counts"


def test_secrets_of_factors_are_sealed(service: Service) -> None:
    user = aw.colleague(service).user
    secret = aw.with_app(user)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert sealing.unseal(Authenticator.objects.get(type="totp").data["secret"]) == secret
    assert rules.has_factor(user)
    Authenticator.objects.filter(type="totp").delete()
    assert not rules.has_factor(user), "recovery codes alone are no second factor"


def test_the_organisation_opens_only_to_who_is_known_or_invited(service: Service) -> None:
    assert organisation.known_as(["stranger@trust.example"]) is None
    user = join(aw.invited(service)[1])
    assert organisation.known_as(["Ivy@Trust.example"]) == user
    aw.invited(service, email="bo@trust.example")
    made = organisation.known_as(["bo@trust.example"])
    assert made is not None
    assert not made.has_usable_password()
    assert Membership.objects.get(user=made).role == Role.CO_ORDINATOR
    User.objects.create_user("twin", email="two@trust.example")
    User.objects.create_user("twin2", email="two@trust.example")
    assert organisation.known_as(["two@trust.example"]) is None, "an address that two share is nobody's"


def test_every_permission_and_role_is_explained() -> None:
    assert set(MEANS) == set(May)
    assert set(FOR) == set(Role)
