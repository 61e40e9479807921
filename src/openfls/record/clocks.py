"""The clocks of a service, counted in whole days from the diagnosis of the index fracture (FLS-DB field 1.09).

Source: FLS-DB as used in the ADOPT analysis: 90 days inclusive, 16 weeks = 112 days, 52 weeks = 364 days; the
follow-up windows are 12 to 16 and 48 to 56 weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ASSESS_WITHIN = 90
REVIEW_16_FROM = 12 * 7
REVIEW_16_AT = 16 * 7
REVIEW_52_FROM = 48 * 7
REVIEW_52_AT = 52 * 7


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise: ``limit`` days from ``start``."""

    start: date
    limit: int

    @property
    def due(self) -> date:
        """The last day on which the promise is kept."""
        return self.start + timedelta(days=self.limit)

    def day(self, today: date) -> int:
        """How many days have passed since the start."""
        return (today - self.start).days

    def days_left(self, today: date) -> int:
        """Days until the promise is broken; negative when it is."""
        return (self.due - today).days

    def is_over(self, today: date) -> bool:
        """Whether the last day has passed."""
        return today > self.due
