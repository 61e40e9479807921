"""Asking for a run: what is refused at once, and the row by which workers find it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import LetterBatch, LetterRun, LetterSent
from openfls.service.roles import May

FILE_KEPT_FOR = timedelta(hours=2)
PRINTS = (LetterRun.Kind.PRINT, LetterRun.Kind.REPRINT)
UNDER_WAY = (LetterRun.State.WAITING, LetterRun.State.RUNNING)
_BUSY = "Something is under way with this batch. Wait until it is done."


@action("letter.run", May.WORK_THE_PATHWAY)
def begin(*, batch: LetterBatch, kind: str, on: date | None = None, way: str = "", by: Actor) -> LetterRun:
    """Put a run of ``kind`` on its way. Somebody else does the work (`running.work_on`).

    Raises:
        NotPossible: another is under way in the batch, a sending has no day up to today, or no way, or there is nothing
            to take back that this batch recorded.
    """
    if by.user is None or kind not in LetterRun.Kind.values:
        raise NotPossible("Say what is to be done with the letters.")
    if kind == LetterRun.Kind.SEND:
        if way not in LetterSent.Way.values:
            raise NotPossible("Say how the letters went.")
        if on is None or on > clock.today():
            raise NotPossible("A letter is sent between the day of its approval and today.")
    if kind == LetterRun.Kind.UNSEND and not recorded_by(batch):
        raise NotPossible(
            "This batch has recorded no letter as sent. Others are taken back letter by letter."
        )
    remove_expired_files()
    if batch.runs.filter(state__in=UNDER_WAY).exists():
        raise NotPossible(_BUSY)
    try:
        with transaction.atomic():
            made = LetterRun.objects.create(
                service=by.service,
                batch=batch,
                kind=kind,
                asked_at=clock.now(),
                asked_by=by.user,
                on=on if kind == LetterRun.Kind.SEND else None,
                way=way if kind == LetterRun.Kind.SEND else "",
                total=batch.places.count(),
            )
    except IntegrityError:  # another click came first
        raise NotPossible(_BUSY) from None
    note(by, "letter.run", subject=f"batch {batch.pk}", kind=kind, letters=made.total)
    return made


def recorded_by(batch: LetterBatch) -> dict[UUID, LetterSent]:
    """What was recorded as sent with ``batch`` and stands, by the letter's key; of letters that are in it still."""
    rows = LetterSent.objects.filter(run__batch=batch, letter__batch_places__batch=batch, taken_back_at=None)
    return {row.letter_id: row for row in rows}


def remove_expired_files() -> int:
    """Remove the files that had their time; the runs stay. How many."""
    expired = LetterRun.objects.filter(file_until__lte=clock.now()).exclude(file=None)
    number: int = expired.update(file=None)
    return number
