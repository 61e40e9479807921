"""What was looked up stays at hand while one page is made: asked of the database once, not by each who wants it.

Nothing is remembered outside a block. An action begins and ends with an empty memory, so nobody ever decides, or shows
after a change, by what was there before it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

T = TypeVar("T")
_memory: ContextVar[dict[Hashable, object] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within this block `remembered` asks once; it begins with nothing, also within another one."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """For one thing that is made of many rows: joins the block of `remembering` under way, or is one."""
    if is_remembering():
        yield
        return
    with remembering():
        yield


@contextmanager
def writing() -> Iterator[None]:
    """Within this block nothing is remembered, and what was before it is forgotten: it changes what is there."""
    before = _memory.get()
    token = _memory.set(None)
    try:
        yield
    finally:
        _memory.reset(token)
        if before is not None:
            before.clear()


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """What ``ask`` gives, or gave when it was asked by the same ``key`` in this block."""
    memory = _memory.get()
    if memory is None:
        return ask()
    if key not in memory:
        memory[key] = ask()
    return cast("T", memory[key])


def is_remembering() -> bool:
    """Whether within a block of `remembering`."""
    return _memory.get() is not None
