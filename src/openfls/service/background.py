"""A thread of the server that works beside the pages: woken where there is something to do, ended with the server."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import ClassVar

from django.db import connection

_log = logging.getLogger(__name__)


class Background(ABC):
    """Works, piece by piece, until nothing is left or until it is told to stop. It begins when it is first woken."""

    name: ClassVar[str]
    """Of its thread, and in the log."""
    rest: ClassVar[float | None] = None
    """Seconds after which it looks by itself once nothing is left; None: it ends then, and `wake` begins it again."""

    def __init__(self) -> None:
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def _work(self) -> bool:
        """One piece; whether there may be more."""

    def wake(self) -> None:
        """There may be something to do; where no thread works, one begins."""
        with self._lock:
            self._news.set()
            if self._thread is None:
                self._stopping.clear()
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Finish the piece in hand, then end; the rest waits for the next start."""
        self._stopping.set()
        self._news.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def join(self, seconds: float) -> None:
        """Wait until it has ended by itself."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set() and self._go_on():
                pass
        except Exception as error:
            # The error's own words may quote a row.
            _log.error("%s stopped: %s", self.name, type(error).__name__)
        finally:
            connection.close()
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _go_on(self) -> bool:
        self._news.clear()
        if self._work():
            return True
        connection.close()  # an idle thread holds none
        if self.rest is not None:
            self._news.wait(self.rest)
            return True
        with self._lock:
            # Whoever wakes it from here on finds no thread, and begins one: nobody is told too late.
            if self._news.is_set():
                return True
            self._thread = None
        return False
