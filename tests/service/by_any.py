"""The same done in every order, each from the same beginning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import TypeVar

from django.db import transaction

T = TypeVar("T")


def in_any_order(
    parts: Sequence[T], do: Callable[[Sequence[T]], object], end: Callable[[], object]
) -> set[str]:
    """What ``end`` says after ``do`` with the parts in each order; the database is as before each time."""
    ends: set[str] = set()
    for order in permutations(parts):
        with transaction.atomic():
            do(order)
            ends.add(repr(end()))
            transaction.set_rollback(True)
    return ends
