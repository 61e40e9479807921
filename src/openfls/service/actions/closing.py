"""Closing an episode before its last review, with a reason."""

from __future__ import annotations

from django.db.models import F

from openfls.record.pathway import NotPossible, Step
from openfls.record.reasons import Closing
from openfls.service.actions.action import action, note
from openfls.service.actions.dying import told_of_death
from openfls.service.actions.moves import locked, locked_with_person, move
from openfls.service.actions.tasks import cancel_tasks
from openfls.service.actor import Actor
from openfls.service.models import Episode
from openfls.service.roles import May
from openfls.service.watching import blocks_closing


def check_may_end(episode: Episode, died: bool = False) -> None:
    """Raise `NotPossible` where denosumab was stopped without a plan for what follows. A death ends it all the same."""
    if not died and blocks_closing(episode):
        raise NotPossible(
            "Denosumab was stopped and nothing is planned after it. Record the way out, or decide the alert, first."
        )


@action("episode.close", May.WORK_THE_PATHWAY)
def close(*, episode: Episode, reason: Closing, words: str = "", by: Actor) -> Episode:
    """End the care before the review at 52 weeks. Only a person closes; no feed and no clock does."""
    episode = locked_with_person(episode) if reason is Closing.DIED else locked(episode)
    check_may_end(episode, reason is Closing.DIED)
    status = move(episode, Step.CLOSE, by, ": ".join(part for part in (reason.label, words) if part))
    cancel_tasks(episode)
    if reason is Closing.DIED:
        told_of_death(episode, status, by)
    elif reason is Closing.NOT_A_CASE:
        episode.fractures.update(fragility_was=F("fragility"), fragility=False)
    note(by, "episode.close", person=episode.person, subject=f"episode {episode.pk}", reason=reason)
    return episode
