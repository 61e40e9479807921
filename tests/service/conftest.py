"""A service with its people, on a day that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import world
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import Service


@pytest.fixture
def today(db: None) -> Iterator[None]:
    """It is noon of `world.TODAY`."""
    with clock.at(world.at_noon(world.TODAY)):
        yield


@pytest.fixture
def service(today: None) -> Service:
    """The service under test."""
    return world.service()


@pytest.fixture
def nurse(service: Service) -> Actor:
    """Its co-ordinator."""
    return world.member(service)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """No test here is about passwords, whose hashing is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
