"""What a night does: alerts looked at, promises worked out, papers closed whose time is over, old rooms emptied.

Doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from openfls.service import clock, watching
from openfls.service.access.members import close as close_accounts
from openfls.service.actor import system_actor
from openfls.service.aside.keeping import remove_old
from openfls.service.models import Alert, Episode, Service
from openfls.service.operation.one_by_one import NIGHT, one_by_one
from openfls.service.sharing.outbox import remove_told
from openfls.service.training.ending import settle_all
from openfls.service.training.sandbox.clearing import clear_old
from openfls.service.treatment.courses import promise


@dataclass(frozen=True, slots=True)
class Night:
    """How many episodes were looked at, how many alerts were raised and ended, and how many episodes it failed on."""

    looked_at: int
    raised: int
    ended: int
    failed: int = 0


def nightly(service: Service, progress: Callable[[int, int], None] = lambda *_: None) -> Night:
    """Look at every episode of a service that may have something to say, each in a transaction of its own.

    One that breaks is passed over and told, and the rest go on.
    """
    before = _counts(service)
    keys = list(watching.to_look_at(service, clock.today()).values_list("pk", flat=True))
    failed = 0
    for number, done in enumerate(one_by_one(service, NIGHT, keys, _look_at), start=1):
        failed += done is None
        progress(number, len(keys))
    with transaction.atomic():
        watching.look_at_feeds(service)
        remove_old(service)
        remove_told(service)
    settle_all(service, system_actor(service))
    close_accounts(service)
    clear_old(service, system_actor(service))
    after = _counts(service)
    return Night(len(keys), after[0] - before[0], after[1] - before[1], failed)


def _look_at(episode: Episode) -> bool:
    promise(episode)
    watching.look(episode.pk)
    return True


def _counts(service: Service) -> tuple[int, int]:
    rows = Alert.objects.filter(service=service)
    return rows.count(), rows.exclude(ended_at=None).count()
