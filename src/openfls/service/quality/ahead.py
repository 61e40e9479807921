"""Long work that a page waits for only a moment: it goes on behind the page, which says so and comes back.

The first look of a day at a service with many fractures judges every row, which takes seconds. A server does that
before anybody asks (`warming`); whoever is faster, or asks for a set that nobody looks at every day, is told that it is
under way.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from datetime import date
from time import monotonic

from django.db import connection

from openfls.record.flsdb import Dataset
from openfls.service.models import FlsdbRow, Service
from openfls.service.quality import judging, mend_lists
from openfls.service.spans import Span

MANY = 2_000
"""Rows from which the work may take longer than a page should."""
PATIENCE = 0.8
"""Seconds that a page waits for it."""

LATELY = 30.0
"""Seconds after which work is done anew behind the page. Before, the page does it: where somebody changes something
every few seconds, it would never come."""

_under_way: dict[Hashable, threading.Thread] = {}
_ended: dict[Hashable, float] = {}
_door = threading.Lock()
_log = logging.getLogger(__name__)


def are_judged(service: Service, set_id: str, as_of: date) -> bool:
    """Whether the rows of a service are judged by a set; where they are not, somebody begins."""
    if judging.is_kept(service, set_id, as_of) or rows_of(service) < MANY:
        return True
    key = ("judged", connection.settings_dict["NAME"], service.pk, set_id, as_of)
    return done(key, lambda: judging.judged(service, set_id, as_of))


def is_listed(service: Service, span: Span, dataset: Dataset, as_of: date) -> bool:
    """The same of what is to be mended before a file goes."""
    if rows_of(service) < MANY or mend_lists.is_kept(service, span, dataset, as_of):
        return True
    key = ("mend", connection.settings_dict["NAME"], service.pk, span, dataset, as_of)
    return done(key, lambda: mend_lists.mend_list_of(service, span, dataset, as_of))


def rows_of(service: Service) -> int:
    """How many fractures are judged."""
    return FlsdbRow.objects.filter(service=service.code).count()


def done(key: Hashable, work: Callable[[], object], patience: float = PATIENCE) -> bool:
    """Whether a page can go on: the work is done, or ended lately, be it by a fault that the page then meets itself."""
    now = monotonic()
    with _door:
        for old in [each for each, at in _ended.items() if now - at > LATELY]:
            del _ended[old]
        if key in _ended:
            return True
        thread = _under_way.get(key)
        if thread is None:
            thread = threading.Thread(target=_run, args=(key, work), name="ahead of a page", daemon=True)
            _under_way[key] = thread
            thread.start()
    thread.join(patience)
    return not thread.is_alive()


def _run(key: Hashable, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:
        _log.warning("work ahead of a page failed: %s", type(error).__name__)
    finally:
        with _door:
            _ended[key] = monotonic()
            _under_way.pop(key, None)
        connection.close()
