"""What speaks against two records being of one person, said before anybody puts them together."""

from __future__ import annotations

from openfls.record.people import NHS_NUMBER, Sex
from openfls.service.folding import folded
from openfls.service.models import Person


def differences(one: Person, other: Person) -> list[str]:
    """In words for the page, the gravest first; empty where nothing that both tell differs. Unknown never differs."""
    found = []
    numbers = [_nhs_numbers(each) for each in (one, other)]
    if all(numbers) and not numbers[0] & numbers[1]:
        found.append("each has an NHS number of its own that passes its check")
    if one.deceased != other.deceased:
        died = one if one.deceased else other
        on = f" on {_day(died.deceased_on)}" if died.deceased_on else ""
        found.append(f"{died.name} has died{on}, of the other no death is known")
    elif one.deceased_on and other.deceased_on and one.deceased_on != other.deceased_on:
        found.append(f"the deaths differ: {_day(one.deceased_on)} and {_day(other.deceased_on)}")
    if one.sex != other.sex and Sex.UNKNOWN not in (one.sex, other.sex):
        found.append(f"the sex differs: {one.sex} and {other.sex}")
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        found.append(f"the dates of birth differ: {_day(one.birth_date)} and {_day(other.birth_date)}")
    if _differ(one.family_name, other.family_name):
        found.append("the family names differ")
    if _differ(one.given_name.split(" ")[0], other.given_name.split(" ")[0]):
        found.append("the given names differ")
    if _differ(one.postcode or one.address, other.postcode or other.address):
        found.append("the addresses differ")
    return found


def _nhs_numbers(person: Person) -> set[str]:
    return {each.value for each in person.identifiers.all() if each.valid and each.system == NHS_NUMBER}


def _differ(one: str, other: str) -> bool:
    plain = [folded(each).replace(" ", "") for each in (one, other)]
    return all(plain) and plain[0] != plain[1]


def _day(day: object) -> str:
    return f"{day:%d %B %Y}".lstrip("0") if day else ""
