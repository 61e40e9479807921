"""Whose record is it? A number finds the person, name or birth date must agree; a doubt waits for a human."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from openfls.identification.episodes.persons import matchable
from openfls.record.people import Demographics, Identifier, Sex
from openfls.service.feeds.contradictions import OF_DEATH, as_kept, contradict, standing
from openfls.service.feeds.values import reading_from
from openfls.service.models import Person, PersonIdentifier, RowDecision, Service


class IdentityDoubt(Exception):
    """The record could be somebody else's: its numbers are two people's, or one's whose name and birth date differ.

    The message says why, without naming anybody. A doubt that somebody has decided before is decided the same again.
    """


@dataclass(frozen=True, slots=True)
class Change:
    """What a record changed of a person: details as they stood and as they stand, both as JSON keeps them; the
    corrections that it contradicts, each with what was told before; the ``numbers`` that it added."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    contradicted: list[tuple[int, Any]] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)


def new_person(service: Service, told: Demographics, version: str = "") -> Person:
    """A person made of what a record tells. A number that is somebody else's already is kept, and never matched on."""
    person = Person.objects.create(service=service, told_version=moment_of(version), **columns_from(told))
    _keep_numbers(person, told, set())
    return person


def attach(person: Person, told: Demographics, version: str = "") -> None:
    """Bring a person up to date with what a record tells, its numbers included."""
    bring_up_to_date(person, told, moment_of(version))
    _keep_numbers(person, told, set(person.demographics().identifiers))


def owners_of(service: Service, told: Demographics) -> list[Person]:
    """The people whom the record's numbers belong to."""
    return _owners(service, matchable(told))


def decided_before(service: Service, told: Demographics) -> Person | None:
    """Whom a person chose for an earlier record with these numbers, this family name and this birth date."""
    numbers = set(matchable(told))
    holders = PersonIdentifier.objects.filter(_any_of(numbers), service=service).values("person_id")
    decisions = RowDecision.objects.filter(
        service=service,
        person__in=holders,
        undone_at=None,
        kind__in=(RowDecision.Kind.THIS_PERSON, RowDecision.Kind.SOMEBODY_ELSE),
    ).select_related("person")
    chosen = {
        decision.person
        for decision in decisions
        if (earlier := reading_from(decision.reading).person) is not None
        and numbers <= set(matchable(earlier))
        and earlier.birth_date == told.birth_date
        and earlier.family_name.casefold() == told.family_name.casefold()
        and (told.birth_date or told.family_name)
    }
    return chosen.pop() if len(chosen) == 1 else None


def _owners(service: Service, numbers: tuple[Identifier, ...]) -> list[Person]:
    if not numbers:
        return []
    keys = PersonIdentifier.objects.filter(_any_of(numbers), service=service, valid=True).values("person_id")
    return list(Person.objects.filter(pk__in=keys).prefetch_related("identifiers").order_by("pk"))


def _any_of(numbers: Iterable[Identifier]) -> Q:
    condition = Q()
    for number in numbers:
        condition |= Q(system=number.system, value=number.value)
    return condition


def cut_number(number: Identifier) -> Identifier:
    """A number that does not fit is kept in part, to be shown, and never matched on."""
    cut = (str(_cut(PersonIdentifier, name, getattr(number, name))) for name in ("system", "value"))
    return Identifier(*cut)


def columns_from(told: Demographics) -> dict[str, object]:
    """What a record tells as columns of a person, each cut to its length."""
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


def fill_gaps(person: Person, other: Person) -> None:
    """What is not known of a person, from another record of the same one."""
    for column, value in columns_from(other.demographics()).items():
        if getattr(person, column) in _UNKNOWN and value not in _UNKNOWN:
            setattr(person, column, value)
    person.save()


def moment_of(version: str) -> str:
    """A version as digits, so that a message time and a FHIR ``lastUpdated`` can be compared; empty where none."""
    return "".join(character for character in version if character in "0123456789")[:14]


def bring_up_to_date(
    person: Person, told: Demographics, version: str, *, only: Collection[str] | None = None
) -> Change:
    """What the sender said last holds, whatever came first. A death stays. What a person set right is left alone.

    Without versions nobody knows what was said last: who somebody is changes only from unknown, and where to reach
    somebody is what came last. ``only`` names the columns that may change; all, where it is not given.
    """
    newer = version > person.told_version
    reached = version >= person.told_version
    change = Change()
    differs = {
        column: value
        for column, value in columns_from(told).items()
        if value not in _UNKNOWN and value != getattr(person, column) and (only is None or column in only)
    }
    corrected = standing(person) if differs and not person._state.adding else {}
    for column, value in differs.items():
        kept = getattr(person, column)
        if column in corrected:
            # A message from before the newest says nothing new, but of a death.
            if not version or reached or column in OF_DEATH:
                earlier = corrected[column].told
                if contradict(corrected[column], value):
                    change.contradicted.append((corrected[column].pk, earlier))
        elif kept in _UNKNOWN or newer or (reached and column in _LATEST_WINS):
            _set(person, column, value, change)
    if newer and (only is None or "told_version" in only):
        _set(person, "told_version", version, change)
    if change.after and not person._state.adding:
        # Those alone: staff may have told of a death since the row was read, and they take no turn.
        person.save(update_fields=list(change.after))
    return change


def _set(person: Person, column: str, value: object, change: Change) -> None:
    change.before[column] = as_kept(getattr(person, column))
    change.after[column] = as_kept(value)
    setattr(person, column, value)


def _keep_numbers(person: Person, told: Demographics, known: set[Identifier]) -> None:
    good = {each for each in matchable(told) if each == cut_number(each)}
    new = {
        number: number in good
        for number in (each if each in good else cut_number(each) for each in told.identifiers)
        if number.value and number not in known
    }
    taken = _of_somebody_else(person, [number for number, valid in new.items() if valid])
    PersonIdentifier.objects.bulk_create(
        PersonIdentifier(
            service=person.service,
            person=person,
            system=number.system,
            value=number.value,
            valid=valid and number not in taken,
        )
        for number, valid in new.items()
    )


def _of_somebody_else(person: Person, numbers: list[Identifier]) -> set[Identifier]:
    if not numbers:
        return set()
    rows = PersonIdentifier.objects.filter(_any_of(numbers), service=person.service, valid=True)
    return {Identifier(row.system, row.value) for row in rows.exclude(person=person)}
