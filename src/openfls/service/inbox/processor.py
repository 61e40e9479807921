"""The thread that processes kept messages, and gives way to those that arrive."""

from __future__ import annotations

import logging
import threading
import time

from django.db import connection

from openfls.service.inbox.keeper import Keeper
from openfls.service.inbox.processing import BATCH, process_next
from openfls.service.models import Service

GAP = 0.05
"""Seconds without a message that say: no sender is waiting just now."""
QUIET = 1.0
"""Seconds without a message after which a batch may take as long as it will."""
SHORT = 0.05
"""Seconds that a batch should take at most while messages arrive."""
REST = 9
"""Where no gap comes: times as long at rest as at work. A sender waits for its answer, nobody for the inbox."""
POLL = 5.0
AFTER_A_FAULT = 5.0
_log = logging.getLogger(__name__)


class Processor:
    """Processes the messages of one service until told to stop; leftovers of an earlier run first."""

    def __init__(self, service: Service, keeper: Keeper, turn: threading.Lock) -> None:
        self._service = service
        self._keeper = keeper
        self._turn = turn
        self._short = 1
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
        most = self._short if self._keeper.silence() < QUIET else BATCH
        began = time.monotonic()
        try:
            done = process_next(self._service, most, self._turn)
        except Exception as error:
            _log.error("processing failed, tried again later: %s", type(error).__name__)
            connection.close()
            self._stopping.wait(AFTER_A_FAULT)
            return True
        if done:
            took = time.monotonic() - began
            self._short = max(1, min(BATCH, int(done * SHORT / took)))
            self._give_way(REST * took)
        return done > 0

    def _give_way(self, longest: float) -> None:
        until = time.monotonic() + longest
        while self._keeper.silence() < GAP and time.monotonic() < until and not self._stopping.is_set():
            self._stopping.wait(GAP)
