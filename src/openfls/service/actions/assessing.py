"""The assessment: answered field by field, each answer kept with where it came from, then finished with its advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from openfls.record.pathway import UNDER_CARE, NotPossible, State, Step
from openfls.record.questions import by_field
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked, move
from openfls.service.actions.tasks import cancel_task, ensure_task, finish_task
from openfls.service.actor import Actor
from openfls.service.advice import advise
from openfls.service.claims import Known
from openfls.service.known import SCANNED_ON, known_of, of_a_scan
from openfls.service.models import Answer, Assessment, Episode, Task
from openfls.service.remembering import remembering
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
    day_was_wrong: bool = False,
    by: Actor,
) -> Assessment:
    """Keep those of ``answers`` (field name → JSON value, None for not known) that say something new.

    What a result of a feed says already is not written down once more. Results come after the assessment too; they are
    kept then, and the advice that was given stays as it was. Figures of a scan belong to its day: another day in
    ``answers`` begins another scan, unless ``day_was_wrong``, which moves what was typed of the scan to that day.

    Raises:
        NotPossible: the episode is not under care.
    """
    episode = locked(episode)
    assessment = under_care(episode, by)
    with remembering():
        known = known_of(episode, clock.today())
    another = _another_scan(known, answers) and not day_was_wrong
    changed = {
        field: value
        for field, value in answers.items()
        if _says_new(None if another and of_a_scan(field) else known.get(field), value)
    }
    scan_on = _scan_day(assessment, known, changed, moves=day_was_wrong)
    keep_answers(assessment, changed, source=source, known_on=known_on, scan_on=scan_on, by=by)
    if changed.get(SCANNED_ON) or looked_at_scan:
        finish_task(episode, TaskKind.DXA_RESULT)
    _promise(episode, changed)
    _noted("assessment.answer", episode, by, fields=sorted(changed))
    return assessment


def under_care(episode: Episode, by: Actor) -> Assessment:
    """The assessment of an episode, started where there is none.

    Raises:
        NotPossible: the episode is not under care.
    """
    if State(episode.state) not in UNDER_CARE:
        raise NotPossible(f"Nothing can be answered: the episode is at “{episode.place.list_title}”.")
    assessment: Assessment
    assessment, _ = Assessment.objects.get_or_create(
        episode=episode, defaults={"service": by.service, "started_at": clock.now()}
    )
    return assessment


def keep_answers(
    assessment: Assessment,
    answers: Mapping[str, Any],
    *,
    source: str,
    known_on: date | None,
    scan_on: date | None = None,
    by: Actor,
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
            scan_on=scan_on if of_a_scan(field) else None,
            at=at,
            by=by.user,
        )
        for field, value in answers.items()
    )


@action("assessment.add_scan", May.WORK_THE_PATHWAY)
def add_scan(*, episode: Episode, on: date, values: Mapping[str, Any], by: Actor) -> Assessment:
    """Keep a whole scan of the day ``on``, beside all others; of a day that has a typed one, ``values`` correct it.

    Raises:
        NotPossible: the episode is not under care, the day is after today, or no figure is given.
    """
    episode = locked(episode)
    assessment = under_care(episode, by)
    given = {field: value for field, value in values.items() if of_a_scan(field) and value is not None}
    if not given:
        raise NotPossible("A scan has at least one figure.")
    if on > clock.today():
        raise NotPossible("The day of a scan is today or earlier.")
    whole = {**given, SCANNED_ON: on.isoformat()}
    keep_answers(assessment, whole, source=TYPED, known_on=None, scan_on=on, by=by)
    if on >= episode.index_date:
        finish_task(episode, TaskKind.DXA_RESULT)
    _noted("assessment.add_scan", episode, by, fields=sorted(given))
    return assessment


def _another_scan(known: Mapping[str, Known], answers: Mapping[str, Any]) -> bool:
    """Whether ``answers`` tell of a scan of another day than the one that stands there."""
    stands = known[SCANNED_ON].value if SCANNED_ON in known else None
    return bool(stands and answers.get(SCANNED_ON) and answers[SCANNED_ON] != stands)


def _scan_day(
    assessment: Assessment, known: Mapping[str, Known], changed: Mapping[str, Any], *, moves: bool
) -> date | None:
    """The day to which the figures of a scan in ``changed`` belong; what was typed without its day goes with them."""
    stands = known[SCANNED_ON].value if SCANNED_ON in known else None
    before = date.fromisoformat(str(stands)) if stands else None
    if SCANNED_ON not in changed:
        return before
    day = date.fromisoformat(str(changed[SCANNED_ON])) if changed[SCANNED_ON] else None
    if before is None or moves or day is None:
        figures = [field for field in by_field() if of_a_scan(field)]
        Answer.objects.filter(assessment=assessment, field__in=figures, scan_on=before).update(scan_on=day)
    return day


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
    assessment: Assessment | None = Assessment.objects.filter(episode=episode).first()
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
    hashes = [shown["sha256"] for shown in assessment.advice["packs"]]
    _noted("assessment.finish", episode, by, advice=hashes)
    return assessment


def _noted(name: str, episode: Episode, by: Actor, **what: Any) -> None:
    """The one audit event of an action on an episode's assessment."""
    note(by, name, person=episode.person, subject=f"episode {episode.pk}", **what)


def _with_earlier(advice: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """``advice``, and under ``earlier`` what was given before and taken back, oldest first: each can be replayed."""
    if not before:
        return advice
    last = {name: value for name, value in before.items() if name != "earlier"}
    return {**advice, "earlier": [*before.get("earlier", []), last]}
