"""The e-mail address of an account: who has confirmed it, and how another takes its place."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.test import Client

import world
from openfls.service.access import addresses, inviting, members, notices
from openfls.service.actor import Actor, system_actor
from openfls.service.models import AuditEvent, User
from service import access_world as aw
from web.page import Page

pytestmark = pytest.mark.django_db
OWN = "/account/address/"


@pytest.fixture
def mails(settings):
    """A mail server; what it was given since, as address and text."""
    settings.MAILS, settings.OWN_URL = True, "https://fls.trust.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def sent() -> list[tuple[str, str]]:
        notices.settle()
        found, mail.outbox[:] = [(one.to[0], one.body) for one in mail.outbox], []
        return found

    return sent


def link_in(body: str) -> str:
    """The path of a link."""
    return re.search(r"https://fls.trust.example(/address/\S+)", body)[1]


def enter(name: str) -> Client:
    """The browser of somebody who has just come in."""
    client = Client()
    client.post("/sign-in/", {"username": name, "password": world.PASSWORD})
    return client


def stands(user: User) -> tuple[str, bool]:
    """The address, and whether it is confirmed."""
    user.refresh_from_db()
    return user.email, addresses.is_confirmed(user)


@pytest.mark.parametrize("mailed", [True, False])
def test_an_invited_address_is_confirmed_by_the_link_that_was_mailed_to_it_alone(
    mailed: bool, nurse: Actor
) -> None:
    invitation, _ = inviting.invite(wish=aw.wish(), mailed=mailed, by=aw.manager(nurse.service))
    system = system_actor(nurse.service)
    user = inviting.join(invitation=invitation, username="ivy", password=aw.PASSWORD, by=system)
    assert stands(user) == ("ivy@trust.example", mailed)
    again, _ = inviting.new_password(member=user.memberships.get(), mailed=True, by=aw.manager(nurse.service))
    inviting.choose_password(invitation=again, password=aw.PASSWORD, by=system)
    assert stands(user) == ("ivy@trust.example", True), "she has read what was mailed there"


def test_another_address_holds_when_its_link_is_used_and_the_old_one_is_told(
    nurse: Actor, mails, django_capture_on_commit_callbacks
) -> None:
    user = nurse.user
    addresses.came_by_mail(user, "old@trust.example")
    User.objects.create_user("other", email="Theirs@trust.example")
    client = enter(user.username)
    for wrong in ("", "nobody", f"{'a' * 250}@x.example", "theirs@TRUST.example", "old@trust.example"):
        assert Page(client.post(OWN, {"email": wrong}).content).summary, wrong
    assert client.post(OWN, {"email": "typo@trust.example"}).status_code == 302
    assert client.post(OWN, {"email": "typo@trust.example"}).status_code == 422, "one in three minutes"
    assert client.post(OWN, {"email": "New@trust.example"}).status_code == 302
    ((_, typo), (to, body)) = mails()
    assert (to, stands(user)) == ("new@trust.example", ("old@trust.example", True))
    assert "A link to confirm new@trust.example was sent" in Page(client.get("/account/").content).words

    stranger = Client()
    assert stranger.get(link_in(typo)).status_code == 404, "the newest alone"
    for asked in (stranger.get, stranger.post):
        assert asked(link_in(body))["Location"].startswith("/sign-in/?next=/address/"), (
            "who reads it comes in first"
        )
    colleague = enter(aw.colleague(nurse.service).user.username)
    refused = colleague.post(link_in(body))
    assert (refused.status_code, user.username.encode() in refused.content) == (403, False)
    assert b"Confirm it" in client.get(link_in(body)).content
    assert stands(user)[0] == "old@trust.example", "a look changes nothing"
    mailed = inviting.forgotten(member=user.memberships.get(), by=system_actor(nurse.service))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(link_in(body)).status_code == 302
    assert inviting.found(mailed) is None, "what was mailed to the old one is void"
    assert stands(user) == ("new@trust.example", True)
    ((to, told),) = mails()
    assert (to, "another e-mail address" in told, "new@" in told) == ("old@trust.example", True, False)
    assert [client.get(link_in(body)).status_code, client.post(link_in(body)).status_code] == [404, 404]
    assert EmailAddress.objects.filter(user=user).count() == 1
    assert AuditEvent.objects.filter(action="account.address", subject=f"user {user.pk}").count() == 1


def test_a_link_is_void_when_it_is_called_off_the_password_changes_or_another_was_quicker(
    nurse: Actor, mails
) -> None:
    client = enter("nurse")

    def asked() -> str:
        cache.clear()
        client.post(OWN, {"email": "new@trust.example"})
        return link_in(mails()[-1][1])

    link = asked()
    client.post(OWN, {"keep": "1"})
    assert client.get(link).status_code == 404
    link = asked()
    inviting.void_links(nurse.user)
    assert client.get(link).status_code == 404
    link = asked()
    User.objects.create_user("quicker", email="new@trust.example")
    assert "Another account has this" in Page(client.post(link, follow=True).content).words
    assert stands(nurse.user) == ("", False)


def test_a_manager_puts_the_address_of_a_member_right(
    nurse: Actor, mails, django_capture_on_commit_callbacks
) -> None:
    member, manager = aw.colleague(nurse.service), enter(aw.manager(nurse.service).user.username)
    addresses.came_by_mail(member.user, "old@trust.example")
    hers = enter(member.user.username)
    SocialAccount.objects.create(
        user=member.user, provider="organisation", uid="somebody who has that address"
    )
    opened = inviting.forgotten(member=member, by=system_actor(nurse.service))
    path, right = f"/access/{member.pk}/", {"do": "address", "email": "Right@trust.example"}
    with django_capture_on_commit_callbacks(execute=True):
        page = Page(manager.post(path, right, follow=True).content)
    assert "right@trust.example, not confirmed" in page.words
    assert stands(member.user) == ("right@trust.example", False)
    assert inviting.found(opened) is None, "what was mailed to the old one is void"
    assert not SocialAccount.objects.filter(user=member.user).exists()
    assert hers.get("/").status_code == 302, "signed out"
    sent = dict(mails())
    assert "This is the last mail to this one" in sent["old@trust.example"]
    enter(member.user.username).post(link_in(sent["right@trust.example"]))
    assert stands(member.user) == ("right@trust.example", True)
    for wrong in ("right@trust.example", "nobody"):
        page = Page(manager.post(path, right | {"email": wrong}, follow=True).content)
        assert "That is the address already" in page.words or page.summary
    manager.post(path, right | {"email": ""})
    assert stands(member.user) == ("", False)
    world.member(world.service("south"), username=member.user.username)
    assert "in another service too" in Page(manager.post(path, right, follow=True).content).words


def test_without_a_mail_server_the_page_says_how_to_go_on(nurse: Actor) -> None:
    client = enter("nurse")
    page = client.get(OWN)
    assert b"This installation sends no mail" in page.content
    assert b'name="email"' not in client.post(OWN, {"email": "new@trust.example"}).content
    assert addresses.waiting(nurse.user) == ""
    member = aw.colleague(nurse.service)
    members.correct_address(member=member, email="new@trust.example", by=aw.manager(nurse.service))
    assert stands(member.user) == ("new@trust.example", False)


def test_an_address_of_before_stays_confirmed_where_a_mailed_link_was_used_or_the_organisation_vouched(
    nurse: Actor,
) -> None:
    system, manager = system_actor(nurse.service), aw.manager(nurse.service)
    found = {}
    for name, mailed, password in (("read", True, "x"), ("handed", False, "x"), ("vouched", False, None)):
        wish = aw.wish(email=f"{name}@trust.example")
        invitation, _ = inviting.invite(wish=wish, mailed=mailed, by=manager)
        user = inviting.join(invitation=invitation, username=name, password=password, by=system)
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        found[name] = user
    step = import_module("openfls.service.migrations.0041_addresses_that_nobody_confirmed")
    step.ask_anew(apps, None)
    assert {name: addresses.is_confirmed(user) for name, user in found.items()} == {
        "read": True,
        "handed": False,
        "vouched": True,
    }
