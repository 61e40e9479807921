"""The clock of a paper, read on this server alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openfls.service import clock
from openfls.service.models import Attempt
from openfls.training.timing import Allowance, Pause, deadline, left, rest_left


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of a paper as it stands now."""

    closes: datetime
    left: timedelta
    rest_left: timedelta
    resting: bool

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.left <= timedelta()


def clock_of(attempt: Attempt) -> Clock:
    """The time of a paper."""
    now = clock.now()
    allowed = Allowance(attempt.minutes, attempt.extra_percent, attempt.rest_minutes)
    pauses = [Pause(row.since, row.until) for row in attempt.rests.all()]
    resting = bool(pauses) and pauses[-1].until is None
    return Clock(
        deadline(allowed, attempt.began_at, pauses, now),
        left(allowed, attempt.began_at, pauses, now),
        rest_left(allowed, pauses, now),
        resting,
    )
