"""Jobs: posted once, claimed by one worker, renewed while it lives, tried again when it fails.

On PostgreSQL a claim takes the oldest job that nobody else is just taking (SKIP LOCKED), so that no worker waits for
another; SQLite lets one write at a time anyway. A claim is a lease: of a worker that was killed, the job is taken
over when its lease has run out. So a job can be begun twice, and whatever a job does must bear that.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from openfls.service import clock
from openfls.service.models import Job
from openfls.service.operation import correlation

LEASE = timedelta(seconds=90)
PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 180))
"""How long to wait after each attempt that failed; after the last of them a job is given up until it is posted anew."""
KEPT_FOR = timedelta(days=90)
_log = logging.getLogger(__name__)


def post(kind: str, key: str = "") -> None:
    """There is something to do. Posted while it waits, it is one job; while it is being done, it is done once more."""
    now = clock.now()
    with transaction.atomic():
        fresh = {"posted_at": now, "due_at": now, "request_id": correlation.current()}
        job, is_new = Job.objects.select_for_update().get_or_create(kind=kind, key=key, defaults=fresh)
        if is_new:
            return
        if job.done_at is None and job.claimed_until and job.claimed_until > now:
            Job.objects.filter(pk=job.pk).update(again=True)
        else:
            _open(Job.objects.filter(pk=job.pk), **fresh)


def post_once(kind: str, keys: Iterable[str]) -> None:
    """Post jobs of which each is done once for ever, however often it is posted and by however many."""
    now = clock.now()
    Job.objects.bulk_create(
        [Job(kind=kind, key=key, posted_at=now, due_at=now) for key in keys], ignore_conflicts=True
    )


def post_every(kind: str, pause: timedelta) -> None:
    """Post a job that is done with a ``pause`` between, by however many clocks."""
    now = clock.now()
    post_once(kind, [""])
    _open(Job.objects.filter(kind=kind, key="", done_at__lte=now - pause), posted_at=now, due_at=now)


def _open(rows: QuerySet[Job], **columns: object) -> None:
    """Open jobs anew. One statement: of two who do it at once, the second finds nothing to open."""
    nothing = {"done_at": None, "claimed_by": "", "claimed_until": None, "attempts": 0}
    rows.update(**nothing, fault="", given_up=False, again=False, **columns)


def claim(worker: str, kinds: Collection[str] = ()) -> Job | None:
    """The job, of ``kinds`` where some are named, that has been due longest and is nobody's: now ``worker``'s."""
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    free &= Q(kind__in=kinds) if kinds else Q()
    with transaction.atomic():
        waiting = Job.objects.select_for_update(skip_locked=True).filter(free, done_at=None, due_at__lte=now)
        job = waiting.order_by("due_at", "pk").first()
        if job is None:
            return None
        job.claimed_by, job.claimed_until, job.attempts = worker, now + LEASE, job.attempts + 1
        job.again = False
        job.save(update_fields=["claimed_by", "claimed_until", "attempts", "again"])
    return job


def renew(job: Job) -> bool:
    """Keep a claim for another lease. False where somebody else has it by now."""
    mine = Job.objects.filter(pk=job.pk, claimed_by=job.claimed_by, done_at=None)
    return bool(mine.update(claimed_until=clock.now() + LEASE))


def finish(job: Job) -> None:
    """It is done; where it was posted again meanwhile, it is open again."""
    mine = Job.objects.filter(pk=job.pk, claimed_by=job.claimed_by)
    now = clock.now()
    mine.filter(again=False).update(done_at=now, claimed_until=None, fault="")
    _open(mine.filter(again=True), due_at=now)


def put_back(job: Job) -> None:
    """It was not finished because its worker ends: the next one goes on with it."""
    Job.objects.filter(pk=job.pk, claimed_by=job.claimed_by).update(
        claimed_until=None, claimed_by="", due_at=clock.now(), attempts=max(0, job.attempts - 1)
    )


def fail(job: Job, error: BaseException) -> None:
    """It failed: tried again after a pause that grows, or given up. The error's own words are not kept."""
    now, mine = clock.now(), Job.objects.filter(pk=job.pk, claimed_by=job.claimed_by)
    fault = type(error).__name__[:60]
    if job.attempts > len(PAUSES):
        mine.update(done_at=now, given_up=True, fault=fault, claimed_until=None)
        _log.error("job given up", extra={"job": job.kind, "attempts": job.attempts, "fault": fault})
        return
    mine.update(due_at=now + PAUSES[job.attempts - 1], fault=fault, claimed_until=None, claimed_by="")
    _log.error("job failed", extra={"job": job.kind, "attempts": job.attempts, "fault": fault})


def forget_old() -> int:
    """Remove jobs that were done long ago. Returns how many."""
    return Job.objects.filter(done_at__lt=clock.now() - KEPT_FOR).delete()[0]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many jobs of a kind wait, are being done and were given up, and how many seconds the longest has waited."""

    kind: str
    waiting: int
    running: int
    given_up: int
    longest: float


def standing() -> list[Standing]:
    """How the jobs stand, by kind."""
    now = clock.now()
    running, open_ = Q(done_at=None, claimed_until__gt=now), Q(done_at=None)
    rows = Job.objects.values("kind").annotate(
        open=Count("pk", filter=open_),
        running=Count("pk", filter=running),
        given_up=Count("pk", filter=Q(given_up=True)),
        oldest=Min("due_at", filter=open_ & ~running),
    )
    return [
        Standing(
            row["kind"],
            row["open"] - row["running"],
            row["running"],
            row["given_up"],
            max(0.0, (now - row["oldest"]).total_seconds()) if row["oldest"] else 0.0,
        )
        for row in rows.order_by("kind")
    ]


def is_open(kind: str, key: str, *, or_given_up: bool = False) -> bool:
    """Whether a job waits or is being done; with ``or_given_up`` also whether it ended without success."""
    wanted = Q(done_at=None) | Q(given_up=True) if or_given_up else Q(done_at=None)
    return Job.objects.filter(wanted, kind=kind, key=key).exists()
