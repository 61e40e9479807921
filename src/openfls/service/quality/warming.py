"""The thread of the server that looks first: it makes old audit rows anew, and judges the rows of a day before anybody
asks, so that the first look of a morning is as fast as every other one."""

from __future__ import annotations

import logging
from datetime import date

from django.conf import settings

from openfls.service import clock
from openfls.service.background import Background
from openfls.service.models import FlsdbRow, Service
from openfls.service.quality import rebuilding
from openfls.service.quality.judging import judged

SETS = ("flsdb", "pathway", "standards")
"""The sets whose pages are looked at every day."""
FEWEST = 500
"""Rows below which judging takes no time worth saving."""
LOOK = 30.0
"""Seconds after which it looks whether a new day has begun."""
_BREATH = 0.02
"""Seconds that it leaves to the pages after each row made anew."""
_log = logging.getLogger(__name__)


def warm(today: date) -> int:
    """Judge the rows of every service that has many, as of a day. Returns how many services."""
    services = [
        service
        for service in Service.real.order_by("pk")
        if FlsdbRow.objects.filter(service=service.code).count() >= FEWEST
    ]
    for service in services:
        for set_id in SETS:
            judged(service, set_id, today)
    return len(services)


class Warmer(Background):
    """Looks whether a new day has begun, until told to stop."""

    name = "warmer"
    rest = LOOK

    def __init__(self) -> None:
        super().__init__()
        self._seen: date | None = None

    def _work(self) -> bool:
        today = clock.today()
        if today != self._seen:
            self._look(today)
            self._seen = today
        return False

    def _look(self, today: date) -> None:
        try:
            warm(today)
            if settings.BACKGROUND == "worker":
                return  # old rows are made anew by a worker
            for service in Service.real.order_by("pk"):
                rebuilding.rebuild(service, stopped=lambda: self._stopping.wait(_BREATH))
        except Exception as error:  # a table in use, say: the pages do without, and the next day tries again
            _log.warning("the rows of the day were not looked at: %s", type(error).__name__)


WARMER = Warmer()
