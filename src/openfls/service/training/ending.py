"""The end of a paper: handed in or timed out, marked with what was saved, and the certificate where it is passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core import signing

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Attempt, AttemptItem, Service
from openfls.service.operation.part_by_part import each_of
from openfls.service.roles import May
from openfls.service.training.issuing import issue
from openfls.service.training.library import course_called
from openfls.service.training.paper_clock import clock_of
from openfls.service.training.sitting import SEAL, open_attempt
from openfls.training.marking import percent, score
from openfls.training.papers import Item, from_json, paper_hash


@action("paper.hand_in", May.TRAIN)
def hand_in(*, attempt: Attempt, by: Actor) -> Attempt:
    """Hand a paper in; it is marked at once."""
    now = open_attempt(attempt, by)
    _mark(now, str(Attempt.Ended.HANDED_IN), clock.now(), by)
    note(by, "paper.hand_in", subject=f"attempt {now.pk}", passed=now.passed)
    return now


@action("paper.time_out", May.TRAIN)
def time_out(*, attempt: Attempt, by: Actor) -> Attempt:
    """Close a paper whose time is over, and mark what was saved. Whoever comes first does it, the nightly job too."""
    now: Attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    state = clock_of(now)
    if now.ended_at is not None or not state.over:
        raise NotPossible("The paper has ended already." if now.ended_at else "There is time left.")
    _mark(now, str(Attempt.Ended.TIMED_OUT), state.closes, by)
    note(by, "paper.time_out", subject=f"attempt {now.pk}", passed=now.passed)
    return now


def settle(attempt: Attempt, by: Actor) -> Attempt:
    """The attempt as it stands, closed first where its time is over."""
    if attempt.ended_at is None and clock_of(attempt).over:
        return time_out(attempt=attempt, by=by)
    return attempt


def settle_all(service: Service, by: Actor) -> int:
    """Close every paper of a service whose time is over; how many.

    Raises:
        NotAllDone: some could not be marked, whose seal is broken, say; the others are closed.
    """
    rows = [row for row in Attempt.objects.filter(service=service, ended_at=None) if clock_of(row).over]
    return each_of(rows, lambda row: time_out(attempt=row, by=by))


def check_seal(attempt: Attempt, items: Sequence[AttemptItem]) -> None:
    """Raise `NotPossible` where the questions are not those that were drawn."""
    told = f"{attempt.pk} {paper_hash([row.content for row in items])}"
    try:
        sealed = SEAL.unsign(attempt.seal)
    except signing.BadSignature:
        sealed = ""
    if sealed != told:
        raise NotPossible("The paper is not as it was drawn, so it cannot be marked. Tell your supervisor.")


def _mark(attempt: Attempt, ended: str, at: datetime, by: Actor) -> None:
    rows = list(attempt.items.all())
    check_seal(attempt, rows)
    for row in rows:
        item = from_json(row.content)
        row.score = score(item, [*row.answers, *[None] * (item.steps - len(row.answers))])
    AttemptItem.objects.bulk_update(rows, ["score"])
    attempt.rests.filter(until=None).update(until=at)
    attempt.ended, attempt.ended_at = ended, at
    attempt.percent = percent([row.score for row in rows])
    attempt.passed = attempt.percent >= attempt.pass_mark
    attempt.save(update_fields=["ended", "ended_at", "percent", "passed"])
    course = course_called(attempt.course)
    if attempt.passed and course is not None:
        issue(attempt, course, by)


def scored(attempt: Attempt) -> list[tuple[AttemptItem, Item]]:
    """The questions of a paper with what was answered, in their order, as they were shown."""
    return [(row, from_json(row.content)) for row in attempt.items.all()]
