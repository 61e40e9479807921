"""What becomes of an episode whose evidence changed or whose person died. Under care nothing is closed by a feed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import F, Q

from openfls.record.findings import Triage
from openfls.record.pathway import UNDER_CARE, State, Step
from openfls.record.reasons import TaskKind
from openfls.record.sites import Site
from openfls.service import clock
from openfls.service.actions.moves import move, standing
from openfls.service.actions.tasks import cancel_tasks, ensure_task
from openfls.service.actor import Actor
from openfls.service.models import Episode, Fracture, Person, SourceRecord, Status, Task, TellsOf

MOVED_AWAY = "The records that told of it now tell of another fracture"
_DIED = re.compile(r"died[^:]*: not offered for contact \((?P<else>.*)", re.S)
"""The rooms' reason where a person has died (`identification.episodes.judging`), and what it would be else."""


def drop_emptied(
    person: Person,
    by: Actor,
    rows: Sequence[SourceRecord],
    before: Mapping[int, set[object]],
    lost: Collection[object],
) -> None:
    """A found fracture of which nothing tells any more is no longer put forward, with the true reason.

    ``before`` has the fractures of each of ``rows`` (by key) as they were until now.
    """
    for episode in person.episodes.filter(Q(state=State.FOUND) | Q(history=True)):
        fractures = {each.pk for each in episode.fractures.all()}
        told = set(
            TellsOf.objects.filter(fracture__in=fractures, record__superseded=False).values_list(
                "fracture_id", flat=True
            )
        )
        if told:
            episode.fractures.exclude(pk__in=told).delete()
            _rank(episode)
            continue
        if episode.history:
            # It was never put forward; nothing tells of it any more, so it is no earlier fracture either.
            Episode.objects.filter(pk=episode.pk).update(history=False)
            continue
        own = [row for row in rows if before.get(row.pk, set()) & fractures]
        move(episode, Step.REFUTE, by, _why_emptied(own, withdrawn=bool(fractures & set(lost)))[:500])
        cancel_tasks(episode)


def _why_emptied(rows: Sequence[SourceRecord], *, withdrawn: bool) -> str:
    if TellsOf.objects.filter(record__in=rows).exists():
        return MOVED_AWAY
    left_out = dict.fromkeys(row.row.reason for row in rows)
    if left_out:
        return f"Left out now: {'; '.join(left_out)}"
    if withdrawn:
        return "The record that told of it was withdrawn or corrected by its sender"
    return "No record tells of it any more"


def _rank(episode: Episode) -> None:
    """Fractures of one day stand in the order of the site list, whichever was told first."""
    order = list(Site)
    fractures = sorted(
        episode.fractures.all(),
        key=lambda each: (each.on, order.index(Site(each.site)), each.side, each.levels),
    )
    if [each.rank for each in fractures] == list(range(len(fractures))):
        return
    episode.fractures.update(rank=F("rank") + 1000)
    for rank, fracture in enumerate(fractures):
        Fracture.objects.filter(pk=fracture.pk).update(rank=rank)


def mark_changed(person: Person, lost: Collection[object]) -> None:
    """Somebody must see it where what stands behind a fracture under care was withdrawn or corrected."""
    if not lost:
        return
    under_care = person.episodes.filter(state__in=UNDER_CARE, fractures__in=list(lost)).distinct()
    for episode in under_care.select_related("service"):
        ensure_task(episode, TaskKind.EVIDENCE_CHANGED, clock.today())


def _rest(status: Status) -> re.Match[str] | None:
    """Whether a step left an episode out because its person has died; whoever loaded the file that told of it."""
    left_out = status.state == State.NOT_FOR_US and status.undoes_id is None
    return _DIED.match(status.reason) if left_out else None


def wake(episodes: Iterable[Episode], by: Actor) -> None:
    """The death was none: what was left out for it alone waits again. A person's look, until it is judged anew."""
    for episode in episodes:
        if episode.state != State.NOT_FOR_US or episode.history:
            continue
        rest = _rest(standing(episode)[-1])
        if rest is None:
            continue
        move(episode, Step.BRING_BACK, by, "It was left out for a death, and the person has not died")
        episode.triage, episode.reason = Triage.REVIEW, rest["else"].removesuffix(")")
        episode.save(update_fields=["triage", "reason"])


def put_to_rest(person: Person, by: Actor) -> None:
    """Nobody calls the dead: what nobody has decided about is left out, as if the death had come first.

    It happens once. What a person has opened again afterwards stays open.
    """
    for episode in person.episodes.filter(state=State.FOUND):
        if not any(_rest(status) for status in episode.statuses.all()):
            move(episode, Step.REFUTE, by, episode.reason)
            cancel_tasks(episode)
    calls = Task.objects.filter(episode__person=person, kind=TaskKind.CALL_AGAIN)
    calls.filter(done_at=None, cancelled_at=None).update(cancelled_at=clock.now())
