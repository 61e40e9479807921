"""What each kind of job does. All of them bear to be begun twice: what is done already is passed by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.models import Session

from openfls.service import clock, nightly
from openfls.service.feeds.long_loading import work_on
from openfls.service.feeds.uploads import remove_expired
from openfls.service.letter_runs.beginning import remove_expired_files
from openfls.service.letter_runs.reading import open_runs
from openfls.service.letter_runs.running import work_on as run_letters
from openfls.service.models import LetterRun, Loading, Service, SignOfLife
from openfls.service.moving import SLICE, count_on, counter_of
from openfls.service.moving import waiting as waiting_counts
from openfls.service.operation import jobs
from openfls.service.operation.part_by_part import NotAllDone
from openfls.service.quality.rebuilding import rebuild
from openfls.service.sharing.delivering import deliver

Stopping = Callable[[], bool]
Work = Callable[[str, str, Stopping], bool]
"""Does the job of a key in a worker's name until it is done or told to stop. Returns whether it is done."""
FORGOTTEN_AFTER = timedelta(days=7)
AT_ONCE = 200


def _load(key: str, worker: str, stopping: Stopping) -> bool:
    """A file that somebody sent."""
    loading = Loading.objects.filter(pk=key).first()
    if loading is None or not loading.is_under_way:
        return True
    return not work_on(loading.pk, worker[:40], stopping).is_under_way


def _count(key: str, _: str, stopping: Stopping) -> bool:
    """Whom a proposed change of guidance would move, slice by slice."""
    while not stopping():
        change = waiting_counts().filter(pk=key).first()
        if change is None:
            return True
        count_on(change, counter_of(change), SLICE)
    return False


def _letters(key: str, _: str, stopping: Stopping) -> bool:
    """What is done with all letters of a batch, piece by piece."""
    if not LetterRun.objects.filter(pk=key).exists():
        return True
    return not run_letters(key, stopping).is_under_way


def _deliver(_: str, __: str, stopping: Stopping) -> bool:
    """What waits in the outbox. What is left comes round in a minute."""
    for _round in range(AT_ONCE):
        done = deliver(at_most=1)
        if stopping() or not (done.delivered or done.failed or done.given_up):
            break
    return True


def _night(key: str, _: str, stopping: Stopping) -> bool:
    """The night of one service: ``key`` is a day and the service's key.

    Raises:
        NotAllDone: parts of it failed, and the others are done. It is tried again as every job is.
    """
    service = Service.real.filter(pk=key.rpartition("/")[2]).first()
    if service is not None:
        night = nightly.whole_night(service, stopping)[0]
        if night.parts:
            raise NotAllDone(night.parts)
    return service is None or not stopping()


def _rebuild(key: str, _: str, stopping: Stopping) -> bool:
    """The audit rows of one service that an upgrade made old."""
    service = Service.real.filter(pk=key).first()
    if service is not None:
        rebuild(service, stopped=stopping)
    return not stopping()


def _tidy(_: str, __: str, stopping: Stopping) -> bool:
    """What has had its time: files that were never loaded, sessions, old jobs, workers long gone."""
    remove_expired()
    remove_expired_files()
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    SignOfLife.objects.filter(seen_at__lt=clock.now() - FORGOTTEN_AFTER).delete()
    jobs.forget_old()
    return True


KINDS: dict[str, Work] = {
    "loading": _load,
    "counting": _count,
    "letters": _letters,
    "outbox": _deliver,
    "night": _night,
    "rebuilding": _rebuild,
    "tidying": _tidy,
}
"""Every kind of job."""


def look_for_work(*, given_up_too: bool = False) -> None:
    """Post what waits in the tables without a job: left by a killed server, or by one that had no workers.

    A job that was given up is begun again only where a person asks for it (``given_up_too``).
    """
    under_way = Loading.objects.filter(state__in=(Loading.State.WAITING, Loading.State.RUNNING))
    wanted = [("loading", str(key)) for key in under_way.values_list("pk", flat=True)]
    wanted += [("counting", str(key)) for key in waiting_counts().values_list("pk", flat=True)]
    wanted += [("letters", str(key)) for key in open_runs()]
    for kind, key in wanted:
        if not jobs.is_open(kind, key, or_given_up=not given_up_too):
            jobs.post(kind, key)
