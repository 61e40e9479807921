"""What a night does: alerts looked at, promises of treatments worked out, papers closed whose time is over.

Doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from openfls.service import clock, watching
from openfls.service.actor import system_actor
from openfls.service.aside.keeping import remove_old
from openfls.service.models import Alert, Episode, Service
from openfls.service.training.ending import settle_all
from openfls.service.treatment.courses import promise


@dataclass(frozen=True, slots=True)
class Night:
    """How many episodes were looked at, and how many alerts were raised and ended."""

    looked_at: int
    raised: int
    ended: int


def nightly(service: Service, progress: Callable[[int, int], None] = lambda *_: None) -> Night:
    """Look at every episode of a service that may have something to say, each in a transaction of its own."""
    before = _counts(service)
    keys = list(watching.to_look_at(service, clock.today()).values_list("pk", flat=True))
    for number, key in enumerate(keys, start=1):
        with transaction.atomic():
            # The row is locked, so that a night and a click do not raise the same alert at the same time.
            episode = Episode.objects.select_for_update(of=("self",)).filter(pk=key).first()
            if episode is not None:
                promise(episode)
                watching.look(key)
        progress(number, len(keys))
    with transaction.atomic():
        watching.look_at_feeds(service)
        remove_old(service)
    settle_all(service, system_actor(service))
    after = _counts(service)
    return Night(len(keys), after[0] - before[0], after[1] - before[1])


def _counts(service: Service) -> tuple[int, int]:
    rows = Alert.objects.filter(service=service)
    return rows.count(), rows.exclude(ended_at=None).count()
