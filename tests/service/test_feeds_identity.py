"""Whose record it is: a number that cannot be right is never matched on, and a doubt waits with all it said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import world
from openfls.identification.episodes import INVALID_NHS_NUMBER
from openfls.record.feeds import Notice, Rejection, Source, SourceKind
from openfls.record.people import Identifier, Sex
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
