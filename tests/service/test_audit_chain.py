"""The audit log: every row that is changed, taken out or moved is found, and the app itself refuses to do it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from typer.testing import CliRunner

import world
from openfls.service.actor import Actor
from openfls.service.audit import START, record, verify
from openfls.service.models import AuditEvent, Service


@pytest.fixture
def log(nurse: Actor) -> list[AuditEvent]:
    """Eight events of one service."""
    for number in range(8):
        record(nurse, "person.view", subject=f"person {number}", page=number)
    return list(AuditEvent.objects.order_by("number"))


def _numbers(service: Service) -> set[int]:
    return {fault.number for fault in verify(service)[1]}


def test_an_untouched_chain_holds(log: list[AuditEvent], service: Service) -> None:
    assert verify(service) == (8, [])
    assert [event.number for event in log] == list(range(1, 9))
    assert [event.previous for event in log] == [START, *(event.hash for event in log[:-1])]


ALTERED = {
    "user": "somebody.else",
    "action": "nothing",
    "person": "x" * 36,
    "subject": "person 99",
    "detail": {"page": 99},
    "hash": "f" * 64,
    "previous": "e" * 64,
}


@pytest.mark.parametrize("column", [*ALTERED, "at", "service"])
def test_any_altered_column_is_found(column: str, log: list[AuditEvent], service: Service) -> None:
    value = ALTERED.get(column)
    if column == "at":
        value = F("at") + timedelta(seconds=1)
    if column == "service":
        value = world.service("other").pk
    AuditEvent.objects.filter(pk=log[3].pk).update(**{column: value})
    assert _numbers(service) & {4, 5}
    assert len(_numbers(service)) <= 2


@pytest.mark.parametrize("gone", [0, 3])
def test_a_removed_row_is_found(gone: int, log: list[AuditEvent], service: Service) -> None:
    _sql("DELETE FROM audit_event WHERE id = %s", log[gone].pk)
    count, faults = verify(service)
    assert count == 7
    assert {fault.number for fault in faults} == {gone + 2}
    assert any(f"event {gone + 1} is missing" in fault.reason for fault in faults)


def test_two_rows_that_changed_places_are_found(log: list[AuditEvent], service: Service) -> None:
    for pk, number in ((log[2].pk, 1000), (log[4].pk, 3), (log[2].pk, 5)):
        _sql("UPDATE audit_event SET number = %s WHERE id = %s", number, pk)
    assert {3, 5} <= _numbers(service)


def test_a_row_put_in_is_found(log: list[AuditEvent], service: Service) -> None:
    AuditEvent.objects.create(
        service=service,
        number=9,
        at=log[-1].at,
        user="ghost",
        action="nothing",
        previous=log[-1].hash,
        hash="0" * 64,
    )
    assert _numbers(service) == {9}


def test_each_service_has_a_chain_of_its_own(log: list[AuditEvent], service: Service) -> None:
    other = world.member(world.service("south"), username="other")
    record(other, "person.view")
    AuditEvent.objects.filter(pk=log[3].pk).update(user="x")
    assert verify(other.service) == (1, [])
    assert verify(service)[1]


def test_an_event_is_neither_saved_again_nor_deleted(log: list[AuditEvent], service: Service) -> None:
    log[0].user = "x"
    with pytest.raises(TypeError, match="never changed"):
        log[0].save()
    with pytest.raises(TypeError, match="never deleted"):
        log[0].delete()
    assert verify(service) == (8, [])


def test_the_command_says_where_and_ends_with_1(log: list[AuditEvent], service: Service) -> None:
    from openfls.commands.all import app

    good = CliRunner().invoke(app, ["audit-verify"])
    assert (good.exit_code, good.output) == (0, "north: 8 events, 0 faults\n")
    AuditEvent.objects.filter(pk=log[3].pk).update(user="x")
    bad = CliRunner().invoke(app, ["audit-verify"])
    assert bad.exit_code == 1
    assert "event 4: was altered" in bad.output


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
