"""The id that joins what one click caused: the request's log line, the lines written meanwhile, and the jobs it left.

It is random, or what a proxy sent; it names nobody.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SAFE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of what is under way in this thread; empty outside a request and a job."""
    return _current.get()


def accepted(given: str | None) -> str:
    """The id that another system sent, where it is of a harmless form; a new one otherwise.

    A number of ten digits could be somebody's NHS number: an id of digits alone is not taken.
    """
    if given and _SAFE.fullmatch(given) and not given.replace("-", "").isdigit():
        return given
    return uuid.uuid4().hex


@contextmanager
def within(request_id: str) -> Iterator[None]:
    """Within this block everything belongs to ``request_id``."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)
