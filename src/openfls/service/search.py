"""Finding a person by whatever is at hand: names, numbers, a date of birth, in any order."""

from __future__ import annotations

from django.db.models import Q

from openfls.record.people import nhs_number_digits
from openfls.record.written_dates import read_date
from openfls.service.folding import folded
from openfls.service.models import Person, PersonIdentifier, Service

MOST = 50


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
        # Two plain questions: an "or" of the two would be answered by reading everybody.
        found = [Q(pk__in=of_number)] if of_number else []
        found += [Q(birth_date=born)] if born else []
        keys = {key for each in found for key in people.filter(each).values_list("pk", flat=True)[:MOST]}
        people = people.filter(pk__in=keys)
    else:
        for part in words.replace(",", " ").split():
            people = people.filter(_part(service, part))
    return list(people.order_by("folded_name", "birth_date", "pk")[:MOST])


def _with_number(service: Service, words: str) -> list[object]:
    """The people with this number in any system, valid or not, whichever of the two is written with spaces."""
    wanted = {"".join(words.split()).lower(), nhs_number_digits(words)} - {""}
    rows = PersonIdentifier.objects.filter(service=service, plain__in=wanted)
    return list(rows.values_list("person_id", flat=True)[:MOST])


def _part(service: Service, part: str) -> Q:
    """One word: a date of birth, part of a name, or a whole number."""
    day = read_date(part, century=1900)
    if day:
        return Q(birth_date=day)
    named = Q(folded_name__contains=folded(part))
    of_number = _with_number(service, part)
    # A condition on the name alone is answered from the index, without reading a row that does not match.
    return named | Q(pk__in=of_number) if of_number else named


def namesakes_of(person: Person) -> list[Person]:
    """Other records of the service with the same family name and birth date: perhaps the same person."""
    if not (person.family_name and person.birth_date):
        return []
    born_that_day = Person.objects.filter(service=person.service, birth_date=person.birth_date)
    name = folded(person.family_name)
    return [each for each in born_that_day.exclude(pk=person.pk) if folded(each.family_name) == name][:5]
