"""What a night does: alerts looked at, promises worked out, papers closed whose time is over, old rooms emptied.

Doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from django.db import transaction

from openfls.service import clock, watching
from openfls.service.access.members import close as close_accounts
from openfls.service.actor import system_actor
from openfls.service.aside.keeping import remove_old
from openfls.service.auditing.anchors import anchor
from openfls.service.models import Alert, Episode, Service
from openfls.service.operation.one_by_one import NIGHT, one_by_one
from openfls.service.operation.part_by_part import part_by_part
from openfls.service.quality.rebuilding import Rebuilt, rebuild
from openfls.service.retention.messages import empty_old_messages
from openfls.service.retention.passed_over import remove_passed_over
from openfls.service.sharing.outbox import remove_told
from openfls.service.training.ending import settle_all
from openfls.service.training.sandbox.clearing import clear_old
from openfls.service.treatment.courses import promise


@dataclass(frozen=True, slots=True)
class Night:
    """How many episodes were looked at, how many alerts were raised and ended, how many episodes it failed on, and the
    other ``parts`` of the night that failed."""

    looked_at: int
    raised: int
    ended: int
    failed: int = 0
    parts: tuple[str, ...] = ()


def nightly(
    service: Service,
    progress: Callable[[int, int], None] = lambda *_: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Night:
    """Look at every episode of a service that may have something to say, each in a transaction of its own.

    One that breaks is passed over and told, and the rest go on; so it is with every other part of the night. Between
    two episodes and two parts it ends where ``stopped`` says so.
    """
    before = _counts(service)
    keys = list(watching.to_look_at(service, clock.today()).values_list("pk", flat=True))
    by, looked_at, failed = system_actor(service), 0, 0

    def episodes() -> None:
        nonlocal looked_at, failed
        for looked_at, done in enumerate(one_by_one(service, NIGHT, keys, _look_at), start=1):
            failed += done is None
            progress(looked_at, len(keys))
            if stopped():
                break

    parts = part_by_part(
        service.code,
        {
            "episodes": episodes,
            "silent feeds": partial(transaction.atomic(watching.look_at_feeds), service),
            "what was set aside": partial(transaction.atomic(remove_old), service),
            "what was passed over": partial(transaction.atomic(remove_passed_over), service),
            "messages as they came": partial(empty_old_messages, service),
            "what was told": partial(transaction.atomic(remove_told), service),
            "papers": partial(settle_all, service, by),
            "accounts": partial(close_accounts, service),
            "practice rooms": partial(clear_old, service, by),
        },
        stopped,
    )
    after = _counts(service)
    return Night(looked_at, after[0] - before[0], after[1] - before[1], failed, parts)


def whole_night(service: Service, stopped: Callable[[], bool] = lambda: False) -> tuple[Night, int]:
    """The night, the audit rows made anew and the anchor of the log, each of them also where another fails: the night
    with all parts that failed, and how many audit rows could not be made."""
    night, made = Night(0, 0, 0), Rebuilt(0, 0)

    def first() -> None:
        nonlocal night
        night = nightly(service, stopped=stopped)

    def second() -> None:
        nonlocal made
        made = rebuild(service, stopped=stopped)

    works: dict[str, Callable[[], object]] = {
        "night": first,
        "audit rows": second,
        "anchor": partial(anchor, service),
    }
    parts = part_by_part(service.code, works, stopped)
    return replace(night, parts=(*night.parts, *parts)), made.failed


def _look_at(episode: Episode) -> bool:
    promise(episode)
    watching.look(episode.pk)
    return True


def _counts(service: Service) -> tuple[int, int]:
    rows = Alert.objects.filter(service=service)
    return rows.count(), rows.exclude(ended_at=None).count()
