"""Whose record it is: a number that cannot be right is never matched on, and a doubt waits with all it said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import world
from openfls.identification.episodes import INVALID_NHS_NUMBER
from openfls.record.feeds import Notice, Rejection, Source, SourceKind
from openfls.record.people import Demographics, Identifier, Sex
from openfls.service.feeds.merging import possible_duplicates
from openfls.service.feeds.registry import Registry
from openfls.service.feeds.values import observation_from
from openfls.service.models import Episode, FeedRow, Person, PersonIdentifier, Service
from service.feed_world import accounted, load, told

SOURCE = Source("feed.csv", "row 7", SourceKind.DIAGNOSIS, "row 7")


def test_a_number_of_somebody_with_another_name_and_birth_date_waits(service: Service) -> None:
    person = world.demographics()
    stranger = replace(person, family_name="Other", birth_date=date(1940, 1, 1))
    load(service, [told(person, "a")])
    doubtful = told(stranger, "b")
    delivery = load(service, [doubtful])
    row = FeedRow.objects.get(record="b")
    assert (row.outcome, row.person) == (FeedRow.Outcome.REJECTED, None)
    assert row.reason.startswith("waits for a person")
    assert "Other" not in row.reason
    assert "Example" not in row.reason
    assert observation_from(row.waiting) == doubtful
    assert accounted(delivery)
    assert (Person.objects.count(), Episode.objects.count()) == (1, 1)
    assert Person.objects.get().family_name == "Example"


@pytest.mark.parametrize("change", [{"family_name": "Married"}, {"birth_date": date(1951, 3, 1)}])
def test_one_difference_alone_is_no_doubt(change: dict[str, object], service: Service) -> None:
    person = world.demographics()
    load(service, [told(person, "a"), told(replace(person, **change), "b")])
    assert Person.objects.count() == 1
    assert Person.objects.get().family_name == "Example"


def test_two_numbers_of_two_people_wait(service: Service) -> None:
    one, other = world.demographics(), world.demographics(given_name="Eve")
    load(service, [told(one, "a"), told(other, "b")])
    both = replace(one, identifiers=one.identifiers + other.identifiers)
    delivery = load(service, [told(both, "c")])
    assert "two different people" in FeedRow.objects.get(record="c").reason
    assert accounted(delivery)
    assert Person.objects.count() == 2


def test_an_invalid_nhs_number_is_kept_and_shown_and_joins_nobody(service: Service) -> None:
    wrong = (Identifier(INVALID_NHS_NUMBER, "9990000010"),)
    load(service, [told(world.demographics(identifiers=wrong), "a")])
    load(service, [told(world.demographics(identifiers=wrong), "b")])
    assert Person.objects.count() == 2
    assert set(PersonIdentifier.objects.values_list("value", "valid")) == {("9990000010", False)}
    assert all(number.is_nhs and not number.valid for each in Person.objects.all() for number in each.numbers)


def test_who_is_reached_where_is_what_was_told_last(service: Service) -> None:
    person = world.demographics(sex=Sex.UNKNOWN, postcode="BM1 1AA")
    load(service, [told(person, "a")])
    load(service, [told(replace(person, sex=Sex.FEMALE, postcode="BM2 2BB", telephone=""), "b")])
    kept = Person.objects.get()
    assert (kept.sex, kept.postcode, kept.telephone) == ("female", "BM2 2BB", person.telephone)


def _versioned(person: Demographics, record: str, version: str) -> Notice:
    return Notice(Source("adt.hl7", record, SourceKind.ENCOUNTER, "message 1", version), person)


@pytest.mark.parametrize("corrected_first", [False, True])
def test_the_newest_version_says_who_somebody_is_whatever_came_first(
    corrected_first: bool, service: Service
) -> None:
    wrong = world.demographics(given_name="Adda", telephone="01632 960111")
    right = replace(wrong, given_name="Ad", birth_date=date(1951, 3, 1), telephone="01632 960222")
    said = [_versioned(wrong, "a", "20260301120000"), _versioned(right, "b", "2026-03-02T12:00:00Z")]
    for reading in reversed(said) if corrected_first else said:
        load(service, [reading])
    assert not Person.objects.exists()  # nobody's bone has broken yet
    load(service, [told(Demographics(identifiers=wrong.identifiers), "c")])
    kept = Person.objects.get()
    assert (kept.given_name, kept.birth_date, kept.telephone) == ("Ad", date(1951, 3, 1), "01632 960222")


def test_a_record_without_a_version_overwrites_nothing_that_has_one(service: Service) -> None:
    person = world.demographics(sex=Sex.UNKNOWN)
    load(service, [_versioned(person, "a", "20260301120000")])
    load(service, [told(replace(person, telephone="01632 960999", sex=Sex.FEMALE), "b")])
    kept = Person.objects.get()
    assert (kept.telephone, kept.sex) == (person.telephone, "female")


def test_one_family_name_with_another_birth_date_and_given_name_waits(service: Service) -> None:
    person = world.demographics()
    load(service, [told(person, "a")])
    load(service, [told(replace(person, given_name="Eve", birth_date=date(1975, 1, 1)), "b")])
    assert FeedRow.objects.get(record="b").reason.startswith("waits for a person")
    assert Person.objects.count() == 1


def test_a_clash_of_a_new_person_costs_only_its_number(service: Service) -> None:
    person, other = world.demographics(), world.demographics()
    # As another transaction sees it that began before the person was kept, and took no turn.
    late = Registry(service, [person, other])
    load(service, [told(person, "a")])
    twin, free = late.person_for(person), late.person_for(other)
    late.save()
    assert Person.objects.count() == 3
    assert [each.valid for each in (*twin.identifiers.all(), *free.identifiers.all())] == [False, True]
    assert any(twin in (each.one, each.other) for each in possible_duplicates(service))


def test_the_same_number_in_another_service_is_another_person(service: Service) -> None:
    person = world.demographics()
    other = world.service("south")
    load(service, [told(person, "a")])
    load(other, [told(person, "a")])
    assert Person.objects.filter(service=service).count() == Person.objects.filter(service=other).count() == 1


def test_what_is_told_too_long_or_with_odd_signs_is_taken_in(service: Service) -> None:
    long = "Very " * 100
    person = world.demographics(
        family_name=long, given_name=long, postcode=long, telephone=long, general_practice=long
    )
    odd = world.demographics(family_name="Nul\x00l", identifiers=(Identifier("mrn", "9" * 300),))
    delivery = load(
        service, [told(person, "a" * 500), replace(told(odd, "b"), text="fracture\x00 of the wrist")]
    )
    assert accounted(delivery)
    assert Episode.objects.count() == 2
    assert (
        Person.objects.get(episodes__fractures__source_records__row__record="a" * 400).postcode == long[:12]
    )


def test_every_kind_of_reading_is_counted(service: Service) -> None:
    person = world.demographics()
    readings = [
        told(person, "a"),
        told(person, "a"),
        Rejection(SOURCE, "no date"),
        Notice(replace(SOURCE, record="n1"), person),
        Notice(replace(SOURCE, record="n2"), person, "merge", other=world.demographics()),
        Notice(replace(SOURCE, record="n3"), world.demographics(), "other", "Claim", count=5),
    ]
    delivery = load(service, readings)
    counts = (
        delivery.rows_read,
        delivery.rows_new,  # type: ignore[attr-defined]
        delivery.rows_known,
        delivery.rows_rejected,  # type: ignore[attr-defined]
        delivery.rows_other,
    )
    assert counts == (10, 2, 1, 2, 5)
    assert not FeedRow.objects.filter(outcome=FeedRow.Outcome.REJECTED, reason="").exists()
