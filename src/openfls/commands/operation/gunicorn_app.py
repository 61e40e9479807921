"""Gunicorn with our app in it: loaded once, then forked; each process gets what cannot be shared by forking."""

from __future__ import annotations

import gc
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client import multiprocess

TURN = 0.0005
"""Seconds that a thread of a process may go on while another one waits."""


class DiscreetLogger(Logger):  # type: ignore[misc]
    """Gunicorn's log, handed to ours: its own lines would name addresses."""

    def setup(self, cfg: Any) -> None:
        """Bring no handler of its own; our settings have said what happens to its lines."""
        self.error_log.propagate = True
        self.error_log.handlers.clear()
        self.access_log.disabled = True

    def access(self, *_: Any) -> None:
        """Our middleware writes the line of each request."""


class Server(BaseApplication):  # type: ignore[misc]
    """The server; `run` returns when it was stopped."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Our settings; no file and no environment variable has a say."""
        given = {**self._options, "logger_class": DiscreetLogger}
        hooks = {"pre_fork": _before_forking, "post_fork": _in_the_process, "worker_exit": _ending}
        for name, value in {**given, **hooks, "child_exit": _ended}.items():
            if value is not None:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The app, with every page in it: what is loaded before the processes are forked is loaded once."""
        from django.urls import get_resolver

        from openfls.web.wsgi import application

        pages = get_resolver()
        pages.url_patterns  # noqa: B018 - asked for so that all pages are imported
        for status in (400, 403, 404, 500):
            pages.resolve_error_handler(status)

        return application


def _before_forking(_server: Any, _worker: Any) -> None:
    from django.db import connections

    connections.close_all()  # two processes must not talk over one connection


def _in_the_process(_server: Any, _worker: Any) -> None:
    # A page asks the database some thirty times. Each time its thread waits for the interpreter again, by default for
    # 5 ms where another page is just being made.
    sys.setswitchinterval(TURN)
    gc.freeze()  # what was loaded before is there for good: not to be looked through, nor copied, again and again
    from openfls.service.quality.warming import WARMER

    WARMER.wake()  # what pages count is kept in each process's memory


def _ending(_server: Any, _worker: Any) -> None:
    from openfls.service.quality.warming import WARMER

    WARMER.stop()
    gc.unfreeze()  # what was set apart is let go at the end too; nanobind counts what is not, and says so


def _ended(_server: Any, worker: Any) -> None:
    multiprocess.mark_process_dead(worker.pid)
