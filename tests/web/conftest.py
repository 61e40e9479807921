"""What the tests of the pages share: a service with staff, and a day on which the clock stands."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import Client

import world
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.roles import Role


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """What makes a password slow to guess makes a test slow to run."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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


@pytest.fixture
def client(nurse) -> Client:
    """The nurse's client."""
    return signed_in(nurse)
