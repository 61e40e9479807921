"""The run chart: values around their median, and the rules by which a run of them is no chance.

Rules (recalled, medium; the usual ones of improvement teams): six or more in a row on one side of the median, values on
it not counted; five or more in a row rising or falling. Fewer than ten values give no signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from openfls.record.advice import Confidence

FEWEST = 10
SHIFT = 6
TREND = 5

SOURCE = "Run chart: median and rules as improvement teams commonly use them"
CONFIDENCE = Confidence.RECALLED_MEDIUM


class RunRule(StrEnum):
    """What makes a run of values a signal."""

    SHIFT_UP = "six or more in a row above the median"
    SHIFT_DOWN = "six or more in a row below the median"
    RISING = "five or more in a row rising"
    FALLING = "five or more in a row falling"

    @property
    def is_rise(self) -> bool:
        """Whether it speaks of more than before."""
        return self in (RunRule.SHIFT_UP, RunRule.RISING)


@dataclass(frozen=True, slots=True)
class RunSignal:
    """The run ends (so far) at ``position``."""

    position: int
    rule: RunRule


def middle(values: Sequence[float]) -> float | None:
    """The median; None for fewer than `FEWEST`."""
    return median(values) if len(values) >= FEWEST else None


def run_signals(values: Sequence[float]) -> list[RunSignal]:
    """Every value at which a run is long enough, in their order."""
    centre = middle(values)
    if centre is None:
        return []
    found: list[RunSignal] = []
    side = length = 0
    up = down = 1
    for position, value in enumerate(values):
        if value != centre:
            now = 1 if value > centre else -1
            length = length + 1 if now == side else 1
            side = now
            if length >= SHIFT:
                found.append(RunSignal(position, RunRule.SHIFT_UP if side > 0 else RunRule.SHIFT_DOWN))
        if position and value != values[position - 1]:
            rising = value > values[position - 1]
            up, down = (up + 1, 1) if rising else (1, down + 1)
            if up >= TREND and rising:
                found.append(RunSignal(position, RunRule.RISING))
            if down >= TREND and not rising:
                found.append(RunSignal(position, RunRule.FALLING))
    return found
