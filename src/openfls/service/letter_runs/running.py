"""The work of a run, piece by piece. Each piece is one transaction, in which the position is moved with what was done.

Whoever takes a run up, after a kill or beside another worker, reads the position within its own piece: no letter is
dealt with twice, and none is passed by.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.utils import InterfaceError, OperationalError

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions import posting
from openfls.service.actor import Actor, NotAllowed, actor_of, check_may
from openfls.service.letter_runs.beginning import FILE_KEPT_FOR, PRINTS
from openfls.service.letter_runs.reading import SENT_ALREADY, outgoing
from openfls.service.models import LetterInRun, LetterRun, Membership
from openfls.service.operation.logs import places
from openfls.service.posting import Placed, batch_pdf, placed, sending_of
from openfls.service.roles import May

PIECE = 20
"""Letters of a piece: meanwhile nobody else writes to an embedded database."""
Kind, State = LetterRun.Kind, LetterRun.State
Stopping = Callable[[], bool]
_log = logging.getLogger(__name__)


def work_on(key: object, stopping: Stopping = lambda: False) -> LetterRun:
    """Go on with a run until it is done, has failed, or ``stopping`` says that whoever works ends.

    Raises:
        OperationalError: the database is away, or has no room; the run stands where it stood.
    """
    try:
        while not stopping():
            run = _piece(key)
            if run is None:
                break
            if run.reached == _END:
                _finish(run)
                break
    except (OperationalError, InterfaceError):
        raise  # whoever works tries again later
    except NotAllowed as error:
        _end(key, State.FAILED, str(error))
    except Exception as error:
        # The error's own words may quote a letter.
        _log.error("letter run %s stopped: %s", key, places((type(error), error, error.__traceback__)))
        _end(key, State.FAILED, f"stopped by a fault of the program ({type(error).__name__})")
    return LetterRun.objects.defer("file").get(pk=key)


NOTHING_TO_PRINT = (
    "no letter of this batch waits to be printed: each is a draft, sent already, or must not go out"
)
_END = 32767
"""The position behind every place: all letters are dealt with."""


def _piece(key: object) -> LetterRun | None:
    """Deal with the next letters; the run as it stands then, None where there is nothing to do in it."""
    with transaction.atomic():
        run = LetterRun.objects.select_for_update(of=("self",)).defer("file").filter(pk=key).first()
        if run is None or not run.is_under_way:
            return None
        by = _asker(run)
        rows = placed(run.batch, behind=run.reached, at_most=PIECE)
        LetterInRun.objects.bulk_create(
            LetterInRun(run=run, letter=row.letter, place=row.place, left_out=_dealt_with(run, row, by)[:300])
            for row in rows
        )
        run.state, run.reached = State.RUNNING, rows[-1].place if rows else _END
        run.save(update_fields=["state", "reached"])
    return run


def _asker(run: LetterRun) -> Actor:
    """In whose name: who asked, with the role of now.

    Raises:
        NotAllowed: they have none in the service any more, or it does not allow it.
    """
    rows = Membership.objects.select_related("service", "user").filter(user__is_active=True)
    membership = rows.filter(service_id=run.service_id, user_id=run.asked_by_id).first()
    if membership is None:
        raise NotAllowed("Whoever asked for it has no role in this service any more.")
    by = actor_of(membership)
    check_may(by, May.WORK_THE_PATHWAY)
    return by


def _dealt_with(run: LetterRun, row: Placed, by: Actor) -> str:
    """Do with a letter what the run does; why it was passed by, empty where it was not."""
    sent = sending_of(row.letter) is not None
    try:
        if run.kind == Kind.UNSEND:
            posting.take_back_sent(letter=row.letter, of=run.batch, by=by)
            return ""
        if sent and run.kind != Kind.REPRINT:
            return SENT_ALREADY
        if row.left_out or run.kind in PRINTS:
            return row.left_out
        assert isinstance(run.on, date)
        posting.send(letter=row.letter, on=run.on, way=run.way, run=run, by=by)
    except NotPossible as error:
        return str(error)
    return ""


def _finish(run: LetterRun) -> None:
    """The end; of a print with its file, which comes with the same statement."""
    if run.kind not in PRINTS:
        _end(run.pk, State.DONE)
        return
    chosen = set(run.letters.filter(left_out="").values_list("letter_id", flat=True))
    rows = [row for row in outgoing(run, placed(run.batch)) if row.letter.pk in chosen]
    if not rows:
        _end(run.pk, State.FAILED, NOTHING_TO_PRINT)
        return
    file = batch_pdf(run.batch, rows)
    with transaction.atomic():
        gone = run.letters.filter(left_out="").exclude(letter__in=[row.letter for row in rows])
        gone.update(left_out="it was not to go out any more when the file was made")
        _end(run.pk, State.DONE, file=file, file_until=clock.now() + FILE_KEPT_FOR)


def _end(key: object, state: LetterRun.State, reason: str = "", **columns: object) -> None:
    under_way = LetterRun.objects.filter(pk=key, state__in=(State.WAITING, State.RUNNING))
    under_way.update(state=state, reason=reason[:300], ended_at=clock.now(), **columns)
