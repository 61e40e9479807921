"""Whom a list showed: for the one row of the log that a page of a list leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from openfls.service import audit


def shown(*lists: Iterable[Any]) -> dict[str, Any]:
    """How many people stood in these rows, and their keys; a row is about a person, an episode, or a treatment."""
    return audit.shown(_keys(row for rows in lists for row in rows))


def people_of(*lists: Iterable[Any]) -> Iterator[Any]:
    """The people of these rows, as the rows hold them."""
    for about in _about(row for rows in lists for row in rows):
        yield about.person


def _keys(rows: Iterable[Any]) -> Iterator[UUID]:
    for about in _about(rows):
        if about.person_id is not None:
            yield about.person_id


def _about(rows: Iterable[Any]) -> Iterator[Any]:
    """Of each row what names its person: itself, or its episode; a row about nobody is left out."""
    for row in rows:
        about = getattr(row, "treatment", row)
        about = about if hasattr(about, "person_id") else getattr(about, "episode", None)
        if about is not None:
            yield about
