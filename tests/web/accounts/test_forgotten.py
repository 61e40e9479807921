"""A forgotten password, and the mails about what was changed of an account."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.db.models import QuerySet
from django.test import Client

import world
from openfls.service import clock
from openfls.service.access import addresses, inviting, members, notices, resetting
from openfls.service.actor import system_actor
from openfls.service.models import AuditEvent, Invitation, User
from openfls.web.accounts import forgotten
from service import access_world as aw
from web.page import Page

pytestmark = pytest.mark.django_db
DOOR = "/sign-in/forgotten/"


@pytest.fixture
def mails(settings, django_capture_on_commit_callbacks):
    """A mail server; what it was given since."""
    settings.MAILS, settings.OWN_URL = True, "https://fls.trust.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def sent() -> list[mail.EmailMessage]:
        notices.settle()
        found, mail.outbox[:] = list(mail.outbox), []
        return found

    return sent


@pytest.fixture(autouse=True)
def waits(monkeypatch) -> list[float]:
    """How long each answer would have waited."""
    waited: list[float] = []
    monkeypatch.setattr(forgotten, "sleep", waited.append)
    return waited


@pytest.fixture
def ivy(nurse) -> User:
    """A colleague with a confirmed address."""
    user = aw.colleague(nurse.service).user
    addresses.came_by_mail(user, "ivy@trust.example")
    return user


def test_a_link_goes_to_the_address_that_is_known_and_the_page_says_the_same_to_all(
    ivy: User, mails, waits: list[float]
) -> None:
    pages = {
        name: Client(headers={"Host": "127.0.0.1:81"}).post(DOOR, {"username": name})
        for name in (ivy.username, "nobody", "x@y.example")
    }
    assert len(waits) == 3, "each answer waits until it has taken as long as any"
    assert {Page(page.content).words for page in pages.values()} == {Page(pages["nobody"].content).words}
    (one,) = mails()
    assert one.to == ["ivy@trust.example"]
    assert "https://fls.trust.example/invitation/" in one.body, "whoever asks does not say where it leads"
    link = re.search(r"(/invitation/[\w-]+/)", one.body)[1]
    assert Client().post(DOOR, {"username": "IVY@trust.example"}).status_code == 200
    assert mails() == [], "another within five minutes is none"

    assert Client().post(link, {"password": "quite another three"}).headers["Location"] == "/sign-in/"
    entering = {"username": ivy.username, "password": "quite another three"}
    assert Client().post("/sign-in/", entering).headers["Location"] == "/"
    assert Client().get(link).status_code == 404, "it is good once"
    told = AuditEvent.objects.filter(action__in=("access.forgotten", "access.password_chosen"))
    assert [row.subject for row in told] == [f"user {ivy.pk}"] * 2


def test_a_link_lasts_an_hour_and_the_newest_alone_counts(ivy: User, mails) -> None:
    Client().post(DOOR, {"username": ivy.username})
    with clock.at(clock.now() + timedelta(minutes=6)):
        Client().post(DOOR, {"username": ivy.username})
        first, second = (re.search(r"(/invitation/[\w-]+/)", one.body)[1] for one in mails())
        assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    with clock.at(clock.now() + timedelta(minutes=67)):
        assert Client().get(second).status_code == 404


def test_five_links_a_day_and_two_requests_at_once_make_one(ivy: User, mails) -> None:
    def sent_after(minutes: int) -> int:
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            Client().post(DOOR, {"username": ivy.username})
        return len(mails())

    with mock.patch.object(
        QuerySet, "select_for_update", autospec=True, side_effect=lambda rows, **_: rows
    ) as locked:
        assert sent_after(0) == 1
    assert User in [rows.model for (rows, *_), _ in locked.call_args_list], (
        "of two at once, one waits for the other"
    )
    assert [sent_after(minutes) for minutes in (6, 12, 18, 24, 30)] == [1, 1, 1, 1, 0]
    assert sent_after(24 * 60 + 1) == 1


def test_a_password_that_was_changed_voids_what_was_mailed_before(ivy: User, nurse, mails) -> None:
    def link() -> str:
        by = system_actor(nurse.service)
        return f"/invitation/{inviting.forgotten(member=aw.colleague(nurse.service), by=by)}/"

    mailed, client = link(), Client()
    assert client.get(mailed).status_code == 200
    client.post("/sign-in/", {"username": ivy.username, "password": world.PASSWORD})
    changed = {"oldpassword": world.PASSWORD, "password1": "quite another three"}
    assert client.post("/account/password/", changed).status_code == 302
    assert Client().get(mailed).status_code == 404
    with clock.at(clock.now() + timedelta(minutes=6)):
        member, manager = aw.colleague(nurse.service), aw.manager(nurse.service)
        first, given = (
            f"/invitation/{inviting.new_password(member=member, by=manager)[1]}/" for _ in range(2)
        )
        assert Client().get(first).status_code == 404, "one link of a manager is good at a time"
        later = link()
        old = Client().post(later, {"password": "quite another three"})
        assert [field for field, _ in Page(old.content).summary] == ["id_password"], "the one that she had"
        Client().post(later, {"password": "quite another four"})
        assert [Client().get(each).status_code for each in (later, given)] == [404, 404]


def test_who_has_no_password_no_confirmed_address_or_no_role_gets_none(ivy: User, nurse, mails) -> None:
    User.objects.create_user("newcomer", email="new@trust.example", password=world.PASSWORD)
    ivy.set_unusable_password()
    ivy.save()
    User.objects.filter(pk=nurse.user.pk).update(email="typed.wrong@trust.example")
    for name in ("newcomer", ivy.username, "nurse"):
        assert Client().post(DOOR, {"username": name}).status_code == 200
    assert (mails(), Invitation.objects.count()) == ([], 0)
    assert [Client().post(DOOR, {"username": "x"}).status_code for _ in range(8)][-1] == 429


def test_without_a_mail_server_the_page_says_whom_to_ask(ivy: User) -> None:
    page = Client().post(DOOR, {"username": ivy.username}).content
    assert b"Ask the manager of your service" in page
    assert b"<form" not in page.split(b"<main")[1]
    assert Invitation.objects.count() == 0


def test_somebody_is_told_of_what_was_changed_of_her_account(
    ivy: User, nurse, mails, django_capture_on_commit_callbacks
) -> None:
    client = Client()
    client.post("/sign-in/", {"username": ivy.username, "password": world.PASSWORD})
    changed = {"oldpassword": world.PASSWORD, "password1": "quite another three"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/password/", changed).status_code == 302
        aw.with_app(ivy)
        members.take_factors(member=aw.colleague(nurse.service), by=aw.manager(nurse.service))
        resetting.reset(ivy, "quite another four", factors=False)
    told = mails()
    assert [
        next(name for name, words in notices.CHANGED.items() if words[:30] in one.body) for one in told
    ] == [*("password", "taken", "reset")]
    assert {tuple(one.to) for one in told} == {("ivy@trust.example",)}
    assert not [one for one in told if "quite another" in one.body]


def test_a_mail_server_that_fails_stops_nothing(ivy: User, settings, mails, caplog) -> None:
    settings.EMAIL_BACKEND = "no.such.Backend"
    assert Client().post(DOOR, {"username": ivy.username}).status_code == 200
    notices.settle()
    assert "could not be sent: ModuleNotFoundError" in caplog.text
    assert "ivy" not in caplog.text
