"""The assessment: answered field by field, each answer kept with where it came from, then finished with its advice."""

from __future__ import annotations

from datetime import date
from typing import Any

from openfls.record.pathway import UNDER_CARE, NotPossible, State, Step
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked, move
from openfls.service.actions.tasks import finish_task
from openfls.service.actor import Actor
from openfls.service.advice import advise
from openfls.service.models import Answer, Assessment, Episode
from openfls.service.roles import May

TYPED = "typed"
SCANNED_ON = "bone_density.on"


@action("assessment.answer", May.WORK_THE_PATHWAY)
def answer(
    *, episode: Episode, answers: dict[str, Any], source: str = TYPED, known_on: date | None = None, by: Actor
) -> Assessment:
    """Keep those of ``answers`` (field name → JSON value, None for not known) that say something new.

    Results come after the assessment too; they are kept then, and the advice that was given stays as it was.

    Raises:
        NotPossible: the episode is not under care.
    """
    episode = locked(episode)
    if State(episode.state) not in UNDER_CARE:
        raise NotPossible(f"Nothing can be answered: the episode is at “{episode.place.list_title}”.")
    assessment, _ = Assessment.objects.get_or_create(
        episode=episode, defaults={"service": by.service, "started_at": clock.now()}
    )
    known = {row.field: row.value for row in assessment.answers.all()}
    changed = {field: value for field, value in answers.items() if known.get(field) != value}
    Answer.objects.bulk_create(
        Answer(
            assessment=assessment,
            field=field,
            value=value,
            source=source,
            known_on=known_on or clock.today(),
            at=clock.now(),
            by=by.user,
        )
        for field, value in changed.items()
    )
    if changed.get(SCANNED_ON):
        finish_task(episode, TaskKind.DXA_RESULT)
    note(
        by,
        "assessment.answer",
        person=episode.person,
        subject=f"episode {episode.pk}",
        fields=sorted(changed),
    )
    return assessment


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
    note(by, "assessment.finish", person=episode.person, subject=f"episode {episode.pk}")
    return assessment


def _with_earlier(advice: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """``advice``, and under ``earlier`` what was given before and taken back, oldest first: each can be replayed."""
    if not before:
        return advice
    last = {name: value for name, value in before.items() if name != "earlier"}
    return {**advice, "earlier": [*before.get("earlier", []), last]}
