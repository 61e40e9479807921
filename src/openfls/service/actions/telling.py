"""What the person said of herself, accepted by somebody of the service, or not."""

from __future__ import annotations

from collections.abc import Sequence

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.assessing import keep_answers, under_care
from openfls.service.actor import Actor
from openfls.service.models import Episode, ToldValue
from openfls.service.roles import May


@action("told.accept", May.WORK_THE_PATHWAY)
def accept(*, episode: Episode, told: ToldValue, by: Actor) -> ToldValue:
    """The value becomes an answer of the assessment, of the day on which the person gave it.

    Raises:
        NotPossible: it was decided already, or the episode is not under care.
    """
    episode, (told,) = _waiting(episode, [told])
    assessment = under_care(episode, by)
    keep_answers(assessment, {told.field: told.value}, source=told.source, known_on=told.taken_on, by=by)
    _decide(told, ToldValue.State.ACCEPTED, by)
    note(by, "told.accept", person=episode.person, subject=f"episode {episode.pk}", field=told.field)
    return told


@action("told.accept_all", May.WORK_THE_PATHWAY)
def accept_all(*, episode: Episode, seen: Sequence[int], by: Actor) -> int:
    """Accept those waiting values of the person with the keys ``seen``, which stood on the page; how many.

    Raises:
        NotPossible: none of them waits any more, or the episode is not under care.
    """
    rows = list(ToldValue.objects.filter(pk__in=seen, person=episode.person_id, service=by.service))
    episode, waiting = _waiting(episode, rows)
    assessment = under_care(episode, by)
    for told in waiting:
        keep_answers(assessment, {told.field: told.value}, source=told.source, known_on=told.taken_on, by=by)
        _decide(told, ToldValue.State.ACCEPTED, by)
    fields = sorted(told.field for told in waiting)
    note(by, "told.accept_all", person=episode.person, subject=f"episode {episode.pk}", fields=fields)
    return len(waiting)


@action("told.reject", May.WORK_THE_PATHWAY)
def reject(*, episode: Episode, told: ToldValue, by: Actor) -> ToldValue:
    """The value is not taken over; it stays in the history of its field."""
    episode, (told,) = _waiting(episode, [told])
    _decide(told, ToldValue.State.REJECTED, by)
    note(by, "told.reject", person=episode.person, subject=f"episode {episode.pk}", field=told.field)
    return told


def _waiting(episode: Episode, rows: Sequence[ToldValue]) -> tuple[Episode, list[ToldValue]]:
    locked = list(
        ToldValue.objects.select_for_update().filter(
            pk__in=[row.pk for row in rows], person=episode.person_id, state=ToldValue.State.WAITING
        )
    )
    if not locked:
        raise NotPossible("Somebody has decided about this answer already.")
    return episode, locked


def _decide(told: ToldValue, state: str, by: Actor) -> None:
    told.state, told.decided_at, told.decided_by = state, clock.now(), by.user
    told.save(update_fields=["state", "decided_at", "decided_by"])
