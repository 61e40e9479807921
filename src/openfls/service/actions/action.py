"""What makes a function an action: permission first, one transaction, and no change without an audit event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import transaction

from openfls.service import audit
from openfls.service.actor import Actor, NotAllowed, check_may
from openfls.service.models import Episode, Person
from openfls.service.projection import refresh_from
from openfls.service.remembering import remembering, writing
from openfls.service.roles import May
from openfls.service.sharing.outbox import tell
from openfls.service.watching import look, look_at_person

Function = TypeVar("Function", bound=Callable[..., Any])
ACTIONS: dict[str, May] = {}
WATCHED = frozenset(
    {
        *("assessment.answer", "assessment.finish", "plan.agree", "plan.sign", "review.record"),
        *("treatment.start", "treatment.dose", "treatment.stop", "treatment.review"),
        *("treatment.follow_on", "treatment.take_back"),
        *("episode.close", "episode.undo", "episode.correct"),
    }
)
"""The actions after which the safety alerts of the person are looked at; every night they all are."""
_recorded: ContextVar[list[str] | None] = ContextVar("recorded", default=None)


def action(name: str, needs: May) -> Callable[[Function], Function]:
    """Make a function the action ``name``, which the role must allow by ``needs``.

    The function takes keyword arguments only, ``by`` among them, and calls `note` for its audit event. One that
    returns without an event is a fault of the program and is rolled back. One about an ``episode`` rewrites that
    episode's row of the national audit and those of the person's later ones, so that no measure lags behind the record.
    """

    def decorate(function: Function) -> Function:
        ACTIONS[name] = needs

        @wraps(function)
        def run(*, by: Actor, **keywords: Any) -> Any:
            check_may(by, needs)
            _check_of_own_service(by, keywords)
            token = _recorded.set([])
            try:
                with transaction.atomic(), writing():
                    result = function(by=by, **keywords)
                    if not _recorded.get():
                        raise RuntimeError(f"the action {name} left no audit event")
                    if "episode" in keywords:
                        _follow(name, keywords["episode"], result)
            finally:
                _recorded.reset(token)
            return result

        return cast("Function", run)

    return decorate


def _follow(name: str, episode: Episode, result: object) -> None:
    """What follows from an action about an episode. Nothing here changes what is known of the person."""
    with remembering():
        refresh_from(episode.pk)
        tell(name, episode, result)
        if name == "assessment.answer":
            look(episode.pk)
        elif name in WATCHED:
            look_at_person(episode.pk)


def _check_of_own_service(by: Actor, keywords: dict[str, Any]) -> None:
    """Raise `NotAllowed` where something given belongs to another service, whatever a page has let through."""
    for name, value in keywords.items():
        if getattr(value, "service_id", by.service.pk) != by.service.pk:
            raise NotAllowed(f"The {name.replace('_', ' ')} belongs to another service.")


def note(by: Actor, name: str, *, person: Person | None = None, subject: str = "", **detail: object) -> None:
    """The audit event of the action under way."""
    audit.record(by, name, person=person, subject=subject, **detail)
    recorded = _recorded.get()
    if recorded is not None:
        recorded.append(name)


def note_all(by: Actor, happened: Sequence[audit.Happened]) -> None:
    """The audit events of a batch."""
    audit.record_all(by, happened)
    recorded = _recorded.get()
    if recorded is not None:
        recorded.extend(each.action for each in happened)
