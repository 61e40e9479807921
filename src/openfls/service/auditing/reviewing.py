"""The action by which a named person says what an access was that stood out."""

from __future__ import annotations

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.auditing.odd import Odd
from openfls.service.models import AccessReview
from openfls.service.models.audit import Judged
from openfls.service.roles import May


def check_review(odd: Odd, judged: Judged, words: str, by: Actor) -> None:
    """Raise `NotPossible` where somebody would judge herself, or says no more than that it is not in order."""
    if by.user is not None and by.user.pk == odd.user.pk:
        raise NotPossible("Nobody reviews her own access. Somebody else who may see the log does it.")
    if judged is not Judged.IN_ORDER and not words.strip():
        raise NotPossible("Say in a few words what was asked or reported, and to whom.")


@action("access.review", May.SEE_AUDIT)
def review(*, odd: Odd, judged: Judged, words: str, by: Actor) -> AccessReview:
    """Keep what was made of it; the newest review of the same access counts.

    Raises:
        NotPossible: as `check_review` says.
    """
    check_review(odd, judged, words, by)
    made: AccessReview = AccessReview.objects.create(
        service=by.service,
        key=odd.key,
        rule=odd.rule,
        user=odd.user.username,
        on=odd.on,
        judged=judged,
        words=words.strip()[:2000],
        at=clock.now(),
        by=by.user,
    )
    note(
        by,
        "access.review",
        subject=f"access review {made.pk}",
        rule=odd.rule,
        of=odd.user.username,
        on=str(odd.on),
        judged=judged.value,
    )
    return made
