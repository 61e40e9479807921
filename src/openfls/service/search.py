"""Finding a person by whatever is at hand: names, numbers, a date of birth, in any order."""

from __future__ import annotations

from django.db.models import Q

from openfls.record.people import NHS_NUMBER, nhs_number_digits
from openfls.record.written_dates import read_date
from openfls.service.models import Person, Service

MOST = 50


def find_people(service: Service, words: str) -> list[Person]:
    """At most `MOST` people of the service who match every part of ``words``, by name."""
    words = words.replace("\x00", "").strip()[:100]  # PostgreSQL knows no NUL
    if not words:
        return []
    digits = nhs_number_digits(words)
    people = Person.objects.filter(service=service).prefetch_related("identifiers")
    if len(digits) == 10 and digits.isdigit():
        return list(
            people.filter(identifiers__system=NHS_NUMBER, identifiers__value=digits).distinct()[:MOST]
        )
    # A birth date of the last century is the usual one here: "1.2.45" is 1945.
    born = read_date(words, century=1900)
    if born:
        return list(people.filter(birth_date=born).order_by("family_name", "given_name")[:MOST])
    for part in words.replace(",", " ").split():
        day = read_date(part, century=1900)
        people = people.filter(
            Q(birth_date=day)
            if day
            else Q(family_name__icontains=part)
            | Q(given_name__icontains=part)
            | Q(identifiers__value__iexact=part)
        )
    return list(people.distinct().order_by("family_name", "given_name")[:MOST])


def namesakes_of(person: Person) -> list[Person]:
    """Other records of the service with the same family name and birth date: perhaps the same person."""
    if not (person.family_name and person.birth_date):
        return []
    others = Person.objects.filter(
        service=person.service, family_name__iexact=person.family_name, birth_date=person.birth_date
    )
    return list(others.exclude(pk=person.pk)[:5])
