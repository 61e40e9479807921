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


class ReviewedSince(NotPossible):
    """Somebody has reviewed it since the page was shown."""


def check_review(odd: Odd, judged: Judged, words: str, by: Actor) -> None:
    """Raise `NotPossible` where somebody would judge herself, or says no more than that it is not in order, and of a
    record opened in an emergency, which has one judgement elsewhere."""
    if odd.opening is not None:
        raise NotPossible("A record opened in an emergency is judged under Access.")
    if by.user is not None and by.user.pk == odd.user.pk:
        raise NotPossible("Nobody reviews her own access. Somebody else who may see the log does it.")
    if judged is not Judged.IN_ORDER and not words.strip():
        raise NotPossible("Say in a few words what was asked or reported, and to whom.")


@action("access.review", May.SEE_AUDIT)
def review(*, odd: Odd, judged: Judged, words: str, by: Actor, seen: int | None = None) -> AccessReview:
    """Keep what was made of it; the newest review of the same access counts. ``seen`` is the key of the newest that
    stood on the page, 0 where none did.

    Raises:
        ReviewedSince: there is a newer one than ``seen``.
        NotPossible: as `check_review` says.
    """
    check_review(odd, judged, words, by)
    newest = AccessReview.objects.filter(service=by.service, key=odd.key).select_related("by").last()
    if seen is not None and newest is not None and newest.pk != seen:
        raise ReviewedSince(
            f"{newest.by.full_name} has reviewed it since you opened this page: {newest.get_judged_display()}. "
            "Yours was not kept. Read it below, then say it again if it still holds"
        )
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
