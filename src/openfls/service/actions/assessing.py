"""The assessment: answered field by field, each answer kept with where it came from, then finished with its advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from openfls.record.pathway import UNDER_CARE, NotPossible, State, Step
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked, move
from openfls.service.actions.tasks import cancel_task, ensure_task, finish_task
from openfls.service.actor import Actor
from openfls.service.advice import advise
from openfls.service.claims import Known
from openfls.service.known import SCANNED_ON, known_of
from openfls.service.models import Answer, Assessment, Episode, Task
from openfls.service.roles import May

TYPED = "typed"
REQUESTED, BOOKED = "dxa.requested_on", "dxa.booked_for"
BOOKED_BY, RESULT_BY = timedelta(days=14), timedelta(days=14)
"""When to look whether a scan that was asked for is booked, and whether its result has come. Ours."""


@action("assessment.answer", May.WORK_THE_PATHWAY)
def answer(
    *,
    episode: Episode,
    answers: dict[str, Any],
    source: str = TYPED,
    known_on: date | None = None,
    looked_at_scan: bool = False,
    by: Actor,
) -> Assessment:
    """Keep those of ``answers`` (field name → JSON value, None for not known) that say something new.

    What a result of a feed says already is not written down once more. Results come after the assessment too; they are
    kept then, and the advice that was given stays as it was.

    Raises:
        NotPossible: the episode is not under care.
    """
    episode = locked(episode)
    assessment = under_care(episode, by)
    known = known_of(episode, clock.today())
    changed = {field: value for field, value in answers.items() if _says_new(known.get(field), value)}
    keep_answers(assessment, changed, source=source, known_on=known_on, by=by)
    if changed.get(SCANNED_ON) or looked_at_scan:
        finish_task(episode, TaskKind.DXA_RESULT)
    _promise(episode, changed)
    note(
        by,
        "assessment.answer",
        person=episode.person,
        subject=f"episode {episode.pk}",
        fields=sorted(changed),
    )
    return assessment


def under_care(episode: Episode, by: Actor) -> Assessment:
    """The assessment of an episode, started where there is none.

    Raises:
        NotPossible: the episode is not under care.
    """
    if State(episode.state) not in UNDER_CARE:
        raise NotPossible(f"Nothing can be answered: the episode is at “{episode.place.list_title}”.")
    assessment, _ = Assessment.objects.get_or_create(
        episode=episode, defaults={"service": by.service, "started_at": clock.now()}
    )
    return assessment


def keep_answers(
    assessment: Assessment, answers: Mapping[str, Any], *, source: str, known_on: date | None, by: Actor
) -> None:
    """Write answers down, all of one moment; within an action, which writes its event."""
    at = clock.now()
    Answer.objects.bulk_create(
        Answer(
            assessment=assessment,
            field=field,
            value=value,
            source=source,
            known_on=known_on or clock.today(),
            at=at,
            by=by.user,
        )
        for field, value in answers.items()
    )


def _says_new(known: Known | None, value: Any) -> bool:
    """Whether an answer is another than what counts; where sources disagree, any answer settles it."""
    if known is None or (known.counts is None and not known.rivals):
        return value is not None
    return bool(known.rivals) or known.value != value


def _promise(episode: Episode, changed: Mapping[str, Any]) -> None:
    """Tasks that follow a scan from the day it is asked for until somebody has seen its result."""
    if REQUESTED in changed:
        asked = changed[REQUESTED]
        if asked:
            ensure_task(episode, TaskKind.DXA_BOOKING, date.fromisoformat(asked) + BOOKED_BY)
        else:
            cancel_task(episode, TaskKind.DXA_BOOKING)
    if changed.get(BOOKED):
        due = date.fromisoformat(changed[BOOKED]) + RESULT_BY
        finish_task(episode, TaskKind.DXA_BOOKING)
        task = ensure_task(episode, TaskKind.DXA_RESULT, due)
        Task.objects.filter(pk=task.pk).update(due=due)


@action("assessment.finish", May.WORK_THE_PATHWAY)
def finish(*, episode: Episode, assessed_on: date, by: Actor) -> Assessment:
    """The assessment was made on ``assessed_on``; the advice given from it is kept so that it can be replayed.

    Raises:
        NotPossible: nothing has been answered, or the day is before the fracture or after today.
    """
    episode = locked(episode)
    assessment = Assessment.objects.filter(episode=episode).first()
    if assessment is None:
        raise NotPossible("Nothing has been answered yet.")
    if not episode.index_date <= assessed_on <= clock.today():
        raise NotPossible("The assessment is dated between the fracture and today.")
    move(episode, Step.FINISH_ASSESSMENT, by)
    assessment.assessed_on = assessed_on
    assessment.finished_by = by.user
    assessment.advice = _with_earlier(advise(episode, on=assessed_on), assessment.advice)
    assessment.save()
    finish_task(episode, TaskKind.CALL_AGAIN)
    note(
        by,
        "assessment.finish",
        person=episode.person,
        subject=f"episode {episode.pk}",
        advice=[shown["sha256"] for shown in assessment.advice["packs"]],
    )
    return assessment


def _with_earlier(advice: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """``advice``, and under ``earlier`` what was given before and taken back, oldest first: each can be replayed."""
    if not before:
        return advice
    last = {name: value for name, value in before.items() if name != "earlier"}
    return {**advice, "earlier": [*before.get("earlier", []), last]}
