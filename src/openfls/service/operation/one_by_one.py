"""Work on many fractures, each by itself: what one of them breaks is kept and told, and the rest go on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.db import connection, transaction

from openfls.service import clock
from openfls.service.models import Episode, Service, Stuck
from openfls.service.operation.logs import places

TOO_MANY = 25
"""Failures one after the other from which it is no matter of single fractures any more: the whole work stops."""
NIGHT, AUDIT_ROW = "night", "audit_row"
_log = logging.getLogger(__name__)


def one_by_one(
    service: Service, work: str, keys: Iterable[UUID], do: Callable[[Episode], bool]
) -> Iterator[bool | None]:
    """Do ``do`` with each fracture of ``keys``, locked and in a transaction of its own: what it says, None where it
    failed. The log has the fracture's key and the kind and places of the fault, nothing of the person.

    Raises:
        Exception: the last fault, when so many failed in a row that something else is wrong.
    """
    before = set(Stuck.objects.filter(service=service, work=work).values_list("episode_id", flat=True))
    in_a_row = 0
    for key in keys:
        try:
            with transaction.atomic():
                # Locked, so that this work and a click do not write the same at the same time.
                episode = Episode.objects.select_for_update(of=("self",)).filter(pk=key).first()
                said = episode is not None and do(episode)
        except Exception as error:
            in_a_row += 1
            if in_a_row >= TOO_MANY or connection.needs_rollback:
                raise
            where = places((type(error), error, error.__traceback__))
            _log.error("%s: fracture %s was passed over: %s", work, key, where)
            _keep(service, work, key, error)
            yield None
        else:
            in_a_row = 0
            if key in before:
                Stuck.objects.filter(episode_id=key, work=work).delete()
            yield said


def _keep(service: Service, work: str, key: UUID, error: Exception) -> None:
    now = clock.now()
    told = {"fault": type(error).__name__[:60], "tried_at": now}
    Stuck.objects.update_or_create(
        episode_id=key,
        work=work,
        defaults={**told, "service": service},
        create_defaults={**told, "service": service, "since": now},
    )


def stuck(service: Service) -> list[Stuck]:
    """The fractures of a service that work could not be done on, the longest first."""
    rows = Stuck.objects.filter(service=service).select_related("episode__person")
    return list(rows.order_by("since", "pk"))
