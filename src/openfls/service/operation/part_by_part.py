"""Work in parts that have nothing to do with each other: what breaks one of them is logged and told, the rest go on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from openfls.service.operation.logs import places

Row = TypeVar("Row", bound=Model)
_log = logging.getLogger(__name__)


class NotAllDone(Exception):
    """Some parts of a work failed, and the others are done; ``parts`` names those that failed."""

    def __init__(self, parts: Iterable[str]) -> None:
        self.parts = tuple(parts)
        super().__init__(", ".join(self.parts))


def part_by_part(
    of: str, parts: Mapping[str, Callable[[], object]], stopped: Callable[[], bool] = lambda: False
) -> tuple[str, ...]:
    """Do every part of a service's work, in order, until ``stopped``; the names of those that failed.

    ``of`` is the service's code. The log has the part, and the kind and places of the fault, nothing of anybody.
    """
    failed = []
    for name, do in parts.items():
        if stopped():
            break
        if not _done(f"{of}: {name}", do):
            failed.append(name)
    return tuple(failed)


def each_of(rows: Iterable[Row], do: Callable[[Row], object]) -> int:
    """Do something with every row, also after one of them failed; how many it was done with.

    Raises:
        NotAllDone: some failed; it names their keys.
    """
    named = [(f"{type(row).__name__} {row.pk}", row) for row in rows]
    failed = [name for name, row in named if not _done(name, partial(do, row))]
    if failed:
        raise NotAllDone(failed)
    return len(named)


def _done(what: str, do: Callable[[], object]) -> bool:
    try:
        do()
    except Exception as error:
        if connection.needs_rollback:  # within a transaction that is lost with it
            raise
        _log.error("%s was passed over: %s", what, places((type(error), error, error.__traceback__)))
        return False
    return True
