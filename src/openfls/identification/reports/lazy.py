"""A value worked out when first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):
    """An attribute worked out by its function when first read.

    Later reads find the value in the object itself and cost no call. (The standard library's ``cached_property`` takes
    a lock that no one-threaded reading needs.)
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work
        self.name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, owner: Any, _: type | None = None) -> T:
        value = owner.__dict__[self.name] = self.work(owner)
        return value
