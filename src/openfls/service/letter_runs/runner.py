"""The thread of the server that does runs where there are no workers. It takes up what a killed server left."""

from __future__ import annotations

from openfls.service.background import Background
from openfls.service.letter_runs.reading import open_runs
from openfls.service.letter_runs.running import work_on
from openfls.service.operation.handing import handed_over


class Runner(Background):
    """Does every run that is open, then ends; `wake` begins it again. A fault of the database ends it: whoever looks
    at the batch wakes it again."""

    name = "letters"

    def wake(self) -> None:
        """There is a run to do. Where there are workers, it is theirs."""
        if not handed_over():
            super().wake()

    def _work(self) -> bool:
        """One run; whether there was one."""
        key = next(iter(open_runs()), None)
        if key is None:
            return False
        work_on(key, self._stopping.is_set)
        return True


RUNNER = Runner()
"""The one of this process."""
