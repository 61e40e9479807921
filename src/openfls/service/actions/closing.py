"""Closing an episode before its last review, with a reason."""

from __future__ import annotations

from openfls.record.pathway import Step
from openfls.record.reasons import Closing
from openfls.service.actions.action import action, note
from openfls.service.actions.dying import told_of_death
from openfls.service.actions.moves import locked, move
from openfls.service.actions.tasks import cancel_tasks
from openfls.service.actor import Actor
from openfls.service.models import Episode
from openfls.service.roles import May


@action("episode.close", May.WORK_THE_PATHWAY)
def close(*, episode: Episode, reason: Closing, words: str = "", by: Actor) -> Episode:
    """End the care before the review at 52 weeks. Only a person closes; no feed and no clock does."""
    episode = locked(episode)
    status = move(episode, Step.CLOSE, by, ": ".join(part for part in (reason.label, words) if part))
    cancel_tasks(episode)
    if reason is Closing.DIED:
        told_of_death(episode, status, by)
    elif reason is Closing.NOT_A_CASE:
        episode.fractures.update(fragility=False)
    note(by, "episode.close", person=episode.person, subject=f"episode {episode.pk}", reason=reason)
    return episode
