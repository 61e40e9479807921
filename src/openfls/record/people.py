"""Who a person is: identifiers, sex, birth and death, and how old somebody was on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NHS_NUMBER = "nhs_number"
"""The identifier system of the NHS number; every other system is a hospital's own name for its numbers."""


class Sex(StrEnum):
    """Sex as the risk equations and reference ranges need it; unknown is a value, never a default."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that a system gave to a person."""

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Demographics:
    """What a feed says about a person. ``deceased`` with no ``deceased_on``: dead, day unknown."""

    identifiers: tuple[Identifier, ...] = ()
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN
    deceased: bool = False
    deceased_on: date | None = None
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    general_practice: str = ""


def age_on(birth_date: date, day: date) -> int:
    """Completed years on ``day``. A person born on 29 February has the birthday on 1 March in other years."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


def nhs_number_digits(text: str) -> str:
    """The digits of an NHS number written in any usual way: ``999 000 0018``, ``999-000-0018``."""
    return "".join(character for character in text if character not in " -\t\u00a0")


def is_valid_nhs_number(text: str) -> bool:
    """Whether ``text`` is ten digits whose last is the modulus-11 check digit of the first nine."""
    digits = nhs_number_digits(text)
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = (11 - weighted % 11) % 11
    return check != 10 and check == int(digits[9])
