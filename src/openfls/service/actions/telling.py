"""What the person said of herself, accepted by somebody of the service, or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.assessing import keep_answers, under_care
from openfls.service.actor import Actor
from openfls.service.claims import Known
from openfls.service.investigation.earlier_fractures import against, record_of
from openfls.service.known import known_of
from openfls.service.models import Assessment, Episode, ToldValue
from openfls.service.roles import May
from openfls.service.told import agrees, doubts_of


@action("told.accept", May.WORK_THE_PATHWAY)
def accept(*, episode: Episode, told: ToldValue, instead: str = "", by: Actor) -> ToldValue:
    """The value becomes an answer of the assessment, of the day on which the person gave it.

    ``instead`` names what counts now and is to be replaced, as the page showed it (`Doubt.instead`).

    Raises:
        NotPossible: it was decided already, the episode is not under care, it contradicts another answer, or it would
            replace another value that whoever accepts has not been shown.
    """
    episode, (told,) = _waiting(episode, [told])
    assessment = under_care(episode, by)
    known = known_of(episode, clock.today())
    doubt = doubts_of(episode, known, clock.today()).get(f"told-{told.pk}")
    if doubt is not None and doubt.clash:
        raise NotPossible(f"Not accepted. {doubt.words} Put one of the two right first.")
    if doubt is not None and doubt.instead != instead:
        raise NotPossible(f"Not accepted yet. {doubt.words}")
    replaced = known[told.field].counts if told.field in known and instead else None
    _take_over(assessment, told, known, by)
    note(
        by,
        "told.accept",
        person=episode.person,
        subject=f"episode {episode.pk}",
        field=told.field,
        **({"instead_of": replaced.key or replaced.kind} if replaced else {}),
    )
    return told


@action("told.accept_all", May.WORK_THE_PATHWAY)
def accept_all(*, episode: Episode, seen: Sequence[int], by: Actor) -> int:
    """Accept those waiting values with the keys ``seen``, which stood on the page, that nothing speaks against.

    What differs from the record, contradicts another answer or is odd goes on waiting for a choice of its own.

    Raises:
        NotPossible: none of them waits any more or none can be accepted so, or the episode is not under care.
    """
    rows = list(ToldValue.objects.filter(pk__in=seen, person=episode.person_id, service=by.service))
    episode, waiting = _waiting(episode, rows)
    assessment = under_care(episode, by)
    known = known_of(episode, clock.today())
    doubtful = doubts_of(episode, known, clock.today())
    free = [told for told in waiting if f"told-{told.pk}" not in doubtful]
    if not free:
        raise NotPossible("Nothing is accepted: each of these answers needs a choice of its own.")
    for told in free:
        _take_over(assessment, told, known, by)
    fields = sorted(told.field for told in free)
    left = sorted(told.field for told in waiting if told not in free)
    note(
        by,
        "told.accept_all",
        person=episode.person,
        subject=f"episode {episode.pk}",
        fields=fields,
        left=left,
    )
    return len(free)


def _take_over(assessment: Assessment, told: ToldValue, known: Mapping[str, Known], by: Actor) -> None:
    """What says the same as the record is accepted too, and the record keeps its source and day."""
    one = known.get(told.field)
    if not agrees(one, told.value):
        source = told.source
        if one is not None and told.value is False and (record := record_of(one)):
            source = against(source, record)  # whoever accepts it has seen what the record says
        keep_answers(assessment, {told.field: told.value}, source=source, known_on=told.taken_on, by=by)
    _decide(told, ToldValue.State.ACCEPTED, by)


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


def _decide(told: ToldValue, state: ToldValue.State, by: Actor) -> None:
    told.state, told.decided_at, told.decided_by = state, clock.now(), by.user
    told.save(update_fields=["state", "decided_at", "decided_by"])
