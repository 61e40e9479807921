"""What the tests of the pages share: a service with staff, and a day on which the clock stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client, override_settings

import world
from openfls.service import clock
from openfls.service.actor import Actor, can
from openfls.service.models import Person, User
from openfls.service.roles import ALLOWED, May, Role
from openfls.web.guard import Route
from openfls.web.urls import ROUTES
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

    def place(self, route: Route) -> Place:
        """The address of a route, with its record. Raises NoPlace for a route that is not described."""
        place = self.places[route.name]
        if isinstance(place, NoPlace):
            raise place
        return place


def _place(route: Route, by: Actor, number: int) -> Place | NoPlace:
    try:
        return place_of(route, by, person=world.demographics(given_name=f"Ada-{number}"))
    except NoPlace as missing:
        return missing


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker) -> Iterator[Standing]:
    """Made once for the tests of a module; what a test does to it is rolled back when that test ends."""
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=QUICK),
        clock.at(world.at_noon(world.TODAY)),
        transaction.atomic(),
    ):
        nurse = world.member(world.service())
        neighbour = world.member(world.service("south"), Role.CO_ORDINATOR, "neighbour")
        somebody = world.planned(nurse).person
        world.found(nurse.service, person=world.demographics(family_name="Overthere"))
        places = {route.name: _place(route, nurse, number) for number, route in enumerate(ROUTES)}
        yield Standing(nurse, neighbour, somebody, places)
        transaction.set_rollback(True)
