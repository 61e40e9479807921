"""Passwords that anybody would try first at this door."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

import world
from openfls.service.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """A nurse of Saltby."""
    member = world.member(world.service("saltby"), username="ivy.newcomer").user
    member.first_name, member.last_name = "Ivy", "Newcomer"
    return member


@pytest.mark.parametrize(
    "password",
    [
        *(
            "openfls-openfls-2026",
            "Fracture Liaison 1!",
            "osteoporosis-nurse",
            "IvyNewcomer2026!",
            "saltby-hospital-99",
        ),
        *("saltby-hospital-99", "ivy.newcomer.nhs", "Password-Winter-2026"),
    ],
)
def test_words_of_the_house_and_ones_own_names_are_no_password(password: str, user: User) -> None:
    with pytest.raises(ValidationError, match="anybody would try those first"):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password", [world.PASSWORD, "three unlikely words", "ivy climbs the old hospital wall"]
)
def test_they_may_stand_in_one(password: str, user: User) -> None:
    validate_password(password, user)
    validate_password(password)
