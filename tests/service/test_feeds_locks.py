"""What a feed locks, and in which order: the turn, a person, her episodes, and the service's row last of all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import world
from openfls.record.pathway import State
from openfls.service.actions import finding
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds import waiting
from openfls.service.feeds.deciding import this_person
from openfls.service.feeds.reconcile import reconcile
from openfls.service.inbox import keeping
from openfls.service.inbox.processing import process_next
from openfls.service.models import Episode, FeedRow, Person, Service
from service.feed_world import load, told
from service.inbox import made

AUDIT_LOCK = re.compile(r'^SELECT "(\w+)"\."id"( AS "\w+")? FROM "\1" WHERE')


def _said(queries: CaptureQueriesContext) -> list[str]:
    return [each["sql"] for each in queries.captured_queries]


def _service_row_is_last(said: list[str]) -> bool:
    """Whether no episode or person is written to or locked once the service's row, which the audit log locks, is."""
    table = Service._meta.db_table
    taken = [at for at, each in enumerate(said) if (hit := AUDIT_LOCK.match(each)) and hit[1] == table]
    names = (Person._meta.db_table, Episode._meta.db_table)
    written = [
        at
        for at, each in enumerate(said)
        if each.startswith(tuple(f'{verb} "{name}"' for verb in ("INSERT INTO", "UPDATE") for name in names))
        or ("FOR NO KEY UPDATE" in each and at not in taken)
    ]
    assert taken
    assert written
    return min(taken) > max(written)


def test_the_inbox_takes_the_services_row_last(service: Service) -> None:
    keeping.keep(service, [made.arrival(made.report("M1"))])
    with CaptureQueriesContext(connection) as queries:
        assert process_next(service) == 1
    assert Episode.objects.count() == 1
    assert _service_row_is_last(_said(queries))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database")
def test_no_lock_of_a_row_takes_the_service_with_it(service: Service, nurse: Actor) -> None:
    person = world.demographics()
    load(service, [told(person, "a")])
    load(service, [told(replace(person, family_name="Other", birth_date=world.TODAY), "b")])
    row = FeedRow.objects.get(record="b")
    with CaptureQueriesContext(connection) as queries:
        this_person(row=row, person=waiting.waiting_of(row).people[0], by=nurse)
    said = _said(queries)
    assert any("pg_advisory_xact_lock" in each for each in said)
    joined = [each for each in said if each.endswith("UPDATE") and "JOIN" in each]
    assert not joined, "a lock of a join takes the rows of the joined tables too"
    assert _service_row_is_last(said)


def test_what_others_did_meanwhile_is_read_after_the_lock(service: Service, nurse: Actor) -> None:
    person = world.demographics()
    load(service, [told(person, "a")])
    stale = Person.objects.get()
    finding.confirm(episode=Episode.objects.get(), by=nurse)
    Person.objects.update(deceased=True, deceased_on=world.TODAY - timedelta(days=1))
    load(service, [told(world.demographics(), "b")])
    with transaction.atomic():
        reconcile(stale, system_actor(service))
    assert Episode.objects.get(person=stale).state == State.TO_ASSESS
    other = Person.objects.exclude(pk=stale.pk).get()
    Person.objects.filter(pk=other.pk).update(deceased=True)
    with transaction.atomic():
        reconcile(other, system_actor(service))
    assert Episode.objects.get(person=other).state == State.NOT_FOR_US


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database")
@pytest.mark.django_db(transaction=True)
def test_two_deliveries_of_one_new_person_at_once_are_both_kept() -> None:
    service = world.service()
    people = [world.demographics(given_name=name) for name in ("Ada", "Eve", "Ida")]
    faults: list[Exception] = []

    def deliver(number: int) -> None:
        order = people if number % 2 else people[::-1]
        try:
            for day in range(5):
                load(service, [told(each, f"{each.given_name} {number} {day}", day=day) for each in order])
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [Thread(target=deliver, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    assert Person.objects.count() == Episode.objects.count() == len(people)
    assert FeedRow.objects.filter(outcome=FeedRow.Outcome.NEW).count() == 4 * 5 * len(people)
