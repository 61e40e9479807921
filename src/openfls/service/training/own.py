"""What is somebody's own: nobody else answers their questions or sits their papers, no supervisor either."""

from __future__ import annotations

from typing import Any

from openfls.service.actor import Actor, NotAllowed
from openfls.service.models import User


def trainee(by: Actor) -> User:
    """The user who learns; the system does not."""
    if by.user is None:
        raise NotAllowed("The system itself does not train.")
    return by.user


def check_own(row: Any, by: Actor) -> None:
    """Raise `NotAllowed` where a row belongs to somebody else."""
    if by.user is None or row.user_id != by.user.pk:
        raise NotAllowed("This belongs to somebody else.")


def check_other(user: User, by: Actor) -> None:
    """Raise `NotAllowed` where a supervisor would decide about herself."""
    if by.user is not None and by.user.pk == user.pk:
        raise NotAllowed("Nobody signs off, arranges or revokes for themselves: ask another supervisor.")
