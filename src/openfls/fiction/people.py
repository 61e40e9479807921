"""Fictional people: names, numbers, addresses. Nobody in it exists and no number can reach anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from openfls.fiction.tables import percent, table, weighted
from openfls.fiction.values import FictionalPerson
from openfls.record.people import NHS_NUMBER, Demographics, Identifier, Sex

HOSPITAL = str(table("places")["hospital_code"])
"""The identifier system of the hospital number, as HL7 messages name it."""

_NHS_MISSING, _NHS_WRONG, _LANDLINE = 4.0, 1.0, 60.0
_CARE_HOME = {"50": 0.5, "70": 3.0, "80": 8.0, "87": 18.0, "93": 28.0}
_YOUNGER_FROM = 1976


def care_home_percent(age: int) -> float:
    """How many in a hundred live in a care home at ``age``; assumed."""
    reached = [share for from_age, share in _CARE_HOME.items() if age >= int(from_age)]
    return reached[-1] if reached else 0.0


def nhs_number(first_nine: int) -> str | None:
    """The ten digits that begin with ``first_nine``; None where no check digit exists."""
    digits = f"{first_nine:09d}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return None if rest == 10 else f"{digits}{rest % 11}"


def numbers(chance: Random) -> Iterator[tuple[str, str]]:
    """NHS numbers (999, the range for tests) and hospital numbers; no two alike."""
    hospital = iter(chance.sample(range(100_000, 1_000_000), 100_000))
    for middle in chance.sample(range(1_000_000), 110_000):
        number = nhs_number(999_000_000 + middle)
        if number:
            yield number, f"BM{next(hospital)}"


def birth_date(chance: Random, on: date, age: int) -> date:
    """A day that makes somebody ``age`` on ``on``."""
    latest = on.replace(year=on.year - age) if (on.month, on.day) != (2, 29) else date(on.year - age, 2, 28)
    return latest - timedelta(days=chance.randrange(0, 364))


def make(
    chance: Random,
    key: str,
    *,
    sex: Sex,
    born: date,
    care_home: bool,
    issued: tuple[str, str],
) -> FictionalPerson:
    """One person with the ``issued`` NHS and hospital numbers."""
    nhs, hospital = issued
    if percent(chance, _NHS_MISSING):
        nhs = ""
    elif percent(chance, _NHS_WRONG):
        nhs = f"{nhs[:-1]}{(int(nhs[-1]) + 1) % 10}"
    given, family = _name(chance, sex, born)
    places = table("places")
    lines = _address(chance, care_home)
    practice = chance.choice(places["practice"])
    identifiers = (Identifier(NHS_NUMBER, nhs),) if nhs else ()
    return FictionalPerson(
        key=key,
        demographics=Demographics(
            identifiers=(*identifiers, Identifier(HOSPITAL, hospital)),
            family_name=family,
            given_name=given,
            birth_date=born,
            sex=sex,
            address=", ".join(lines),
            postcode=_postcode(chance),
            telephone=_telephone(chance),
            general_practice=practice["name"],
        ),
        nhs_number=nhs,
        hospital_number=hospital,
        care_home=care_home,
        address_lines=lines,
        practice_code=practice["code"],
    )


def _name(chance: Random, sex: Sex, born: date) -> tuple[str, str]:
    names = table("names")
    groups = {index: group["share"] for index, group in enumerate(names["group"])}
    group = names["group"][weighted(chance, groups)]
    given = names["younger"] if born.year >= _YOUNGER_FROM else group
    return chance.choice(given[sex.value]), chance.choice(group["family"])


def _address(chance: Random, care_home: bool) -> tuple[str, ...]:
    places = table("places")
    street = f"{chance.randrange(1, 140)} {chance.choice(places['streets'])}"
    town = places["town"] if percent(chance, 70) else chance.choice(places["villages"])
    first = (chance.choice(places["care_homes"]),) if care_home else ()
    return (*first, street, town, places["county"])


def _postcode(chance: Random) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that a postcode's last two places may hold
    ending = f"{chance.randrange(1, 10)}{chance.choice(letters)}{chance.choice(letters)}"
    return f"ZZ{chance.randrange(1, 10)} {ending}"


def _telephone(chance: Random) -> str:
    last = f"{chance.randrange(1000):03d}"
    return f"01632 960{last}" if percent(chance, _LANDLINE) else f"07700 900{last}"
