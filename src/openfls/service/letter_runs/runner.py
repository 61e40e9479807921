"""The thread of the server that does runs where there are no workers. It takes up what a killed server left."""

from __future__ import annotations

import logging

from django.db import connection
from django.db.utils import InterfaceError, OperationalError

from openfls.service.background import Background
from openfls.service.letter_runs.reading import open_runs
from openfls.service.letter_runs.running import work_on
from openfls.service.operation.handing import handed_over

PAUSE = 30.0
"""Seconds after which it tries again where the database was away, or too busy. The page has said that it goes on."""
_log = logging.getLogger(__name__)


class Runner(Background):
    """Does every run that is open, then ends; `wake` begins it again."""

    name = "letters"

    def wake(self) -> None:
        """There is a run to do. Where there are workers, it is theirs."""
        if not handed_over():
            super().wake()

    def _work(self) -> bool:
        """One run; whether there was one."""
        try:
            key = next(iter(open_runs()), None)
            if key is None:
                return False
            work_on(key, self._stopping.is_set)
        except (OperationalError, InterfaceError) as error:
            _log.error("letters wait, tried again later: %s", type(error).__name__)
            connection.close()
            self._stopping.wait(PAUSE)
        return True


RUNNER = Runner()
"""The one of this process."""
