"""Whose are the records of a batch? The people whom its numbers name, looked up once; those who are new, made at once.

The rules are those of `identity`, record by record and in their order; only the questions to the database are put
together. A service's feeds take turns (`turns`), so that nobody else makes the same person meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from openfls.identification.episodes import partition
from openfls.identification.episodes.persons import matchable
from openfls.record.people import Demographics, Identifier
from openfls.service.feeds.identity import (
    Change,
    IdentityDoubt,
    bring_up_to_date,
    columns_from,
    cut_number,
    decided_before,
    moment_of,
)
from openfls.service.models import Person, PersonIdentifier, Service


class Registry:
    """The people of one service as far as a batch of records names them."""

    def __init__(self, service: Service, told: Iterable[Demographics | None]) -> None:
        self._service = service
        wanted = {number for each in told if each is not None for number in matchable(each)}
        held = PersonIdentifier.objects.filter(
            service=service, valid=True, value__in={number.value for number in wanted}
        )
        keys = {
            Identifier(row.system, row.value): row.person_id
            for row in held
            if Identifier(row.system, row.value) in wanted
        }
        people = Person.objects.prefetch_related("identifiers").in_bulk(set(keys.values()))
        for person in people.values():
            person.service = service
        self._owner: dict[Identifier, Person] = {number: people[key] for number, key in keys.items()}
        self._numbers: dict[object, dict[Identifier, None]] = {
            person.pk: {Identifier(row.system, row.value): None for row in person.identifiers.all()}
            for person in people.values()
        }
        self._new_people: list[Person] = []
        self._new_numbers: list[PersonIdentifier] = []
        self.change: Change | None = None
        """What the record that was asked about last changed of its person; None where it made the person."""

    def knows(self, told: Demographics) -> bool:
        """Whether any number of a record is somebody's."""
        return any(number in self._owner for number in matchable(told))

    def owner_of(self, told: Demographics) -> Person | None:
        """One whom a number of a record names."""
        return next((self._owner[each] for each in matchable(told) if each in self._owner), None)

    def person_for(self, told: Demographics, version: str = "") -> Person:
        """The person of whom a record tells, made or brought up to date; kept by `save`.

        Raises:
            IdentityDoubt: as `identity.person_for`.
        """
        self.change = None
        found = {self._owner[each].pk: self._owner[each] for each in matchable(told) if each in self._owner}
        owners = sorted(found.values(), key=lambda each: each.pk)
        if not owners:
            person = Person(service=self._service, told_version=moment_of(version), **columns_from(told))
            self._new_people.append(person)
            self._numbers[person.pk] = {}
            self._keep_numbers(person, told)
            return person
        known = owners[0].demographics(self._numbers[owners[0].pk])
        if len(owners) > 1 or len(partition([known, told])) > 1:
            self.save()  # what was decided before is asked of the database
            person = decided_before(self._service, told)
            if person is None:
                raise IdentityDoubt(
                    "its numbers belong to two different people"
                    if len(owners) > 1
                    else "the number belongs to somebody with another name and birth date"
                )
            person = next((each for each in owners if each.pk == person.pk), person)
        else:
            person = owners[0]
        self._numbers.setdefault(
            person.pk, {Identifier(row.system, row.value): None for row in person.identifiers.all()}
        )
        self.change = bring_up_to_date(person, told, moment_of(version))
        self.change.numbers.extend(self._keep_numbers(person, told))
        return person

    def save(self) -> None:
        """Keep who is new and the numbers that are."""
        for person in self._new_people:
            person.fold_name()
        Person.objects.bulk_create(self._new_people)
        try:
            with transaction.atomic():
                PersonIdentifier.objects.bulk_create(self._new_numbers)
        except IntegrityError:
            for each in self._new_numbers:
                _save_alone(each)
        self._new_people, self._new_numbers = [], []

    def _keep_numbers(self, person: Person, told: Demographics) -> list[tuple[str, str]]:
        """Keep the numbers of a record that are new; which."""
        new: list[tuple[str, str]] = []
        good = {each for each in matchable(told) if each == cut_number(each)}
        mine = self._numbers[person.pk]
        for each in told.identifiers:
            number = each if each in good else cut_number(each)
            if not number.value or number in mine:
                continue
            mine[number] = None
            new.append((number.system, number.value))
            # A number that somebody else has is kept to be seen, and never matched on.
            valid = number in good and self._owner.setdefault(number, person).pk == person.pk
            self._new_numbers.append(
                PersonIdentifier(
                    service=self._service,
                    person=person,
                    system=number.system,
                    value=number.value,
                    valid=valid,
                )
            )
        return new


def _save_alone(number: PersonIdentifier) -> None:
    """Somebody took no turn and has given the number to another a moment ago: it is kept, and never matched on."""
    number.pk = None
    try:
        with transaction.atomic():
            number.save(force_insert=True)
    except IntegrityError:
        number.valid = False
        number.save(force_insert=True)
