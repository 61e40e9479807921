"""What a person does with a task itself: say that the scan did not happen, or that she has seen what changed."""

from __future__ import annotations

from openfls.record.pathway import NotPossible
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Task
from openfls.service.roles import May

ENDED_BY_HAND = {
    TaskKind.DXA_RESULT: "The scan did not take place",
    TaskKind.EVIDENCE_CHANGED: "I have seen what changed",
    TaskKind.FALLS_ANSWER: "The falls team has answered",
    TaskKind.SPECIALIST_ANSWER: "The specialist has answered",
    TaskKind.COME_BACK: "We have come back to it",
}
"""What can be said of a task to end it, by its kind."""


@action("task.end", May.WORK_THE_PATHWAY)
def end(*, task: Task, by: Actor) -> Task:
    """Take the task off the lists by saying what `ENDED_BY_HAND` has for its kind. Nothing else changes.

    Raises:
        NotPossible: the task waits for something else, or for nothing any more.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=task.pk)
    if task.kind not in ENDED_BY_HAND:
        raise NotPossible("This task ends with what it asks for, not by hand.")
    if task.done_at or task.cancelled_at:
        raise NotPossible("This task has ended already.")
    if task.kind == TaskKind.DXA_RESULT:
        task.cancelled_at = clock.now()
    else:
        task.done_at = clock.now()
    task.save(update_fields=["cancelled_at", "done_at"])
    note(by, "task.end", person=task.episode.person, subject=f"episode {task.episode_id}", kind=task.kind)
    return task
