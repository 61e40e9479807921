"""A service with one of everything, a token that may read all of it, and one of the service next door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

import world
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import Delivery, Episode, Letter
from openfls.service.roles import Role
from service.sharing import connected
from web.api.asking import Asking
from web.conftest import QUICK


@pytest.fixture(autouse=True)
def _unhurried(db):
    """Each test counts from nothing."""
    cache.clear()


@dataclass(frozen=True)
class Shared:
    """The service, its co-ordinator, the person with one of everything, and two clients."""

    nurse: Actor
    neighbour: Actor
    episode: Episode
    letter: Letter
    token: str
    next_door: str

    @property
    def client(self) -> Asking:
        """Who may read everything here."""
        return Asking(self.token)

    @property
    def stranger(self) -> Asking:
        """Who may read everything next door, and nothing here."""
        return Asking(self.next_door)


@pytest.fixture(scope="package")
def shared(django_db_setup, django_db_blocker) -> Iterator[Shared]:
    """Made once for the tests of this folder; what a test does to it is rolled back when that test ends."""
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=QUICK),
        clock.at(world.at_noon(world.TODAY)),
        transaction.atomic(),
    ):
        nurse = world.member(world.service())
        neighbour = world.member(world.service("south"), Role.CO_ORDINATOR, "neighbour")
        episode = connected.everything(nurse)
        Delivery.objects.update(finished_at=clock.now())
        yield Shared(
            nurse,
            neighbour,
            episode,
            episode.letters.get(),
            connected.token(nurse),
            connected.token(neighbour),
        )
        transaction.set_rollback(True)
