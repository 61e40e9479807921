"""What stays behind when somebody comes and goes: no name in the browser, and a line in the log of each service."""

from __future__ import annotations

import json

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client, RequestFactory

import world
from openfls.service.audit import verify
from openfls.service.models import AuditEvent, User
from openfls.service.roles import Role
from web.places import refuted

pytestmark = pytest.mark.django_db


def told(value: str) -> str:
    """A cookie as it is and, where it holds messages, what they say."""
    messages = CookieStorage(RequestFactory().get("/"))._decode(value) or []
    return " ".join([value, *map(str, messages)])


def found(by, **columns):
    """A found fracture."""
    return world.found(by.service, **columns)


STEPS = {
    "confirm": (found, "found/", {"confirm": "1"}),
    "refute": (found, "found/", {"refute": "1", "reason": "high_energy"}),
    "bring back": (refuted, "bring-back/", {}),
    "undo": (world.confirmed, "undo/", {}),
    "close": (world.confirmed, "close/", {"reason": "declined"}),
    "contact": (
        world.confirmed,
        "contact/",
        {"on": "1 6 2026", "channel": "telephone", "outcome": "no_answer"},
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_no_step_leaves_a_name_in_a_cookie(name: str, nurse, client) -> None:
    ready, page, given = STEPS[name]
    episode = ready(nurse, person=world.demographics(family_name="Quillfeather"))

    answer = client.post(f"/episodes/{episode.pk}/{page}", given)

    assert answer.status_code == 302, "the step was done and has something to say"
    for cookie in answer.cookies.values():
        assert "quillfeather" not in told(cookie.value).lower()
    assert "fls-message" in client.get(f"/people/{episode.person_id}/").content.decode()


def enter(password: str = world.PASSWORD, username: str = "nurse") -> Client:
    """A browser in which somebody has tried to sign in."""
    client = Client()
    client.post("/sign-in/", {"username": username, "password": password})
    return client


def events(service) -> list[tuple[str, str, str]]:
    """What the log of a service tells of doors."""
    rows = AuditEvent.objects.filter(service=service, action__startswith="account.").order_by("pk")
    return list(rows.values_list("action", "user", "subject"))


def test_coming_and_going_stand_in_the_log_of_every_service_of_the_user(nurse, neighbour) -> None:
    world.member(neighbour.service, Role.VIEWER, "nurse")
    enter().post("/sign-out/")
    for service in (nurse.service, neighbour.service):
        subject = f"user {nurse.user.pk}"
        assert events(service) == [
            ("account.sign_in", "nurse", subject),
            ("account.sign_out", "nurse", subject),
        ]
        assert verify(service)[1] == []


def test_a_wrong_password_stands_in_the_log_and_nothing_of_what_was_typed(nurse, neighbour) -> None:
    enter("a wrong password")
    assert events(nurse.service) == [("account.sign_in_failed", "", f"user {nurse.user.pk}")]
    assert events(neighbour.service) == []
    kept = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert "a wrong password" not in kept


def test_a_name_that_nobody_has_leaves_no_line(nurse) -> None:
    enter(username="my-password-by-mistake")
    assert not AuditEvent.objects.exists()


def test_a_user_without_a_service_comes_and_goes_without_a_line(db) -> None:
    User.objects.create_user("newcomer", password=world.PASSWORD)
    enter(username="newcomer").post("/sign-out/")
    assert not AuditEvent.objects.exists()


def test_undo_says_where_the_person_stands_now(nurse, client) -> None:
    episode = world.confirmed(nurse)
    page = client.post(f"/episodes/{episode.pk}/undo/", follow=True).content.decode()
    assert f"Undone: {episode.person.name} is back at “To confirm”." in page
