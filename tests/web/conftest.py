"""What the tests of the pages share: a service with staff, and a day on which the clock stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client, override_settings

import world
from openfls.service import clock
from openfls.service.actor import Actor, can
from openfls.service.models import Person, Service, User
from openfls.service.roles import ALLOWED, May, Role
from openfls.web.guard import Route
from openfls.web.urls import ROUTES
from service.safekeeping.elsewhere import fresh, led_to
from web.places import NoPlace, Place, place_of

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""What makes a password slow to guess makes a test slow to run."""


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Passwords are hashed quickly."""
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture(autouse=True)
def _the_day():
    """It is noon of `world.TODAY`."""
    with clock.at(world.at_noon(world.TODAY)):
        yield


@pytest.fixture
def nurse(db) -> Actor:
    """The co-ordinator of the service North."""
    return world.member(world.service())


@pytest.fixture
def neighbour(db) -> Actor:
    """The co-ordinator of another service."""
    return world.member(world.service("south"), Role.CO_ORDINATOR, "neighbour")


def signed_in(actor: Actor, **options: object) -> Client:
    """A client of this actor's user."""
    client = Client(**options)
    with mock.patch(
        "django.contrib.auth.signals.user_logged_in.send"
    ):  # no line in the log: it is no sign-in
        client.force_login(actor.user)
    return client


def one_who_may(actor: Actor, what: May) -> Actor:
    """The actor, or a colleague in the same service whose role allows it."""
    if can(actor, what):
        return actor
    role = next(role for role in Role if what in ALLOWED[role])
    name = f"{role} of {actor.service.code}"
    user = User.objects.filter(username=name).first()
    return world.member(actor.service, role, name) if user is None else Actor(actor.service, role, user)


@pytest.fixture
def client(nurse) -> Client:
    """The nurse's client."""
    return signed_in(nurse)


@dataclass(frozen=True)
class Standing:
    """Two services with a co-ordinator each, and in the first a record for every address of the app."""

    nurse: Actor
    neighbour: Actor
    somebody: Person
    """One whose name stands on no page of another service; a second is called Overthere."""
    places: dict[str, Place | NoPlace]
    staff: dict[Role, tuple[Actor, str]]
    """One of each role in the first service, with the key of the session in which they are signed in."""
    strangers: dict[Role, tuple[Actor, str]]
    """The same of the other service."""

    def place(self, route: Route) -> Place:
        """The address of a route, with its record. Raises NoPlace for a route that is not described."""
        place = self.places[route.name]
        if isinstance(place, NoPlace):
            raise place
        return place

    def client(self, role: Role) -> Client:
        """A client of the first service's one of a role."""
        return _with_session(self.staff[role][1])

    def stranger(self, what: May) -> Client:
        """A client of somebody in the other service whose role allows it; the co-ordinator where hers does."""
        ours = self.neighbour.role
        role = ours if what in ALLOWED[ours] else next(role for role in Role if what in ALLOWED[role])
        return _with_session(self.strangers[role][1])


def _with_session(key: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def _everybody(of: Service) -> dict[Role, tuple[Actor, str]]:
    """One of each role, signed in."""
    staff = {}
    for role in Role:
        actor = world.member(of, role, f"the {role} of {of.code}")
        staff[role] = (actor, signed_in(actor).cookies[settings.SESSION_COOKIE_NAME].value)
    return staff


def _place(route: Route, by: Actor, number: int) -> Place | NoPlace:
    try:
        return place_of(route, by, person=world.demographics(given_name=f"Ada-{number}"))
    except NoPlace as missing:
        return missing


_MADE: list[tuple[dict[str, Any], Standing]] = []


@pytest.fixture(scope="session")
def _made_standing(
    django_db_setup, django_db_blocker, tmp_path_factory
) -> Iterator[tuple[dict[str, Any], Standing]]:
    """Made once in each process, in a database beside that of the other tests."""
    if _MADE:  # by the fixture of another folder that imports this one
        yield _MADE[0]
        return
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=QUICK),
        fresh(tmp_path_factory.mktemp("standing")) as database,
    ):
        with led_to(database), clock.at(world.at_noon(world.TODAY)):
            nurse = world.member(world.service())
            neighbour = world.member(world.service("south"), Role.CO_ORDINATOR, "neighbour")
            somebody = world.planned(nurse).person
            world.found(nurse.service, person=world.demographics(family_name="Overthere"))
            places = {route.name: _place(route, nurse, number) for number, route in enumerate(ROUTES)}
            staff, strangers = _everybody(nurse.service), _everybody(neighbour.service)
        _MADE.append((database, Standing(nurse, neighbour, somebody, places, staff, strangers)))
        yield _MADE[0]


@pytest.fixture(scope="module")
def standing(_made_standing, django_db_blocker) -> Iterator[Standing]:
    """Two services with a record for every address; what a test does to them is rolled back when that test ends."""
    database, made = _made_standing
    with django_db_blocker.unblock(), led_to(database):
        yield made
