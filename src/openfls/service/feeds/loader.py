"""The thread of the server that loads files, takes up what a killed server left, and removes what has expired."""

from __future__ import annotations

import logging
import os
import platform

from django.db import connection
from django.db.models import Q

from openfls.service import clock
from openfls.service.background import Background
from openfls.service.feeds.long_loading import CUT_OFF_AFTER, work_on
from openfls.service.feeds.uploads import remove_expired
from openfls.service.models import Loading
from openfls.service.operation.handing import handed_over

POLL = 30.0
"""Seconds after which it looks by itself; `Loader.wake` makes it look at once."""
_log = logging.getLogger(__name__)


class Loader(Background):
    """Loads one file after the other until told to stop. It begins when it is first needed."""

    name = "loader"
    rest = POLL

    def __init__(self) -> None:
        super().__init__()
        self.worker = f"{platform.node()}:{os.getpid()}"[:40]

    def wake(self) -> None:
        """There is a file to load. Where there are workers, it is theirs."""
        if not handed_over():
            super().wake()

    def _work(self) -> bool:
        """One file; whether there may be more."""
        try:
            remove_expired()
            key = self._next()
            if key is None:
                return False
            work_on(key, self.worker, self._stopping.is_set)
        except Exception as error:
            _log.error("loading failed, tried again later: %s", type(error).__name__)
            connection.close()
            self._stopping.wait(POLL / 10)
            return False
        return True

    def _next(self) -> object | None:
        """What waits; or what a worker that lives no more had begun: this thread works on one at a time."""
        cut_off = Q(worker=self.worker) | Q(beat_at__lt=clock.now() - CUT_OFF_AFTER)
        for row in Loading.objects.filter(state=Loading.State.RUNNING).exclude(cut_off):
            if self._is_dead(row.worker):
                cut_off |= Q(pk=row.pk)
        waiting = Q(state=Loading.State.WAITING) | (Q(state=Loading.State.RUNNING) & cut_off)
        return Loading.objects.filter(waiting).order_by("started_at").values_list("pk", flat=True).first()

    def _is_dead(self, worker: str) -> bool:
        """Whether a worker of this machine has ended; of another machine nobody knows."""
        node, _, process = worker.rpartition(":")
        if node != self.worker.rpartition(":")[0] or not process.isdigit():
            return False
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


LOADER = Loader()
"""The one of this process."""
