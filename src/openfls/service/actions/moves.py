"""Moving an episode along the pathway. Nothing else writes a state."""

from __future__ import annotations

from openfls.record.pathway import State, Step, check_step
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import Episode, Person, Status


def locked(episode: Episode) -> Episode:
    """The episode as it is now, locked until the transaction ends: two people's clicks happen one after the other."""
    rows = Episode.objects.select_related("person", "service")
    # Its own row alone: a feed takes the person first, and two orders of locks would stop each other. Not its key:
    # who only refers to it (the count of a guideline change, which holds the service's row) need not wait.
    return rows.select_for_update(of=("self",), no_key=True).get(pk=episode.pk)


def locked_with_person(episode: Episode) -> Episode:
    """The same, with the person locked first: for a step that may say, or unsay, that the person has died.

    A death is written to the person, and every lock is taken in the order person, episode, service (decision 011).
    """
    people = Person.objects.select_for_update(of=("self",), no_key=True).filter(episodes=episode.pk)
    list(people.only("pk"))
    return locked(episode)


def open_episode(episode: Episode, state: State, reason: str, by: Actor) -> Status:
    """The first status row of a new episode."""
    return _append(episode, state, "find", reason, by)


def move(episode: Episode, step: Step, by: Actor, reason: str = "") -> Status:
    """Take ``step`` from the current state.

    Raises:
        NotPossible: the step does not start here.
    """
    return _append(episode, check_step(State(episode.state), step), step.value, reason, by)


def standing(episode: Episode) -> list[Status]:
    """The status rows that no later row has taken back, oldest first; the last says where the episode stands."""
    rows = list(episode.statuses.select_related("by"))
    taken_back = {row.undoes_id for row in rows if row.undoes_id}
    return [row for row in rows if row.undoes_id is None and row.pk not in taken_back]


def move_back(episode: Episode, status: Status, by: Actor, reason: str = "") -> Status:
    """Take back ``status``, the last standing row: append the state from before it."""
    before = standing(episode)[-2]
    return _append(episode, State(before.state), "undo", reason, by, undoes=status)


def _append(
    episode: Episode, state: State, step: str, reason: str, by: Actor, undoes: Status | None = None
) -> Status:
    status = Status.objects.create(
        episode=episode, state=state, step=step, reason=reason, at=clock.now(), by=by.user, undoes=undoes
    )
    episode.state = state
    if state != State.NOT_FOR_US:
        episode.history = False
    episode.save(update_fields=["state", "history"])
    return status
