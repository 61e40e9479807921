"""The rooms of practices are emptied: by the night when nobody has touched them for long, by the trainee at any time.

What was judged stays with the practice: score, dangers and every word of the feedback. The room's log stays too, as
every log does; it names nobody but people who do not exist. All else in the room goes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce, Greatest

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor, NotAllowed
from openfls.service.models import AccessReview, AuditEvent, Practice, Service
from openfls.service.operation.part_by_part import each_of
from openfls.service.roles import May
from openfls.service.training.own import check_own

STAYS: tuple[type[models.Model], ...] = (Service, AuditEvent, AccessReview, Practice)
"""What of a room is kept: the logs are only ever added to, and the practice holds what was judged."""
TOUCH = timedelta(hours=1)
_CHUNK = 500


@action("practice.clear", May.PRACTISE)
def clear(*, practice: Practice, by: Actor) -> Practice:
    """Empty the room of a practice. One that is still open is given up with it.

    A trainee clears her own; the system clears what is old.
    """
    row: Practice = (
        Practice.objects.select_for_update(of=("self",)).select_related("room").get(pk=practice.pk)
    )
    if by.user is not None:
        check_own(row, by)
    if row.cleared_at is not None:
        raise NotPossible("Its room is cleared already.")
    now = clock.now()
    if row.is_open:
        row.given_up_at = now
    gone = empty(row.room)
    row.cleared_at = now
    row.save(update_fields=["given_up_at", "cleared_at"])
    note(by, "practice.clear", subject=f"practice {row.pk}", case=row.case, rows=gone)
    return row


def clear_case(case: str, by: Actor) -> int:
    """Clear every room that a trainee has of a case; how many."""
    rows = list(Practice.objects.filter(service=by.service, user=by.user, case=case, cleared_at=None))
    for row in rows:
        clear(practice=row, by=by)
    return len(rows)


def clear_old(service: Service, by: Actor) -> int:
    """Clear the rooms that nobody has touched for as many days as the installation keeps them; how many.

    Raises:
        NotAllDone: some could not be cleared; the others are.
    """
    limit = clock.now() - timedelta(days=settings.PRACTICE_DAYS)
    touched = Coalesce(Greatest("touched_at", "day_since"), "touched_at", "day_since")
    ended = Coalesce("finished_at", "given_up_at", "day_since")
    rows = Practice.objects.filter(service=service, cleared_at=None)
    old = rows.alias(touch=touched, end=ended).filter(touch__lt=limit, end__lt=limit)
    return each_of(list(old), lambda row: clear(practice=row, by=by))


def touch(practice: Practice) -> None:
    """Remember that somebody is at work in a room; at most once an hour."""
    now = clock.now()
    if practice.touched_at is None or now - practice.touched_at > TOUCH:
        Practice.objects.filter(pk=practice.pk).update(touched_at=now)


def empty(room: Service) -> int:
    """Delete everything in a room but what `STAYS`; how many rows.

    Raises:
        NotAllowed: it is no room of a practice.
    """
    if room.practice_of_id is None:
        raise NotAllowed("Only the room of a practice is ever emptied.")
    with transaction.atomic():
        # All keys first: what leads from a row to its room may be gone when the row's turn comes. The database looks
        # at foreign keys when the transaction ends, so that the order does not matter.
        found = [
            (model, list(model._base_manager.filter(**{path: room}).values_list("pk", flat=True)))
            for model, path in _within()
        ]
        for model, keys in found:
            for start in range(0, len(keys), _CHUNK):
                rows = model._base_manager.filter(pk__in=keys[start : start + _CHUNK])
                rows._raw_delete(rows.db)
    return sum(len(keys) for _, keys in found)


@cache
def _within() -> tuple[tuple[type[models.Model], str], ...]:
    """Every table whose rows belong to a service, with the way from a row to it."""
    ways: dict[type[models.Model], str] = {}
    every = list(apps.get_app_config("service").get_models())
    waiting: deque[tuple[type[models.Model], str]] = deque([(Service, "")])
    while waiting:
        parent, way = waiting.popleft()
        for model, name in _children(parent, every):
            if model not in ways and model not in STAYS:
                ways[model] = f"{name}__{way}" if way else name
                waiting.append((model, ways[model]))
    return tuple(ways.items())


def _children(
    parent: type[models.Model], every: list[type[models.Model]]
) -> Iterator[tuple[type[models.Model], str]]:
    """The tables that point to ``parent`` by a column that is never empty, which makes their rows part of it."""
    for model in every:
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is parent and not field.null:
                yield model, field.name
