"""The thread that processes kept messages, and gives way to those that arrive."""

from __future__ import annotations

import logging
import threading
import time

from django.db import connection

from openfls.service.inbox.keeper import Keeper
from openfls.service.inbox.processing import BATCH, process_next
from openfls.service.models import Service

QUIET = 0.25
"""Seconds without a message after which processing takes all the time there is."""
BUSY_BATCH = 10
REST = 4
"""While messages arrive: times as long at rest as at work. A sender waits for its answer, nobody for the inbox."""
POLL = 5.0
AFTER_A_FAULT = 5.0
_log = logging.getLogger(__name__)


class Processor:
    """Processes the messages of one service until told to stop; leftovers of an earlier run first."""

    def __init__(self, service: Service, keeper: Keeper, turn: threading.Lock) -> None:
        self._service = service
        self._keeper = keeper
        self._turn = turn
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="processor")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch in hand, then end; the rest waits for the next start."""
        self._stopping.set()
        self._keeper.news.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._keeper.news.clear()
                if not self._work():
                    self._keeper.news.wait(POLL)
        finally:
            connection.close()

    def _work(self) -> bool:
        """One batch; whether there may be more."""
        busy = self._is_busy()
        began = time.monotonic()
        try:
            done = process_next(self._service, BUSY_BATCH if busy else BATCH, self._turn)
        except Exception as error:
            _log.error("processing failed, tried again later: %s", type(error).__name__)
            connection.close()
            self._stopping.wait(AFTER_A_FAULT)
            return True
        if done and self._is_busy():
            self._stopping.wait(REST * (time.monotonic() - began))
        return done > 0

    def _is_busy(self) -> bool:
        return time.monotonic() - self._keeper.last_arrival < QUIET
