"""The thread of the server that counts whom a proposed change would move, slice by slice, and outlives its page.

Each slice is kept as it ends (`service.moving`), so that a killed server loses one slice: the next start, or whoever
opens the page, takes the count up. Two servers may count the same change: the later one of a slice finds it done.
"""

from __future__ import annotations

import logging

from openfls.record.pathway import NotPossible
from openfls.service.actor import NotAllowed
from openfls.service.background import Background
from openfls.service.moving import SLICE, count_on, counter_of, waiting
from openfls.service.operation.handing import handed_over

REST = 5.0
"""Seconds to leave a change to somebody else who counts it too."""
_log = logging.getLogger(__name__)


class Counting(Background):
    """Counts every change that waits for it, then ends; `wake` begins it again. A fault ends it, and is logged:
    whoever looks at the change wakes it again."""

    name = "counting"

    def wake(self) -> None:
        """There may be something to count. Where there are workers, it is theirs."""
        if not handed_over():
            super().wake()

    def _work(self) -> bool:
        return self._slice()

    def _slice(self) -> bool:
        """One slice of the oldest count; whether there was one."""
        change = waiting().first()
        if change is None:
            return False
        try:
            count_on(change, counter_of(change), SLICE)
        except NotPossible:
            self._stopping.wait(REST)
        except NotAllowed:
            _log.error("change %s is not counted: its proposer may not propose any more", change.pk)
            return False
        return True


COUNTING = Counting()
"""The one of this process."""
