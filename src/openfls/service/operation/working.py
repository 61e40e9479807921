"""A process behind the pages: it goes round until it is told to stop, and says that it lives.

The main thread works; a second one gives signs of life and renews the claim of the job in hand, so that a long job
keeps it and a killed worker loses it. When the database is away both wait and try again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection

from django.db import connection
from django.db.utils import DatabaseError, InterfaceError

from openfls.service import clock
from openfls.service.models import Job
from openfls.service.operation import correlation, jobs, life
from openfls.service.operation.kinds import KINDS

POLL = 0.5
"""Seconds to wait where there is nothing to do."""
AFTER_A_FAULT = 5.0
_log = logging.getLogger(__name__)


class Process:
    """One process: `run` calls ``round`` until `stop`; a round says whether there may be more to do at once."""

    def __init__(self, role: str, pause: float = POLL, kinds: Collection[str] = ()) -> None:
        self.name = life.own_name()
        self.stopping = threading.Event()
        self.role, self._pause = role, pause
        self._kinds = kinds
        self._started_at = clock.now()
        self._job: Job | None = None

    def stop(self) -> None:
        """End after what is in hand; a long job ends after its next piece, and the rest waits."""
        self.stopping.set()

    def run(self, go_round: Callable[[], bool]) -> None:
        """Go round until told to stop."""
        beating = threading.Thread(target=self._beat, name="life", daemon=True)
        beating.start()
        while not self.stopping.is_set():
            try:
                more = go_round()
            except (DatabaseError, InterfaceError) as error:
                _log.error("the database is away", extra={"fault": type(error).__name__})
                connection.close()
                self.stopping.wait(AFTER_A_FAULT)
                continue
            if not more:
                self.stopping.wait(self._pause)
        beating.join()
        self._say_goodbye()
        connection.close()

    def work(self) -> bool:
        """Do one job; whether there was one."""
        job = jobs.claim(self.name, self._kinds)
        if job is None:
            return False
        self._job = job
        began = time.monotonic()
        try:
            with correlation.within(job.request_id):
                self._do(job, began)
        finally:
            self._job = None
        return True

    def _do(self, job: Job, began: float) -> None:
        try:
            done = KINDS[job.kind](job.key, self.name, self.stopping.is_set)
        except Exception as error:
            if not connection.in_atomic_block:
                connection.close()  # whatever state it was in, the next question gets a fresh one
            jobs.fail(job, error)
            return
        self._job = None  # from here on there is nothing to renew
        (jobs.finish if done else jobs.put_back)(job)
        if done:
            took = round(1000 * (time.monotonic() - began))
            _log.info("job done", extra={"job": job.kind, "ms": took, "attempts": job.attempts})

    def _beat(self) -> None:
        try:
            while not self.stopping.is_set() or self._job is not None:
                try:
                    life.give(self.name, self.role, self._started_at)
                    job = self._job
                    if job is not None and not jobs.renew(job) and self._job is job:
                        _log.warning("a claim was lost", extra={"job": job.kind})
                except (DatabaseError, InterfaceError):
                    connection.close()
                self.stopping.wait(life.EVERY)
                if self.stopping.is_set() and self._job is not None:
                    time.sleep(POLL)
        finally:
            connection.close()

    def _say_goodbye(self) -> None:
        try:
            life.end(self.name)
        except (DatabaseError, InterfaceError):
            connection.close()
