"""Kept once, processed once, counted once; a bad message costs only itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError

import world
from openfls.record.feeds import Rejection
from openfls.service import clock
from openfls.service.feeds.taking_in import take_in
from openfls.service.inbox import keeping, processing
from openfls.service.inbox.arrivals import Arrival
from openfls.service.inbox.keeping import NotKept, keep
from openfls.service.inbox.processing import process_again, process_next
from openfls.service.models import (
    AuditEvent,
    Delivery,
    Episode,
    FeedRow,
    InboxMessage,
    Person,
    Service,
)
from openfls.service.nightly import nightly
from openfls.service.retention import messages
from service.inbox.made import arrival, message, report

pytestmark = pytest.mark.django_db
POISON = "Fracture of the left distal radius, poison."


def keep_all(service: Service, *contents: bytes) -> None:
    keep(service, [arrival(content) for content in contents])


def process(service: Service, most: int = 100) -> int:
    return sum(iter(lambda: process_next(service, most), 0))


def states(service: Service) -> dict[str, str]:
    return dict(InboxMessage.objects.filter(service=service).values_list("control_id", "state"))


def balance(delivery: Delivery) -> bool:
    counted = Delivery.objects.counted().get(pk=delivery.pk)
    parts = (counted.rows_new, counted.rows_known, counted.rows_rejected, counted.rows_other)
    return counted.rows_read == sum(parts) > 0


def test_a_message_is_kept_as_it_came(service):
    keep_all(service, message("M1"))
    row = InboxMessage.objects.get()
    assert bytes(row.raw) == message("M1")
    assert (row.control_id, row.sender, row.size) == ("M1", "RIS RXX", len(message("M1")))
    assert (row.state, row.delivery, row.processed_at) == ("received", None, None)


def test_the_same_bytes_are_kept_once_and_other_bytes_under_the_same_number_too(service):
    keep_all(service, message("M1"), message("M1"), message("M1", person=2))
    keep_all(service, message("M1"), message("M2"))
    assert list(InboxMessage.objects.order_by("pk").values_list("control_id", flat=True)) == [
        "M1",
        "M1",
        "M2",
    ]
    other = world.service("south")
    keep_all(other, message("M1"))
    assert InboxMessage.objects.filter(service=other).count() == 1


def test_nothing_of_a_group_is_kept_where_one_is_not_found_again(service, monkeypatch):
    keep_all(service, message("M1"))
    monkeypatch.setattr(keeping, "_COUNT", keeping._COUNT + " AND control_id <> 'M3'")
    with pytest.raises(NotKept):
        keep_all(service, message("M2"), message("M3"))
    assert states(service) == {"M1": "received"}


def test_any_header_fits_its_columns(service):
    strange = b"MSH|^~\\&|" + b"\xff\x00" * 500 + b"|RXX|||||ADT^A08|" + b"\x00\xfe7" * 300 + b"|P|2.4\r"
    keep_all(service, strange)
    row = InboxMessage.objects.get()
    assert "\x00" not in row.control_id + row.sender
    assert process(service) == 1


def test_messages_become_fractures_in_the_delivery_of_their_day(service):
    keep_all(service, message("M1"), report("M2"), report("M3", "No fracture.", person=2))
    assert process(service) == 3
    assert states(service) == dict.fromkeys(["M1", "M2", "M3"], "processed")
    delivery = Delivery.objects.get()
    assert (delivery.name, delivery.rows_read) == ("listener 2026-06-01", 3)
    assert delivery.finished_at is not None
    assert balance(delivery)
    assert Episode.objects.get().fractures.get().site == "wrist"
    assert {row.delivery_id for row in InboxMessage.objects.all()} == {delivery.pk}


def test_each_day_has_its_delivery(service):
    keep_all(service, message("M1"))
    first = arrival(message("M2"))
    keep(service, [Arrival(first.frame, first.header, "", first.at + timedelta(days=1))])
    assert process(service) == 2
    assert list(Delivery.objects.order_by("name").values_list("name", "rows_read")) == [
        ("listener 2026-06-01", 1),
        ("listener 2026-06-02", 1),
    ]


def test_batches_of_any_size_end_alike(service):
    for size, code in ((1, "a"), (2, "b"), (100, "c")):
        apart = world.service(code)
        keep_all(apart, *(report(f"M{n}", person=n // 2) for n in range(5)), message("M9", person=1))
        assert process(apart, size) == 6
        delivery = Delivery.objects.get(service=apart)
        assert balance(delivery)
        counts = (delivery.rows_read, apart.people.count(), Episode.objects.filter(service=apart).count())
        assert counts == (6, 3, 3)


def test_processing_twice_changes_nothing(service, monkeypatch):
    keep_all(service, report("M1"))
    rows = processing._next(service, 100)
    process(service)
    before = FeedRow.objects.count(), Person.objects.count(), Delivery.objects.get().rows_read
    # Another listener took the same messages before this one came to it.
    monkeypatch.setattr(processing, "_next", lambda *_: rows)
    process_next(service)
    assert (FeedRow.objects.count(), Person.objects.count(), Delivery.objects.get().rows_read) == before


def test_what_was_refused_stands_among_the_left_out(service):
    keep_all(service, b"not HL7 at all")
    process(service)
    row = InboxMessage.objects.get()
    assert row.state == "refused"
    left_out = FeedRow.objects.get()
    assert (left_out.outcome, left_out.reason) == ("rejected", row.reason)
    assert f"message {row.pk}" in left_out.position
    assert balance(Delivery.objects.get())


def poisoned(*, delivery, readings, by):
    """Fails where a reading holds the poison, as a database would that does not take some letter."""
    if any(not isinstance(each, Rejection) and POISON in getattr(each, "text", "") for each in readings):
        raise ValueError(POISON)
    return take_in(delivery=delivery, readings=readings, by=by)


def test_one_bad_message_costs_only_itself_and_can_be_tried_again(service, monkeypatch, caplog):
    keep_all(service, report("M1"), report("M2", POISON, person=2), report("M3", person=3))
    with monkeypatch.context() as patched:
        patched.setattr(processing, "take_in", poisoned)
        process(service)
    assert states(service) == {"M1": "processed", "M2": "failed", "M3": "processed"}
    assert InboxMessage.objects.get(control_id="M2").reason == "cannot be taken in (ValueError)"
    assert Episode.objects.count() == 2
    assert FeedRow.objects.get(reason__startswith="cannot be taken in").outcome == "rejected"
    assert POISON not in caplog.text

    assert process_again(service) == 1
    process(service)
    assert set(states(service).values()) == {"processed"}
    assert Episode.objects.count() == 3
    assert not FeedRow.objects.filter(reason__startswith="cannot be").exists()
    assert balance(Delivery.objects.get())


def test_a_reader_that_fails_costs_only_its_message(service, monkeypatch):
    reading = processing.read_bytes

    def reader(name, data, options):
        if b"poison" in data:
            raise RecursionError
        return reading(name, data, options)

    monkeypatch.setattr(processing, "read_bytes", reader)
    keep_all(service, report("M1", POISON), report("M2", person=2))
    process(service)
    assert states(service) == {"M1": "failed", "M2": "processed"}
    assert balance(Delivery.objects.get())


def test_messages_wait_while_the_database_cannot(service, monkeypatch):
    def busy(**_):
        raise OperationalError("database is locked")

    keep_all(service, report("M1"))
    with monkeypatch.context() as patched:
        patched.setattr(processing, "take_in", busy)
        with pytest.raises(OperationalError):
            process_next(service)
    assert states(service) == {"M1": "received"}
    assert not Delivery.objects.exists()
    assert process(service) == 1


def test_it_is_the_systems_doing_in_the_audit_log(service):
    keep_all(service, report("M1"))
    process(service)
    assert set(service.audit_events.values_list("action", "user")) == {
        ("feed.take_in", ""),
        ("episode.find", ""),
    }
    assert clock.now() == world.at_noon(world.TODAY)


def test_words_are_removed_in_time_and_what_was_not_dealt_with_never_is(service, settings, monkeypatch):
    settings.MESSAGE_DAYS = 40
    monkeypatch.setattr(messages, "PIECE", 1)
    keep_all(service, report("M1"), b"no header")
    process(service)
    monkeypatch.setattr(processing, "take_in", poisoned)
    keep_all(service, report("M2", POISON, person=2))
    process(service)
    keep_all(service, report("M3", person=3))
    delivery = Delivery.objects.get()
    with clock.at(clock.now() + timedelta(days=39)):
        assert messages.empty_old_messages(service) == 0
    with clock.at(clock.now() + timedelta(days=41)):
        nightly(service)
        assert messages.empty_old_messages(service) == 0
    left = {row.control_id: bytes(row.raw) for row in InboxMessage.objects.all()}
    assert left == {"M1": b"", "": b"", "M2": report("M2", POISON, person=2), "M3": report("M3", person=3)}
    row = InboxMessage.objects.get(control_id="M1")
    assert (row.state, row.size, row.delivery) == ("processed", len(report("M1")), delivery)
    assert balance(delivery)
    events = AuditEvent.objects.filter(action="inbox.empty")
    assert [event.detail["emptied"] for event in events] == [1, 1]

    keep_all(service, report("M1"))
    assert InboxMessage.objects.count() == 4, "the same bytes are still the same message"
    process_again(service)
    monkeypatch.setattr(processing, "take_in", take_in)
    process(service)
    assert set(states(service).values()) == {"processed", "refused"}
    assert Episode.objects.filter(person__family_name="EXAMPLE2").exists()
