"""Nobody of another service appears, whatever is asked for."""

from __future__ import annotations

from datetime import date

import pytest

import world
from openfls.record.people import NHS_NUMBER, Demographics, Identifier
from openfls.service import search, worklist
from openfls.service.actor import Actor
from openfls.service.models import Episode, Service
from openfls.service.quality.measures import measures_of, people_of


@pytest.fixture
def other(nurse: Actor) -> Service:
    """Another service that knows the very same person."""
    return world.service("south")


@pytest.fixture
def person(nurse: Actor, other: Service) -> Demographics:
    """A person of both services, confirmed in each."""
    shared = world.demographics(family_name="Shared")
    world.confirmed(nurse, person=shared)
    world.confirmed(world.member(other, username="other"), person=shared)
    return shared


@pytest.mark.parametrize("words", ["Shared", "shared, ada", "Ada", "1 3 1950", "1.3.50", "Shared 1/3/1950"])
def test_a_search_finds_people_of_the_service_alone(
    words: str, person: Demographics, service: Service, other: Service
) -> None:
    for each in (service, other):
        assert [found.service_id for found in search.find_people(each, words)] == [each.pk]


def test_a_search_by_number(person: Demographics, service: Service, other: Service) -> None:
    number = person.identifiers[0].value
    for words in (number, f"{number[:3]} {number[3:6]} {number[6:]}"):
        assert [found.service_id for found in search.find_people(service, words)] == [service.pk]
    assert search.find_people(world.service("third"), number) == []


@pytest.mark.parametrize("words", ["", "   ", "Nobody", "31 2 1950", "%", "x" * 5000, "\x00"])
def test_words_that_find_nobody(words: str, person: Demographics, service: Service) -> None:
    assert search.find_people(service, words) == []


def test_namesakes_are_of_the_same_service(person: Demographics, service: Service) -> None:
    episode = Episode.objects.get(service=service)
    assert search.namesakes_of(episode.person) == []
    twin = world.found(service, person=world.demographics(family_name="SHARED")).person
    assert search.namesakes_of(episode.person) == [twin]


def test_every_list_holds_the_service_alone_and_is_counted_right(
    person: Demographics, service: Service, other: Service
) -> None:
    for each in (service, other):
        counts = worklist.counts(each, world.TODAY)
        for one in worklist.WORKLISTS:
            found = list(worklist.episodes_of(each, one.key, world.TODAY))
            assert {episode.service_id for episode in found} <= {each.pk}
            assert len(found) == counts[one.key]
        assert counts["to-assess"] == 1


def test_measures_count_the_service_alone(person: Demographics, service: Service, other: Service) -> None:
    third = world.service("third")
    key = next(row.key for row in measures_of(service, world.TODAY) if row.has_people)
    (mine,) = people_of(service, key, world.TODAY)
    assert mine.record_id == str(Episode.objects.get(service=service).pk)
    assert people_of(third, key, world.TODAY) == []
    assert {row.denominator for row in measures_of(third, world.TODAY)} == {0}


def known_by(system: str, value: str, **columns: object) -> Demographics:
    """A person with this number alone."""
    return world.demographics(identifiers=(Identifier(system, value),), **columns)


@pytest.mark.parametrize(
    ("system", "value", "words"),
    [
        ("hospital number", "4012345678", "4012345678"),
        ("hospital number", "4012345678", "401 234 5678"),
        ("hospital number", "401 234 5678", "4012345678"),
        ("hospital number", "RX 12345", "rx12345"),
        ("hospital number", "rx12345", "RX 12345"),
        ("hospital number", "131950", "1 3 1950"),
        (NHS_NUMBER, "9990000001", "9990000001"),
        (NHS_NUMBER, "9990000001", "999 000 0001"),
        (NHS_NUMBER, "9990000001", "999-000-0001"),
    ],
)
def test_any_number_finds_its_person_right_or_wrong_with_spaces_and_without(
    system: str, value: str, words: str, service: Service, other: Service
) -> None:
    world.deliver(service, world.report(known_by(system, value, birth_date=date(1944, 4, 4))))
    found = search.find_people(service, words)
    assert [person.birth_date for person in found] == [date(1944, 4, 4)]
    assert search.find_people(other, words) == []


def test_digits_that_are_a_number_and_a_birth_date_find_both(service: Service) -> None:
    world.deliver(service, world.report(known_by("hospital number", "131950", birth_date=date(1944, 4, 4))))
    world.deliver(service, world.report(world.demographics(birth_date=date(1950, 3, 1))))
    assert len(search.find_people(service, "1 3 1950")) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MÜLLER", "müller"),
        ("Müller", "MÜLLER"),
        ("MÜLLER", "muller"),
        ("MULLER", "müller"),
        ("ŁUKASIK", "łukasik"),
        ("STRASSE", "straße"),
        ("O’BRIEN", "o'brien"),
        ("ÉTIENNE", "Étien ada"),
    ],
)
def test_a_name_is_found_in_either_case_and_without_its_accents(
    name: str, words: str, service: Service, other: Service
) -> None:
    world.deliver(service, world.report(world.demographics(family_name=name)))
    assert [person.family_name for person in search.find_people(service, words)] == [name]
    assert search.find_people(other, words) == []


def test_a_namesake_is_one_in_either_case(service: Service) -> None:
    one = world.found(service, person=world.demographics(family_name="Müller")).person
    twin = world.found(service, person=world.demographics(family_name="MÜLLER")).person
    world.found(service, person=world.demographics(family_name="Miller"))
    assert search.namesakes_of(one) == [twin]
