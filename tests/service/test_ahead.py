"""Long work goes on behind a page, which never waits for it for good."""

from __future__ import annotations

import threading

import pytest

from openfls.service.quality import ahead


@pytest.fixture(autouse=True)
def _nothing_else(monkeypatch):
    monkeypatch.setattr(ahead, "_ended", {})
    monkeypatch.setattr(ahead, "_under_way", {})


def test_a_page_waits_a_moment_then_says_so_and_comes_back():
    may_end, times = threading.Event(), []

    def work() -> None:
        times.append(1)
        may_end.wait(20)

    assert not ahead.done("key", work, patience=0.0)
    assert not ahead.done("key", work, patience=0.0), "it is not begun twice"
    running = ahead._under_way["key"]
    may_end.set()
    running.join(20)
    assert ahead.done("key", work, patience=0.0)
    assert len(times) == 1


def test_a_page_meets_the_fault_itself():
    def work() -> None:
        raise ValueError("a table in use")

    assert ahead.done("other", work, patience=20.0)
    assert ahead.done("other", work, patience=0.0)
    assert not ahead._under_way
