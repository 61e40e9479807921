"""What a person does with a task itself: say that what it waits for did not happen."""

from __future__ import annotations

from openfls.record.pathway import NotPossible
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Task
from openfls.service.roles import May


@action("task.not_done", May.WORK_THE_PATHWAY)
def not_done(*, task: Task, by: Actor) -> Task:
    """The scan did not take place: its result is looked for no longer. The plan stays as it was agreed.

    Raises:
        NotPossible: the task waits for something else, or for nothing any more.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=task.pk)
    if task.kind != TaskKind.DXA_RESULT:
        raise NotPossible("Only a bone density scan can be said not to have taken place.")
    if task.done_at or task.cancelled_at:
        raise NotPossible("This result is not waited for any more.")
    task.cancelled_at = clock.now()
    task.save(update_fields=["cancelled_at"])
    note(by, "task.not_done", person=task.episode.person, subject=f"episode {task.episode_id}", kind=task.kind)
    return task
