"""The thread of the server that loads files, takes up what a killed server left, and removes what has expired."""

from __future__ import annotations

import logging
import os
import platform
import threading

from django.db import connection
from django.db.models import Q

from openfls.service import clock
from openfls.service.feeds.long_loading import CUT_OFF_AFTER, work_on
from openfls.service.feeds.uploads import remove_expired
from openfls.service.models import Loading

POLL = 30.0
"""Seconds after which it looks by itself; `Loader.wake` makes it look at once."""
_log = logging.getLogger(__name__)


class Loader:
    """Loads one file after the other until told to stop. It begins when it is first needed."""

    def __init__(self) -> None:
        self.name = f"{platform.node()}:{os.getpid()}"[:40]
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """There is a file to load; where no thread works yet, one begins."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._stopping.clear()
                self._thread = threading.Thread(target=self._run, name="loader", daemon=True)
                self._thread.start()
        self._news.set()

    def stop(self) -> None:
        """Finish the piece in hand, then end; the rest waits for the next start."""
        self._stopping.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._news.clear()
                if not self._work():
                    connection.close()  # an idle thread holds none
                    self._news.wait(POLL)
        finally:
            connection.close()

    def _work(self) -> bool:
        """One file; whether there may be more."""
        try:
            remove_expired()
            key = self._next()
            if key is None:
                return False
            work_on(key, self.name, self._stopping.is_set)
        except Exception as error:
            _log.error("loading failed, tried again later: %s", type(error).__name__)
            connection.close()
            self._stopping.wait(POLL / 10)
            return False
        return True

    def _next(self) -> object | None:
        """What waits; or what a worker that lives no more had begun: this thread works on one at a time."""
        cut_off = Q(worker=self.name) | Q(beat_at__lt=clock.now() - CUT_OFF_AFTER)
        for row in Loading.objects.filter(state=Loading.State.RUNNING).exclude(cut_off):
            if self._is_dead(row.worker):
                cut_off |= Q(pk=row.pk)
        waiting = Q(state=Loading.State.WAITING) | (Q(state=Loading.State.RUNNING) & cut_off)
        return Loading.objects.filter(waiting).order_by("started_at").values_list("pk", flat=True).first()

    def _is_dead(self, worker: str) -> bool:
        """Whether a worker of this machine has ended; of another machine nobody knows."""
        node, _, process = worker.rpartition(":")
        if node != self.name.rpartition(":")[0] or not process.isdigit():
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
