"""Undo: taking back the last step for as long as nobody can have acted on it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from openfls.record.pathway import NotPossible, Step
from openfls.record.reasons import ReviewOutcome, TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.dying import unsay_death
from openfls.service.actions.moves import locked_with_person, move_back, standing
from openfls.service.actions.tasks import cancel_task, restore_cancelled, restore_finished
from openfls.service.actions.treating import unhear
from openfls.service.actor import Actor
from openfls.service.models import Assessment, Episode, Plan, Review, Status
from openfls.service.roles import May

UNDO_WITHIN = timedelta(hours=24)
REVIEW_TASKS = {Step.REVIEW_AT_16_WEEKS: TaskKind.REVIEW_16, Step.REVIEW_AT_52_WEEKS: TaskKind.REVIEW_52}
REVIEWS = {Step.REVIEW_AT_16_WEEKS: Review.Kind.WEEK_16, Step.REVIEW_AT_52_WEEKS: Review.Kind.WEEK_52}
PLAN_TASKS = (
    *(TaskKind.REVIEW_16, TaskKind.REVIEW_52, TaskKind.DXA_RESULT),
    *(TaskKind.SIGN_PLAN, TaskKind.FALLS_ANSWER, TaskKind.SPECIALIST_ANSWER, TaskKind.COME_BACK),
)


def last_step(episode: Episode) -> Status:
    """The last step that stands.

    Raises:
        NotPossible: nothing has been done since the fracture was found.
    """
    last = standing(episode)[-1]
    if last.step == "find":
        raise NotPossible("There is no step to take back.")
    return last


def check_undo(episode: Episode) -> Status:
    """The step that an undo would take back.

    Raises:
        NotPossible: there is none, it is more than a day old, or a letter has been approved since.
    """
    last = last_step(episode)
    if clock.now() - last.at > UNDO_WITHIN:
        raise NotPossible("The last step is more than a day old. Correct it with a reason instead.")
    if episode.letters.filter(approved_at__gte=last.at).exists():
        raise NotPossible("A letter has been approved since. Correct the step with a reason instead.")
    return last


def can_undo(episode: Episode) -> bool:
    """Whether `check_undo` finds a step to take back."""
    try:
        check_undo(episode)
    except NotPossible:
        return False
    return True


@action("episode.undo", May.WORK_THE_PATHWAY)
def undo(*, episode: Episode, by: Actor) -> Step:
    """Take back a slip: the last step with all it made. What was kept is marked withdrawn, not removed."""
    episode = locked_with_person(episode)
    step = _take_back(episode, check_undo(episode), "", by)
    note(by, "episode.undo", person=episode.person, subject=f"episode {episode.pk}", step=step)
    return step


@action("episode.correct", May.WORK_THE_PATHWAY)
def correct(*, episode: Episode, reason: str, by: Actor) -> Step:
    """Take back the last step however old it is, with a reason that stays in the record."""
    if not reason.strip():
        raise NotPossible("Say why the step is taken back.")
    episode = locked_with_person(episode)
    step = _take_back(episode, last_step(episode), reason.strip(), by)
    note(by, "episode.correct", person=episode.person, subject=f"episode {episode.pk}", step=step)
    return step


def _closed_by_review(episode: Episode) -> bool:
    """Whether the 16-week review, now the last standing step, found that the person had died."""
    return episode.reviews.filter(
        kind=Review.Kind.WEEK_16, withdrawn=False, outcome=ReviewOutcome.DIED
    ).exists()


def _take_back(episode: Episode, last: Status, reason: str, by: Actor) -> Step:
    step = Step(last.step)
    move_back(episode, last, by, reason)
    unsay_death(episode, last, since=last.at, by=by)
    if step is Step.CLOSE and _closed_by_review(episode):
        # The review that told of the death closed the episode: the two are one step to whoever took it.
        restore_cancelled(episode, since=last.at)
        return _take_back(episode, last_step(episode), reason, by)
    if step is Step.CONFIRM:
        episode.fractures.update(fragility=None)
    elif step is Step.FINISH_ASSESSMENT:
        # The advice stays: it was given, and somebody may have acted on it.
        Assessment.objects.filter(episode=episode).update(assessed_on=None, finished_by=None)
        restore_finished(episode, TaskKind.CALL_AGAIN, since=last.at)
    elif step is Step.AGREE_PLAN:
        Plan.objects.filter(episode=episode, withdrawn=False).update(withdrawn=True)
        for kind in PLAN_TASKS:
            cancel_task(episode, kind)
    elif step in (Step.REFUTE, Step.CLOSE):
        if step is Step.CLOSE:
            episode.fractures.filter(fragility=False).update(fragility=F("fragility_was"))
        restore_cancelled(episode, since=last.at)
    elif step in REVIEWS:
        for review in Review.objects.filter(episode=episode, kind=REVIEWS[step], withdrawn=False):
            unhear(episode, review, by)
        Review.objects.filter(episode=episode, kind=REVIEWS[step], withdrawn=False).update(withdrawn=True)
        for kind in (REVIEW_TASKS[step], TaskKind.CALL_AGAIN):
            restore_finished(episode, kind, since=last.at)
        restore_cancelled(episode, since=last.at)
    return step
