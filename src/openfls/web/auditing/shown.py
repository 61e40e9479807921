"""Whom a list showed: for the one row of the log that a page of a list leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from openfls.service import audit


def shown(*lists: Iterable[Any]) -> dict[str, Any]:
    """How many people stood in these rows, and their keys; a row is about a person, an episode, or a treatment."""
    return audit.shown(_keys(row for rows in lists for row in rows))


def _keys(rows: Iterable[Any]) -> Iterator[UUID]:
    for row in rows:
        about = getattr(row, "treatment", row)
        about = getattr(about, "episode", None) or about
        key = getattr(about, "person_id", None)
        if key is not None:
            yield key
