"""A process of its own that listens on a port of this machine, to be killed at any moment and begun again."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable

from django.db import connection


class Forked:
    """`start` returns once it listens; `kill` takes it away without a farewell. ``port`` stays the same."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.pid = 0

    def listen(self, announce: Callable[[], object]) -> None:
        """What the process does: serve on the port until it is killed, and ``announce`` once it listens."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin."""
        connection.close()
        ready, told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.listen(lambda: os.write(told, b"!"))
            finally:
                os._exit(1)
        os.close(told)
        os.read(ready, 1)
        os.close(ready)

    def kill(self) -> None:
        """End it, whatever it is about."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
