"""Whose record is it? A number finds the person, name or birth date must agree; a doubt waits for a human."""

from __future__ import annotations

from django.db.models import Model, Q

from openfls.identification.episodes import partition
from openfls.identification.episodes.persons import matchable
from openfls.record.people import Demographics, Identifier, Sex
from openfls.service.models import Person, PersonIdentifier, Service


class IdentityDoubt(Exception):
    """The record could be somebody else's. The message says why, without naming anybody."""


def person_for(service: Service, told: Demographics) -> Person:
    """The person of whom a record tells, made or brought up to date.

    Raises:
        IdentityDoubt: its numbers belong to two people, or to one whose name and birth date both differ.
    """
    owners = _owners(service, matchable(told))
    if len(owners) > 1:
        raise IdentityDoubt("its numbers belong to two different people")
    if not owners:
        person = Person.objects.create(service=service, **_columns(told))
        _keep_numbers(person, told, set())
        return person
    person = owners[0]
    known = person.demographics()
    if len(partition([known, told])) > 1:
        raise IdentityDoubt("the number belongs to somebody with another name and birth date")
    _bring_up_to_date(person, told)
    _keep_numbers(person, told, set(known.identifiers))
    return person


def _owners(service: Service, numbers: tuple[Identifier, ...]) -> list[Person]:
    if not numbers:
        return []
    condition = Q()
    for number in numbers:
        condition |= Q(system=number.system, value=number.value)
    keys = PersonIdentifier.objects.filter(condition, service=service, valid=True).values("person_id")
    return list(Person.objects.filter(pk__in=keys).prefetch_related("identifiers"))


def _cut_number(number: Identifier) -> Identifier:
    """A number that does not fit is kept in part, to be shown, and never matched on."""
    cut = (str(_cut(PersonIdentifier, name, getattr(number, name))) for name in ("system", "value"))
    return Identifier(*cut)


def _columns(told: Demographics) -> dict[str, object]:
    columns = {
        "family_name": told.family_name,
        "given_name": told.given_name,
        "birth_date": told.birth_date,
        "sex": told.sex,
        "deceased": told.deceased or told.deceased_on is not None,
        "deceased_on": told.deceased_on,
        "address": told.address,
        "postcode": told.postcode,
        "telephone": told.telephone,
        "general_practice": told.general_practice,
    }
    return {name: _cut(Person, name, value) for name, value in columns.items()}


def _cut(table: type[Model], name: str, value: object) -> object:
    """A text no longer than its column; what was sent stays whole in the record that told it."""
    return value[: table._meta.get_field(name).max_length] if isinstance(value, str) else value


_UNKNOWN = (None, "", Sex.UNKNOWN, False)
_LATEST_WINS = ("address", "postcode", "telephone", "general_practice")


def _bring_up_to_date(person: Person, told: Demographics) -> None:
    """Where to reach somebody is what was told last; who somebody is changes only from unknown. A death stays."""
    changed = False
    for column, value in _columns(told).items():
        kept = getattr(person, column)
        if value in _UNKNOWN or value == kept:
            continue
        if kept in _UNKNOWN or column in _LATEST_WINS:
            setattr(person, column, value)
            changed = True
    if changed:
        person.save()


def _keep_numbers(person: Person, told: Demographics, known: set[Identifier]) -> None:
    good = {each for each in matchable(told) if each == _cut_number(each)}
    PersonIdentifier.objects.bulk_create(
        PersonIdentifier(
            service=person.service,
            person=person,
            system=number.system,
            value=number.value,
            valid=number in good,
        )
        for number in dict.fromkeys(each if each in good else _cut_number(each) for each in told.identifiers)
        if number.value and number not in known
    )
