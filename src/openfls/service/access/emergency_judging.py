"""What the manager makes of a record that somebody of another service opened in an emergency: one judgement, once.

Whatever page shows it (`Access`, and what stands out in the log) shows this one, with who judged and when.
"""

from __future__ import annotations

from collections.abc import Sequence

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import AccessReview, EmergencyAccess, Outcome, Service
from openfls.service.roles import May


class JudgedSince(NotPossible):
    """Somebody has judged it since the page was shown."""


def to_judge(service: Service) -> list[EmergencyAccess]:
    """The emergencies of a service's records that nobody has judged yet, the newest first."""
    rows = EmergencyAccess.objects.filter(service=service, reviewed_at=None)
    return list(rows.select_related("person", "user", "from_service"))


def judged(service: Service) -> list[EmergencyAccess]:
    """Those that were judged."""
    rows = EmergencyAccess.objects.filter(service=service).exclude(reviewed_at=None)
    return list(rows.select_related("person", "user", "from_service", "reviewed_by")[:100])


def asked_in_words(rows: Sequence[EmergencyAccess]) -> str:
    """How many people's records wait to be judged, and how many openings they are."""
    people, openings = len({row.person_id for row in rows}), len(rows)
    words = "1 record was opened" if people == 1 else f"{people} records were opened"
    times = f", {openings} times," if openings != people else ""
    return f"{words}{times} in an emergency by another service: judge"


def said_before(row: EmergencyAccess) -> Sequence[AccessReview]:
    """What was said of it under what stands out, when that was judged apart from here: of the user and that day."""
    rows = AccessReview.objects.filter(
        service=row.service, rule="emergency", user=row.user.username, on=clock.day_of(row.begun_at)
    )
    return list(rows.select_related("by"))


@action("emergency.judge", May.GIVE_ACCESS)
def judge(*, emergency: EmergencyAccess, outcome: Outcome, words: str, by: Actor) -> None:
    """Say what one makes of an emergency.

    Raises:
        JudgedSince: somebody has judged it already.
        NotPossible: nobody judges it, it is one's own, or it is not in order and has no words.
    """
    if by.user is None or emergency.user_id == by.user.pk:
        raise NotPossible("Somebody else judges it.")
    if outcome is not Outcome.IN_ORDER and not words.strip():
        raise NotPossible("Say what came of it")
    judged_now = EmergencyAccess.objects.filter(pk=emergency.pk, reviewed_at=None).update(
        outcome=outcome, reviewed_words=words.strip(), reviewed_at=clock.now(), reviewed_by=by.user
    )
    if not judged_now:
        raise JudgedSince("Somebody has judged it since you opened this page. What you chose was not kept.")
    note(
        by,
        "emergency.judge",
        person=emergency.person,
        subject=f"emergency {emergency.pk}",
        outcome=outcome,
        of=emergency.user.username,
    )
