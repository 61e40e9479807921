"""The thread that keeps messages. Whatever waits when it comes round shares one transaction: a group commit.

It waits for nobody: while one transaction is being made safe on disk the next group gathers by itself, and a lone
message goes at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from django.db import InterfaceError, OperationalError, connection

from openfls.service.inbox.arrivals import Arrival
from openfls.service.inbox.keeping import keep
from openfls.service.models import Service

MOST_MESSAGES = 1000
MOST_BYTES = 16 * 1024 * 1024
_log = logging.getLogger(__name__)
_Wish = tuple[Sequence[Arrival], "Future[bool]"]


class Keeper:
    """Keeps messages for one service. ``turn`` is held while the database is written to.

    SQLite lets one write at a time and is not fair to those who wait, so there the threads of a listener take turns.
    """

    def __init__(self, service: Service, turn: threading.Lock) -> None:
        self._service = service
        self._turn = turn
        self._wishes: SimpleQueue[_Wish | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="keeper")
        self.news = threading.Event()
        self.kept = 0
        self._handed_over = 0
        self._done = 0
        self._last = float("-inf")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what was handed over, then end."""
        self._wishes.put(None)
        self._thread.join()

    def hand_over(self, arrivals: Sequence[Arrival]) -> Future[bool]:
        """Keep these; the result is whether all of them are kept for good. Called from one thread only."""
        self._handed_over += 1
        future: Future[bool] = Future()
        future.set_running_or_notify_cancel()  # from here on nobody can withdraw it
        self._wishes.put((arrivals, future))
        return future

    def silence(self) -> float:
        """Seconds since a message was kept; 0 while one waits."""
        return 0.0 if self._handed_over > self._done else time.monotonic() - self._last

    def _run(self) -> None:
        try:
            more = True
            while more:
                group, more = self._gather()
                if group:
                    self._keep(group)
        finally:
            connection.close()

    def _gather(self) -> tuple[list[_Wish], bool]:
        group: list[_Wish] = []
        wish = self._wishes.get()
        messages = size = 0
        while wish is not None:
            group.append(wish)
            messages += len(wish[0])
            size += sum(len(each.frame.content) for each in wish[0])
            if messages >= MOST_MESSAGES or size >= MOST_BYTES:
                return group, True
            try:
                wish = self._wishes.get_nowait()
            except Empty:
                return group, True
        return group, False

    def _keep(self, group: list[_Wish]) -> None:
        fault = self._attempt([arrival for arrivals, _ in group for arrival in arrivals])
        for arrivals, future in group:
            mine = fault
            if fault is not None and len(group) > 1 and not _is_passing(fault):
                # One message that the database does not take costs only those that came with it.
                mine = self._attempt(arrivals)
            self.kept += 0 if mine else len(arrivals)
            future.set_result(mine is None)
        self._done += len(group)
        self._last = time.monotonic()
        self.news.set()

    def _attempt(self, arrivals: Sequence[Arrival]) -> Exception | None:
        try:
            with self._turn:
                keep(self._service, arrivals)
        except Exception as error:  # whatever it is, the sender must hear that its message is not kept
            # The database's own words may quote a message.
            _log.error("%d messages not kept: %s", len(arrivals), type(error).__name__)
            connection.close()
            return error
        return None


def _is_passing(fault: Exception) -> bool:
    """Whether the fault lies with the database, not with a message."""
    return isinstance(fault, OperationalError | InterfaceError)
