"""Loading a file that was sent, piece by piece: it can be watched, stopped, gone on with, and outlives its server.

Each piece is one transaction, in which the rows are kept and the position is moved. Whoever takes the file up again
begins at the position, so that no row is counted twice and none is passed by.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import chain, islice

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.utils import InterfaceError, OperationalError

from openfls.identification.feeds import read_bytes
from openfls.identification.feeds.options import steady_name
from openfls.record.errors import BadInput
from openfls.record.feeds import Notice, Reading
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.feeds.loading import Loaded
from openfls.service.feeds.sources import save_source
from openfls.service.feeds.taking_in import take_in
from openfls.service.feeds.uploads import KEPT_FOR, discard, options_for, preview
from openfls.service.models import Delivery, FeedSource, Loading, Service, UploadedFile
from openfls.service.roles import May, Role

FIRST, MOST = 50, 500
"""Readings of a piece: the first, and at most."""
A_PIECE = 0.5
"""Seconds that a piece should take: meanwhile nobody else writes to an embedded database."""
REST = 0.02
CUT_OFF_AFTER = timedelta(minutes=3)
"""Without a sign of life for so long, a worker elsewhere is taken for dead."""
State = Loading.State


class _Overtaken(Exception):
    """Somebody else has taken up the file meanwhile: the piece in hand is theirs."""


Stopping = Callable[[], bool]
_log = logging.getLogger(__name__)


def under_way(service: Service) -> Loading | None:
    """The file that is being loaded now."""
    return Loading.objects.filter(service=service, state__in=(State.WAITING, State.RUNNING)).first()


@action("upload.load", May.LOAD_FEEDS)
def begin(*, upload: UploadedFile, by: Actor) -> Loading:
    """Put a file on its way. Somebody else does the work (`work_on`).

    Raises:
        NotPossible: another file of the service is being loaded.
    """
    if by.user is None:
        raise NotPossible("A file is loaded by a person.")
    busy = under_way(by.service)
    if busy is not None:
        raise NotPossible(f"“{busy.name}” is being loaded. One file is loaded at a time.")
    now = clock.now()
    try:
        with transaction.atomic():
            made = Loading.objects.create(
                service=by.service, user=by.user, upload=upload, name=upload.name, started_at=now, beat_at=now
            )
    except IntegrityError:
        raise NotPossible("Another file is being loaded. One file is loaded at a time.") from None
    note(by, "upload.load", subject=f"loading {made.pk}")
    return made


@action("upload.stop", May.LOAD_FEEDS)
def stop(*, loading: Loading, by: Actor) -> Loading:
    """Stop after the piece in hand. What is taken in stays; the rest can be gone on with.

    Raises:
        NotPossible: it is not being loaded.
    """
    loading = Loading.objects.select_for_update().get(pk=loading.pk)
    if not loading.is_under_way:
        raise NotPossible("It is not being loaded any more.")
    loading.stop_asked = True
    loading.save(update_fields=["stop_asked"])
    note(by, "upload.stop", subject=f"loading {loading.pk}")
    return loading


@action("upload.go_on", May.LOAD_FEEDS)
def go_on(*, loading: Loading, by: Actor) -> Loading:
    """Take up a file where it stopped.

    Raises:
        NotPossible: it did not stop, its file is gone, or another is being loaded.
    """
    loading = Loading.objects.select_for_update(of=("self",)).get(pk=loading.pk)
    if not loading.can_go_on:
        raise NotPossible("It cannot be gone on with; load the file again, and what is known is passed by.")
    if under_way(by.service) is not None:
        raise NotPossible("Another file is being loaded. One file is loaded at a time.")
    loading.state, loading.stop_asked, loading.reason = State.WAITING, False, ""
    loading.ended_at, loading.beat_at = None, clock.now()
    loading.save()
    note(by, "upload.go_on", subject=f"loading {loading.pk}", done=loading.done)
    return loading


def work_on(key: object, worker: str = "", stopping: Stopping = lambda: False) -> Loading:
    """Load what is left of a file, until it is done, somebody stops it, or ``stopping`` says that the server ends.

    A file that cannot be used as a whole, and whatever else goes wrong, ends as failed with the reason.

    Raises:
        OperationalError: the database is away, or has no room; the file stands where it stood and is gone on with.
    """
    loading = _claim(key, worker)
    if loading is None:
        return Loading.objects.get(pk=key)
    try:
        _run(loading, stopping)
    except _Overtaken:
        _log_that_it_goes_on(loading)
    except BadInput as error:
        _end_or_leave(loading, State.FAILED, str(error))
    except (OperationalError, InterfaceError):
        raise  # nothing is wrong with the file: whoever works tries again later
    except Exception as error:
        # The error's own words may quote a row.
        _log.error("loading %s stopped: %s", loading.pk, type(error).__name__)
        _end_or_leave(loading, State.FAILED, f"stopped by a fault of the program ({type(error).__name__})")
    return Loading.objects.get(pk=key)


def _claim(key: object, worker: str) -> Loading | None:
    with transaction.atomic():
        loading = Loading.objects.select_for_update(of=("self",)).filter(pk=key).first()
        if loading is None or not loading.is_under_way:
            return None
        loading.state, loading.worker, loading.beat_at = State.RUNNING, worker, clock.now()
        loading.save(update_fields=["state", "worker", "beat_at"])
    return Loading.objects.select_related("service", "user", "upload__service").get(pk=key)


def _run(loading: Loading, stopping: Stopping) -> None:
    upload = loading.upload
    if upload is None:
        raise BadInput("the file is not kept any more; load it again", where=loading.name)
    by = Actor(service=loading.service, role=Role.MANAGER, user=loading.user)
    if loading.rows_total is None:
        _count(loading, upload)
        with transaction.atomic():
            _hold(loading)
            _save_mapping(upload, by)
    data = bytes(upload.data)
    if loading.delivery_id is None:
        with transaction.atomic():
            _hold(loading)
            loading.delivery = Delivery.objects.create(
                service=loading.service,
                name=upload.name[:300],
                sha256=sha256(data).hexdigest(),
                received_at=clock.now(),
                received_by=loading.user,
            )
            loading.save(update_fields=["delivery"])
    readings = islice(read_bytes(upload.name, data, options_for(upload)), loading.done, None)
    for _ in _pieces(readings, loading, by):
        if stopping():
            # The next start of the server takes it up.
            _held(loading).update(state=State.WAITING, worker="")
            return
        if Loading.objects.filter(pk=loading.pk, stop_asked=True).exists():
            with transaction.atomic():
                _end(loading, State.STOPPED, "")
                UploadedFile.objects.filter(pk=upload.pk).update(expires_at=clock.now() + KEPT_FOR)
            return
        time.sleep(REST)
    with transaction.atomic():
        _hold(loading)
        Delivery.objects.filter(pk=loading.delivery_id).update(finished_at=clock.now())
        _end(loading, State.DONE, "")
        discard(upload=upload, by=by)


def _held(loading: Loading) -> QuerySet[Loading]:
    """The file's row, as long as it is this worker's and stands where this worker left it; nothing otherwise."""
    return Loading.objects.filter(
        pk=loading.pk, state=State.RUNNING, worker=loading.worker, done=loading.done
    )


def _hold(loading: Loading) -> None:
    """Keep the file for this transaction, as it stood when it was taken up. Two workers can believe that one file is
    theirs: the second waits here, and finds that the first has gone on.

    Raises:
        _Overtaken: somebody else has gone on with it, or it is stopped.
    """
    rows = _held(loading).select_for_update()
    if not rows.filter(delivery=loading.delivery_id).values_list("pk", flat=True).first():
        raise _Overtaken


def _count(loading: Loading, upload: UploadedFile) -> None:
    """Read the whole file once: it is used as a whole or not at all, and a progress needs its end."""

    def beat(_: int) -> None:
        _held(loading).update(beat_at=clock.now())

    shown = preview(upload, most=None, progress=beat)
    if not shown.loadable:
        reason = next(chain(shown.faults, ["nothing in it can be read"]))
        raise BadInput(reason, where=upload.name)
    loading.rows_total = shown.rows_in_all
    loading.save(update_fields=["rows_total"])


def _pieces(readings: Iterator[Reading], loading: Loading, by: Actor) -> Iterator[int]:
    """Take the readings in, piece by piece, each as large as fits its time; ``loading`` moves on. Yields after each."""
    size = FIRST
    while piece := list(islice(readings, size)):
        began = time.monotonic()
        with transaction.atomic():
            _hold(loading)
            delivery = Delivery.objects.get(pk=loading.delivery_id)
            delivery.service = by.service
            episodes = take_in(delivery=delivery, readings=piece, by=by)
            # Rows that two count would later be passed by unread.
            moved = _held(loading).update(
                done=loading.done + len(piece),
                rows=F("rows") + sum(_rows(each) for each in piece),
                episodes=F("episodes") + episodes,
                beat_at=clock.now(),
            )
            if not moved:
                raise _Overtaken
        loading.done += len(piece)
        took = max(time.monotonic() - began, 0.001)
        yield len(piece)
        size = max(1, min(MOST, 2 * size, int(len(piece) * A_PIECE / took)))


def _rows(reading: Reading) -> int:
    return reading.count if isinstance(reading, Notice) and reading.about == "other" else 1


def _end(loading: Loading, state: Loading.State, reason: str) -> None:
    """End the file.

    Raises:
        _Overtaken: somebody else has it: what went wrong here, or is done here, is no end of theirs.
    """
    ended = _held(loading).update(state=state, reason=reason[:500], ended_at=clock.now(), stop_asked=False)
    if not ended:
        raise _Overtaken


def _end_or_leave(loading: Loading, state: Loading.State, reason: str) -> None:
    try:
        _end(loading, state, reason)
    except _Overtaken:
        _log_that_it_goes_on(loading)


def _log_that_it_goes_on(loading: Loading) -> None:
    _log.warning("loading %s goes on elsewhere", loading.pk)


def _save_mapping(upload: UploadedFile, by: Actor) -> None:
    """Keep the choices made for a file for the next one of its source."""
    save_source(
        name=upload.source_name or steady_name(upload.name),
        file_name=upload.name,
        columns=upload.columns,
        hospital_system=upload.hospital_system,
        by=by,
    )


@dataclass(frozen=True, slots=True)
class Done:
    """A file that was loaded: its delivery and what became of its rows."""

    loaded: Loaded
    source: FeedSource = field(repr=False)


def load(upload: UploadedFile, *, by: Actor) -> Done:
    """Save the mapping for the source and load the file at once, in this thread.

    Raises:
        BadInput: the file as a whole cannot be used; then nothing is kept of it, and the upload stays.
        NotPossible: another file is being loaded.
    """
    name = upload.source_name or steady_name(upload.name)
    loading = work_on(begin(upload=upload, by=by).pk)
    if loading.state != State.DONE or loading.delivery is None:
        raise BadInput(loading.reason or "it was stopped")
    return Done(counted(loading), FeedSource.objects.get(service=by.service, name=name.strip()))


def counted(loading: Loading) -> Loaded:
    """What became of the rows so far."""
    if loading.delivery_id is None:
        return Loaded(0, loading.name, 0, 0, 0, 0, 0, 0)
    delivery = Delivery.objects.counted().get(pk=loading.delivery_id)
    return Loaded(
        key=delivery.pk,
        name=loading.name,
        read=delivery.rows_read,
        new=delivery.rows_new,
        known=delivery.rows_known,
        left_out=delivery.rows_rejected,
        other=delivery.rows_other,
        episodes=loading.episodes,
    )
