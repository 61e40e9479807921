"""Tasks: what keeps a promise from being forgotten. At most one of a kind is open in an episode."""

from __future__ import annotations

from datetime import date, datetime

from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.models import Episode, Task


def ensure_task(episode: Episode, kind: TaskKind, due: date) -> Task:
    """The open task of this kind, made if there is none."""
    task, _ = Task.objects.get_or_create(
        episode=episode,
        kind=kind,
        done_at=None,
        cancelled_at=None,
        defaults={"service": episode.service, "due": due},
    )
    return task


def finish_task(episode: Episode, kind: TaskKind) -> None:
    """Mark the open task of this kind done, where there is one."""
    _open(episode, kind).update(done_at=clock.now())


def cancel_task(episode: Episode, kind: TaskKind) -> None:
    """Take the open task of this kind off the lists, where there is one."""
    _open(episode, kind).update(cancelled_at=clock.now())


def cancel_tasks(episode: Episode) -> None:
    """Take every open task of the episode off the lists."""
    episode.tasks.filter(done_at=None, cancelled_at=None).update(cancelled_at=clock.now())


def restore_finished(episode: Episode, kind: TaskKind, *, since: datetime) -> None:
    """Open the newest task of this kind again, where it was done at or after ``since``."""
    newest = episode.tasks.filter(kind=kind).order_by("-pk").first()
    if newest and newest.done_at and newest.done_at >= since:
        ensure_task(episode, kind, newest.due)


def restore_cancelled(episode: Episode, *, since: datetime, kind: TaskKind | None = None) -> None:
    """Open again what was cancelled at or after ``since``, of one kind or of all."""
    tasks = episode.tasks.filter(cancelled_at__gte=since)
    for task in tasks.filter(kind=kind) if kind else tasks:
        ensure_task(episode, TaskKind(task.kind), task.due)


def _open(episode: Episode, kind: TaskKind):
    return episode.tasks.filter(kind=kind, done_at=None, cancelled_at=None)
