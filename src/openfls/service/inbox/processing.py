"""Kept messages become readings, in the order they arrived, and are marked in the same transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import takewhile

from django.db import InterfaceError, OperationalError, transaction

from openfls.identification.feeds import FeedOptions, read_bytes
from openfls.record.feeds import Reading, Rejection, Source, SourceKind
from openfls.service import clock
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds.loading import options_of
from openfls.service.feeds.taking_in import take_in
from openfls.service.feeds.turns import take_turn
from openfls.service.models import Delivery, FeedRow, InboxMessage, Service

BATCH = 100
MOST_BYTES = 16 * 1024 * 1024
_log = logging.getLogger(__name__)
_Told = tuple[InboxMessage, list[Reading]]
_AT_ONCE: AbstractContextManager[object] = nullcontext()
State = InboxMessage.State


def process_next(service: Service, most: int = BATCH, turn: AbstractContextManager[object] = _AT_ONCE) -> int:
    """Process the next messages, ``most`` at a time; how many. 0 says that none waits.

    ``turn`` is entered for as long as the database is written to, and not while messages are read. A message that
    cannot be taken in costs only itself: it is set aside with the reason. What lies with the database is raised, and
    the messages wait.
    """
    rows = _next(service, most)
    by = system_actor(service)
    options = options_of(by)
    told = [(row, _read(row, options)) for row in rows]
    if told:
        _take_or_set_aside(told, by, turn)
    return len(rows)


def _next(service: Service, most: int) -> list[InboxMessage]:
    waiting = InboxMessage.objects.filter(service=service, state=State.RECEIVED).order_by("pk")
    heads = list(waiting.only("pk", "size", "received_at")[:most])
    if not heads:
        return []
    day, size = clock.day_of(heads[0].received_at), 0
    chosen: list[int] = []
    for head in takewhile(lambda each: clock.day_of(each.received_at) == day, heads):
        size += head.size
        if chosen and size > MOST_BYTES:
            break
        chosen.append(head.pk)
    return list(InboxMessage.objects.filter(pk__in=chosen).order_by("pk"))


def _read(row: InboxMessage, options: FeedOptions) -> list[Reading]:
    """What a message says; one that was refused, or says nothing, is a rejection."""
    if row.reason:
        return [_rejection(row, row.reason)]
    try:
        return list(read_bytes(f"message {row.pk}.hl7", bytes(row.raw), options)) or [
            _rejection(row, "nothing to read in it")
        ]
    except Exception as error:
        _log.error("message %d cannot be read: %s", row.pk, type(error).__name__)
        return [_rejection(row, _left_out(row, f"cannot be read ({type(error).__name__})"))]


def _take_or_set_aside(told: Sequence[_Told], by: Actor, turn: AbstractContextManager[object]) -> None:
    try:
        with turn:
            _take(told, by)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        for each in told:
            _take_alone(each, by, turn)


def _take_alone(told: _Told, by: Actor, turn: AbstractContextManager[object]) -> None:
    """Another try for each message of a batch that failed; somebody else's work at the same moment may have been
    the cause."""
    row = told[0]
    try:
        with turn:
            _take([told], by)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if row.reason:
            raise
        # The error's own words may quote the message.
        _log.error("message %d cannot be taken in: %s", row.pk, type(error).__name__)
        reason = _left_out(row, f"cannot be taken in ({type(error).__name__})")
        with turn:
            _take([(row, [_rejection(row, reason)])], by)


def _take(told: Sequence[_Told], by: Actor) -> None:
    with transaction.atomic():
        # Two listeners of one service take turns here, so that a message is processed by one of them.
        # The service's row itself is the audit log's lock and comes last (`feeds.turns`).
        take_turn(by.service)
        keys = [row.pk for row, _ in told]
        waiting = set(
            InboxMessage.objects.filter(pk__in=keys, state=State.RECEIVED).values_list("pk", flat=True)
        )
        mine = [(row, readings) for row, readings in told if row.pk in waiting]
        if not mine:
            return
        delivery = _delivery_of(mine[0][0])
        take_in(delivery=delivery, readings=[each for _, readings in mine for each in readings], by=by)
        # The day's delivery is read to its end whenever nothing waits.
        delivery.finished_at = clock.now()
        delivery.save()
        outcomes: dict[tuple[str, str], list[int]] = {}
        for row, _ in mine:
            outcomes.setdefault((_outcome(row), row.reason), []).append(row.pk)
        for (state, reason), keys in outcomes.items():
            InboxMessage.objects.filter(pk__in=keys).update(
                state=state, reason=reason, delivery=delivery, processed_at=delivery.finished_at
            )


def _delivery_of(row: InboxMessage) -> Delivery:
    name = f"listener {clock.day_of(row.received_at):%Y-%m-%d}"
    delivery: Delivery
    delivery, _ = Delivery.objects.get_or_create(
        service_id=row.service_id, name=name, sha256="", defaults={"received_at": row.received_at}
    )
    return delivery


def _rejection(row: InboxMessage, reason: str) -> Rejection:
    where = f"message {row.pk}" + (f", control id {row.control_id}" if row.control_id else "")
    return Rejection(Source("listener", _record(row.sha256), SourceKind.ENCOUNTER, where), reason)


def _record(sha256: str) -> str:
    return f"inbox {sha256}"


def _left_out(row: InboxMessage, reason: str) -> str:
    row.state, row.reason = State.FAILED, reason
    return reason


def _outcome(row: InboxMessage) -> str:
    if row.state == State.FAILED:
        return str(State.FAILED)
    return str(State.REFUSED if row.reason else State.PROCESSED)


def process_again(service: Service) -> int:
    """Let what could not be taken in wait once more, after the program was mended; how many."""
    with transaction.atomic():
        failed = InboxMessage.objects.select_for_update().filter(service=service, state=State.FAILED)
        records = [_record(sha256) for sha256 in failed.values_list("sha256", flat=True)]
        rows = FeedRow.objects.filter(service=service, record__in=records)
        rows.update(reason="could not be taken in at first; was tried again")
        return int(failed.update(state=State.RECEIVED, reason=""))
