"""A found fracture: confirmed by a person, refuted with a reason, or brought back."""

from __future__ import annotations

from openfls.record.pathway import NotPossible, Step
from openfls.record.reasons import NotForUs
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.dying import told_of_death
from openfls.service.actions.moves import locked, locked_with_person, move
from openfls.service.actions.tasks import cancel_tasks
from openfls.service.actor import Actor
from openfls.service.models import Episode
from openfls.service.roles import May
from openfls.service.verdicts import remember


@action("episode.confirm", May.WORK_THE_PATHWAY)
def confirm(*, episode: Episode, by: Actor) -> Episode:
    """A person has read the evidence: it is a fragility fracture, and the service takes the person on."""
    episode = locked(episode)
    if episode.index_date > clock.today():  # every promise would be counted from a day that cannot be right
        raise NotPossible("The day of the fracture lies in the future. Put the day right first.")
    remember(episode, move(episode, Step.CONFIRM, by))
    episode.fractures.update(fragility=True)
    note(by, "episode.confirm", person=episode.person, subject=f"episode {episode.pk}")
    return episode


@action("episode.refute", May.WORK_THE_PATHWAY)
def refute(*, episode: Episode, reason: NotForUs, words: str = "", by: Actor) -> Episode:
    """It is not for the service, for a reason. ``words`` are needed where the reason is another one."""
    episode = locked_with_person(episode) if reason is NotForUs.DIED else locked(episode)
    status = move(episode, Step.REFUTE, by, ": ".join(part for part in (reason.label, words) if part))
    remember(episode, status, reason)
    cancel_tasks(episode)
    if reason is NotForUs.DIED:
        told_of_death(episode, status, by)
    note(by, "episode.refute", person=episode.person, subject=f"episode {episode.pk}", reason=reason)
    return episode


@action("episode.bring_back", May.WORK_THE_PATHWAY)
def bring_back(*, episode: Episode, by: Actor) -> Episode:
    """What was left out or refuted stands in the list to confirm again."""
    episode = locked(episode)
    move(episode, Step.BRING_BACK, by)
    note(by, "episode.bring_back", person=episode.person, subject=f"episode {episode.pk}")
    return episode
