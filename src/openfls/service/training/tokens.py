"""A token with every step of a paper, bound to attempt, question, step, user and state: nothing that was sent twice,
edited or taken from elsewhere is kept.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from openfls.record.pathway import NotPossible
from openfls.service.models import Attempt, AttemptItem
from openfls.training.papers import Item, from_json
from openfls.training.values import Kind

_TOKEN = "openfls.training.step"
_LIVES = timedelta(days=1)


class Refused(NotPossible):
    """A submission that does not belong to the page it claims to come from: replayed, edited, or somebody else's."""


class Older(NotPossible):
    """The answer was changed in another window since this page was shown."""


def token_for(item: AttemptItem, attempt: Attempt) -> str:
    """The token that the answer to the next step of an item must bring: good for this page, this user, this once."""
    made: str = signing.dumps(_bound(item, attempt), salt=_TOKEN, compress=True)
    return made


def _bound(item: AttemptItem, attempt: Attempt) -> dict[str, str | int]:
    step = next_step(from_json(item.content), item)
    return {
        "a": str(attempt.pk),
        "n": item.number,
        "s": step,
        "u": attempt.user_id,
        "v": item.version,
    }


def next_step(question: Item, item: AttemptItem) -> int:
    """The step that an answer is for: steps of a case come one by one; any other question can be answered anew."""
    return len(item.answers) if question.question.kind is Kind.UNFOLDING else 0


def is_answered(question: Item, item: AttemptItem) -> bool:
    """Whether every step has an answer."""
    return len(item.answers) >= question.steps


def check_token(token: str, item: AttemptItem, attempt: Attempt) -> None:
    """Raise `Refused` or `Older` where a token is not that of this step as it stands."""
    try:
        told = signing.loads(token, salt=_TOKEN, max_age=_LIVES)
    except signing.BadSignature as error:
        raise Refused("This answer was not sent from your paper. It was not kept.") from error
    wanted = _bound(item, attempt)
    if any(told.get(name) != wanted[name] for name in ("a", "n", "u")):
        raise Refused("This answer belongs to another question or paper. It was not kept.")
    if told != wanted:
        raise Older(
            "You have answered this in another window since. The answer below is the one that is kept."
        )
