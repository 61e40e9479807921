"""What was set aside is taken in, once a fracture of that person is told."""

from __future__ import annotations

from collections.abc import Collection

from openfls.record.feeds import Measured, Notice
from openfls.service.aside.bringing import brought, keep_promises
from openfls.service.aside.keeping import of_people
from openfls.service.feeds.identity import Change, IdentityDoubt
from openfls.service.feeds.kept_rows import keep_result, left_out
from openfls.service.feeds.registry import Registry
from openfls.service.feeds.results import promise_to_look
from openfls.service.feeds.values import reading_from
from openfls.service.models import Brought, FeedRow, Service, ToldValue


def wake_up(service: Service, people: Collection[object]) -> set[object]:
    """Take in what was set aside of people of whom a fracture is told now; the keys of those whom it told of.

    What it says of their numbers may lead to more of it. A scan is to be looked at as if it had come today.
    """
    told: set[object] = set()
    values: list[ToldValue] = []
    while asides := of_people(service, people):
        registry = Registry(service, (reading_from(each.reading).person for each in asides))
        for aside in asides:
            row, reading = aside.row, reading_from(aside.reading)
            assert isinstance(reading, Measured | Notice)
            told_at = aside.at
            aside.delete()
            row.outcome, row.reason = FeedRow.Outcome.NEW, ""
            try:
                row.person = registry.person_for(reading.person, row.version)
            except IdentityDoubt as doubt:
                left_out(row, f"waits for a person: {doubt}", reading)
                whose, change = registry.owner_of(reading.person), Change()
            else:
                told.add(row.person.pk)
                whose, change = row.person, registry.change or Change()
            row.save()
            if whose is not None:
                Brought.objects.bulk_create(brought(row, whose, reading, change, told_at))
            if row.person is not None and isinstance(reading, Measured):
                values += keep_result(row, reading)
        registry.save()
    keep_promises(promise_to_look(values))
    return told
