"""Nobody of another service appears, whatever is asked for."""

from __future__ import annotations

import pytest

import world
from openfls.record.people import Demographics
from openfls.service import search, worklist
from openfls.service.actor import Actor
from openfls.service.measures import measures_of, people_of
from openfls.service.models import Episode, Service


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
