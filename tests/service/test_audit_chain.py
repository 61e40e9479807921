"""The audit log: every row that is changed, put in, taken out or moved is found, and so is an end that was cut off."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from typer.testing import CliRunner

import world
from openfls.commands.all import app
from openfls.service.actions.action import ACTIONS
from openfls.service.actor import Actor
from openfls.service.audit import START, Happened, record, record_all, shown, verify
from openfls.service.auditing import anchors, guarding
from openfls.service.auditing.lanes import CHANGES, is_look, lane_of
from openfls.service.auditing.terms import deciphered, enciphered
from openfls.service.models import AccessReview, AuditEvent, Service
from openfls.service.models.audit import Judged

LANES = {"what was changed": "plan.agree", "what was seen": "person.view"}


@pytest.fixture(params=LANES.values(), ids=list(LANES))
def log(request: pytest.FixtureRequest, nurse: Actor) -> list[AuditEvent]:
    """Eight events of one lane of one service."""
    for number in range(8):
        record(nurse, request.param, subject=f"person {number}", page=number)
    return list(AuditEvent.objects.order_by("number"))


@pytest.fixture
def seen(nurse: Actor) -> list[AuditEvent]:
    """Three looks, in a lane of looks."""
    for number in range(3):
        record(nurse, "person.view", subject=f"person {number}")
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


@pytest.mark.parametrize("column", [*ALTERED, "at", "service", "lane"])
def test_any_altered_column_is_found(column: str, log: list[AuditEvent], service: Service) -> None:
    value = ALTERED.get(column)
    if column == "at":
        value = F("at") + timedelta(seconds=1)
    if column == "service":
        value = world.service("other").pk
    if column == "lane":
        value = (log[3].lane + 1) % 8
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
        lane=log[-1].lane,
        number=9,
        at=log[-1].at,
        user="ghost",
        action="nothing",
        previous=log[-1].hash,
        hash="0" * 64,
    )
    assert _numbers(service) == {9}


def test_each_service_has_chains_of_its_own(log: list[AuditEvent], service: Service) -> None:
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


def test_a_chain_from_before_there_were_lanes_still_holds(nurse: Actor) -> None:
    """As release 27 wrote it: views among the changes, and no lane in what is hashed."""
    event = AuditEvent(service=nurse.service, number=1, at=world.at_noon(world.TODAY), user="nurse")
    event.action, event.person, event.previous = "person.view", "p" * 36, START
    fields = {name: getattr(event, name) for name in ("number", "user", "action", "person", "subject")}
    fields |= {"detail": {}, "previous": START, "service": nurse.service.pk}
    fields["at"] = event.at.astimezone(UTC).isoformat()
    event.hash = hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    event.save()
    record(nurse, "plan.agree")
    assert verify(nurse.service) == (2, [])
    assert AuditEvent.objects.get(number=2).previous == event.hash


def test_looks_and_changes_have_lanes_of_their_own_and_no_action_is_a_look(nurse: Actor) -> None:
    record_all(nurse, [Happened("person.view"), Happened("plan.agree"), Happened("people.search")])
    lane = lane_of("nurse", "person.view")
    rows = AuditEvent.objects.order_by("lane", "number").values_list("lane", "number", "action")
    assert list(rows) == [
        (CHANGES, 1, "plan.agree"),
        (lane, 1, "person.view"),
        (lane, 2, "people.search"),
    ]
    assert [name for name in ACTIONS if is_look(name)] == []


def test_a_list_names_whom_it_showed_once_each(nurse: Actor) -> None:
    one, other = world.found(nurse.service).person, world.found(nurse.service).person
    assert shown([one.pk, other.pk, one.pk]) == {
        "shown": 2,
        "people": " ".join(sorted((one.pk.hex, other.pk.hex))),
    }


def test_an_end_that_was_cut_off_is_found_by_the_anchor_in_the_log_and_by_one_kept_elsewhere(
    seen: list[AuditEvent], service: Service, tmp_path: Path
) -> None:
    assert anchors.anchor(service)
    assert not anchors.anchor(service), "nobody has looked since"
    kept = anchors.read_lines(anchors.lines(service))[service.code]
    assert verify(service, kept) == (4, [])
    _sql("DELETE FROM audit_event WHERE id = %s", seen[-1].pk)
    assert [fault.number for fault in verify(service)[1]] == [3]
    # Whoever takes the anchor out of the log too cannot reach the one on paper.
    _sql("DELETE FROM audit_event WHERE lane = 0")
    assert verify(service) == (2, [])
    faults = verify(service, kept)[1]
    assert {(fault.lane, fault.number) for fault in faults} == {(0, 1), (seen[0].lane, 3)}
    assert all("cut off" in fault.reason for fault in faults)


def test_a_chain_made_anew_is_not_the_one_that_was_anchored(seen: list[AuditEvent], nurse: Actor) -> None:
    kept = anchors.read_lines(anchors.lines(nurse.service))[nurse.service.code]
    _sql("DELETE FROM audit_event")
    for number in range(3):
        record(nurse, "person.view", subject=f"another {number}")
    assert verify(nurse.service) == (3, [])
    assert [fault.reason for fault in verify(nurse.service, kept)[1]] == [
        "is not the event that was anchored"
    ]


@pytest.fixture
def guarded(db: None) -> Iterator[None]:
    """The triggers of a real database, gone after the test: its rows are rolled back, not deleted."""
    guarding.install(connection)
    guarding.install(connection)
    yield
    guarding.remove(connection)


def test_the_database_itself_refuses_changes(guarded: None, nurse: Actor) -> None:
    record(nurse, "person.view")
    AccessReview.objects.create(
        service=nurse.service,
        key="k",
        rule="night",
        user="x",
        on=world.TODAY,
        judged=Judged.IN_ORDER,
        at=world.at_noon(world.TODAY),
        by=nurse.user,
    )
    tries = [f"UPDATE {table} SET id = id" for table in guarding.GUARDED]
    tries += [f"DELETE FROM {table}" for table in guarding.GUARDED]
    if connection.vendor == "postgresql":
        tries.append("TRUNCATE audit_event")
        _sql("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in tries:
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            _sql(statement)
    assert (AuditEvent.objects.count(), AccessReview.objects.count()) == (1, 1)
    assert guarding.missing(connection) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_look_is_committed_while_somebody_holds_the_chain_of_changes() -> None:
    nurse = world.member(world.service())

    def look() -> None:
        record(nurse, "person.view")
        connection.close()

    looking = Thread(target=look)
    with transaction.atomic():
        record(nurse, "plan.agree")
        looking.start()
        looking.join(20)
        waits = looking.is_alive()
    looking.join()
    assert not waits


def test_the_command_says_where_and_ends_with_1(
    seen: list[AuditEvent], service: Service, tmp_path: Path
) -> None:
    run = CliRunner().invoke
    kept = tmp_path / "anchor.txt"
    # The tables of the tests come from the models: the triggers are put in place by a migration.
    unguarded = run(app, ["audit", "verify"])
    assert unguarded.exit_code == 1
    assert "trigger audit_event_never_delete is missing" in unguarded.output
    assert run(app, ["audit", "anchor", "-o", str(kept)]).exit_code == 0
    guarding.install(connection)
    try:
        good = run(app, ["audit", "verify", "--anchor", str(kept)])
        compared = f"{kept}: the log is compared with 2 heads\n"
        assert (good.exit_code, good.output) == (0, f"{compared}north: 4 events, 0 faults\n")
    finally:
        guarding.remove(connection)
    AuditEvent.objects.filter(pk=seen[1].pk).update(user="x")
    bad = run(app, ["audit", "verify"])
    assert bad.exit_code == 1
    assert f"event 2 of lane {seen[0].lane}: was altered" in bad.output
    kept.write_text("north 0 one\n")
    assert "line 1 of the anchor" in str(run(app, ["audit", "verify", "--anchor", str(kept)]).exception)
    for nothing in ("", "# Anchor of the audit log\n"):
        kept.write_text(nothing)
        said = str(run(app, ["audit", "verify", "--anchor", str(kept)]).exception)
        assert said == f"{kept}: holds no line of an anchor: the log would be compared with nothing"


def test_a_record_without_a_log_is_a_fault_whatever_was_anchored(service: Service) -> None:
    assert verify(service) == (0, [])
    world.found(service)
    assert verify(service)[1] == []
    AuditEvent.objects.all().delete()
    (fault,) = verify(service)[1]
    assert fault.words == "event 1: is missing, with every change: the record has people, its log is empty"


def test_the_words_of_a_search_are_read_with_the_key_alone(settings: object) -> None:
    kept = enciphered("Mary Example 999 000 0018")
    assert "Example" not in kept
    assert enciphered("Mary Example 999 000 0018") != kept
    assert deciphered(kept) == "Mary Example 999 000 0018"
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert deciphered(kept) is None
    assert deciphered("no such thing") is None


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
