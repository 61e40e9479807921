"""Finding a person by whatever is at hand: names, numbers, a date of birth, in any order."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.functions import Length, Replace

from openfls.record.people import nhs_number_digits
from openfls.record.written_dates import read_date
from openfls.service.models import Person, PersonIdentifier, Service

MOST = 50


class _Octets(Func):
    """Bytes of a text in UTF-8: as many as its letters where all are ASCII."""

    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite has had the function only since 3.43."""
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **context)


def find_people(service: Service, words: str) -> list[Person]:
    """At most `MOST` people of the service who match every part of ``words``, by name."""
    words = words.replace("\x00", "").strip()[:100]  # PostgreSQL knows no NUL
    if not words:
        return []
    people = Person.objects.filter(service=service).prefetch_related("identifiers")
    of_number = _with_number(service, words)
    # A birth date of the last century is the usual one here: "1.2.45" is 1945.
    born = read_date(words, century=1900)
    if of_number or born:
        people = people.filter(Q(pk__in=of_number) | (Q(birth_date=born) if born else Q(pk__in=[])))
    else:
        others = _names_beyond_ascii(service)
        for part in words.replace(",", " ").split():
            people = people.filter(_part(service, part, others))
    return list(people.order_by("family_name", "given_name")[:MOST])


def _with_number(service: Service, words: str) -> list[object]:
    """The people with this number in any system, valid or not, whichever of the two is written with spaces."""
    rows = PersonIdentifier.objects.filter(service=service).annotate(
        plain=Replace(F("value"), Value(" "), Value(""))
    )
    wanted = Q(plain__iexact="".join(words.split())) | Q(plain=nhs_number_digits(words))
    return list(rows.filter(wanted).values_list("person_id", flat=True)[:MOST])


def _part(service: Service, part: str, others: list[tuple[object, str]]) -> Q:
    day = read_date(part, century=1900)
    if day:
        return Q(birth_date=day)
    plain = folded(part)
    return (
        Q(family_name__icontains=plain)
        | Q(given_name__icontains=plain)
        | Q(pk__in=_with_number(service, part))
        | Q(pk__in=[pk for pk, name in others if plain in name])
    )


def _names_beyond_ascii(service: Service) -> list[tuple[object, str]]:
    """The people whose name has a letter of which SQLite does not know the case, with the name folded."""
    rows = (
        Person.objects.filter(service=service)
        .annotate(octets=_Octets("family_name") + _Octets("given_name"))
        .filter(octets__gt=Length("family_name") + Length("given_name"))
    )
    return [
        (pk, f"{folded(family)}\n{folded(given)}")
        for pk, family, given in rows.values_list("pk", "family_name", "given_name")
    ]


def folded(name: str) -> str:
    """A name as it is compared: no case, no accents, one kind of apostrophe."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def namesakes_of(person: Person) -> list[Person]:
    """Other records of the service with the same family name and birth date: perhaps the same person."""
    if not (person.family_name and person.birth_date):
        return []
    born_that_day = Person.objects.filter(service=person.service, birth_date=person.birth_date)
    name = folded(person.family_name)
    return [each for each in born_that_day.exclude(pk=person.pk) if folded(each.family_name) == name][:5]
