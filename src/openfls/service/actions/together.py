"""The same answer for several found fractures: each by its own action, in its own transaction.

There is no such door for confirming: somebody must have read the evidence of each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openfls.record.pathway import NotPossible
from openfls.record.reasons import NotForUs
from openfls.service.actions import finding
from openfls.service.actor import Actor
from openfls.service.models import Episode


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one episode: ``problem`` is empty where it was done."""

    episode: Episode
    problem: str = ""


def refute_each(*, episodes: Iterable[Episode], reason: NotForUs, words: str = "", by: Actor) -> list[Done]:
    """Refute every one of ``episodes`` for the same reason. One that cannot be keeps none of the others back."""
    return [_refute(episode, reason, words, by) for episode in episodes]


def _refute(episode: Episode, reason: NotForUs, words: str, by: Actor) -> Done:
    try:
        return Done(finding.refute(episode=episode, reason=reason, words=words, by=by))
    except NotPossible as error:
        return Done(episode, str(error))
