"""Who of the people known already could be meant, shown before a second record of somebody is made."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from openfls.record.people import Demographics
from openfls.service.folding import folded
from openfls.service.models import Person, PersonIdentifier, Service

MOST = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is known, and why it could be the same person."""

    person: Person
    why: str


def candidates(service: Service, told: Demographics) -> list[Candidate]:
    """At most `MOST` people who share a number, a birth date with a name, or both names; the likeliest first."""
    plain = {"".join(each.value.split()).lower() for each in told.identifiers} - {""}
    held = PersonIdentifier.objects.filter(service=service, plain__in=plain)
    by_number = set(held.values_list("person_id", flat=True)) if plain else set()
    family, given = folded(told.family_name), folded(told.given_name)
    alike = Q(pk__in=by_number)
    if told.birth_date:
        alike |= Q(birth_date=told.birth_date)
    if family:
        # Said as a range, which the index of names answers; "begins with" would be asked of every name.
        alike |= Q(folded_name__gte=f"{family}\n", folded_name__lt=f"{family}\n\U0010ffff")
    people = Person.objects.filter(alike, service=service).prefetch_related("identifiers")
    found = [
        (rank, Candidate(each, why))
        for each in people.order_by("folded_name", "birth_date", "pk")
        for rank, why in [_likeness(each, told, family, given, has_number=each.pk in by_number)]
        if why
    ]
    found.sort(key=lambda each: each[0])
    return [each for _, each in found[:MOST]]


def _likeness(
    known: Person, told: Demographics, family: str, given: str, *, has_number: bool
) -> tuple[int, str]:
    same_family = bool(family) and folded(known.family_name) == family
    same_given = bool(given) and folded(known.given_name).split()[:1] == given.split()[:1]
    same_birth = told.birth_date is not None and known.birth_date == told.birth_date
    if has_number:
        return 0, "the same number"
    if same_birth and same_family:
        return 1, "the same family name and date of birth"
    if same_birth and same_given:
        return 2, "the same given name and date of birth"
    if same_family and same_given and (told.birth_date is None or known.birth_date is None):
        return 3, "the same name; a date of birth is not known"
    if same_family and same_given:
        return 4, "the same name, born on another day"
    return 9, ""
