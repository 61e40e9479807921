"""A thread of the server: woken it works, told to stop it ends, and nobody wakes it in vain."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from openfls.service.background import Background

pytestmark = pytest.mark.django_db


class Worker(Background):
    """Does one piece each time it is woken, and whatever else is given to it at the end of a piece."""

    name = "worker of a test"

    def __init__(self, at_the_end: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.pieces = 0
        self.at_the_end = at_the_end

    def _work(self) -> bool:
        self.pieces += 1
        self.at_the_end()
        return False


class Waiting(Worker):
    rest = 3600.0


def test_woken_just_as_it_ends_it_looks_once_more() -> None:
    def somebody_wakes_it() -> None:
        worker.at_the_end = lambda: None
        worker.wake()  # it has found nothing, and has not ended yet

    worker = Worker(somebody_wakes_it)
    worker.wake()
    worker.join(60)
    assert worker.pieces == 2


def test_it_ends_with_nothing_left_and_begins_again() -> None:
    worker = Worker()
    for times in (1, 2):
        worker.wake()
        worker.join(60)
        assert worker.pieces == times
    worker.stop()  # nobody works: nothing to wait for


def test_a_fault_ends_it_with_the_kind_alone_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError("Mrs Example of 1 Mill Lane")

    worker = Worker(fails)
    worker.wake()
    worker.join(60)
    assert "worker of a test stopped: ValueError" in caplog.text
    assert "Example" not in caplog.text
    worker.at_the_end = lambda: None
    worker.wake()
    worker.join(60)
    assert worker.pieces == 2


def test_one_that_waits_is_woken_and_stopped_at_once() -> None:
    seen = threading.Semaphore(0)
    worker = Waiting(seen.release)
    worker.wake()
    assert seen.acquire(timeout=60)
    worker.wake()
    assert seen.acquire(timeout=60)
    worker.stop()
    worker.stop()  # it has ended: there is nobody to wait for
    assert worker.pieces == 2
