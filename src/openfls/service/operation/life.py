"""Signs of life of the processes behind the pages."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.utils import DatabaseError, InterfaceError

from openfls.service import clock
from openfls.service.models import SignOfLife

EVERY = 15.0
"""Seconds between two signs."""


def own_name() -> str:
    """This process among all those of the installation."""
    return f"{platform.node()}:{os.getpid()}"[:60]


def give(name: str, role: str, started_at: datetime) -> None:
    """This process lives."""
    SignOfLife.objects.update_or_create(
        name=name, defaults={"role": role, "started_at": started_at, "seen_at": clock.now()}
    )


def end(name: str) -> None:
    """This process ends as it should."""
    SignOfLife.objects.filter(name=name).delete()


@contextmanager
def living(role: str) -> Iterator[None]:
    """Within this block a thread gives signs of life; a database that is away does not end it."""
    name, began, ending = own_name(), clock.now(), threading.Event()

    def go_on() -> None:
        while not ending.is_set():
            _quietly(lambda: give(name, role, began))
            ending.wait(EVERY)
        _quietly(lambda: end(name))

    thread = threading.Thread(target=go_on, name="life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _quietly(act: Callable[[], None]) -> None:
    try:
        act()
    except (DatabaseError, InterfaceError):
        pass
    finally:
        connection.close()  # nobody else uses this thread's


def seconds_since(role: str) -> float | None:
    """Seconds since any process of a role was seen; None where none ever was."""
    last = SignOfLife.objects.filter(role=role).order_by("-seen_at").values_list("seen_at", flat=True).first()
    return None if last is None else max(0.0, (clock.now() - last) / timedelta(seconds=1))
