"""Has a count changed, or is it chance? The XmR chart's limits and its rules, for a run of monthly counts.

Limits: mean ± 2.66 × mean moving range (Shewhart's individuals chart; recalled, high). Rules (recalled, medium; the
usual ones of NHS improvement teams): a point outside the limits, eight in a row on one side of the mean, six in a row
rising or falling. Fewer than eight values give no limits: too little is known to call anything a signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from openfls.record.advice import Confidence

FEWEST = 8
RUN = 8
TREND = 6
_WIDTH = 2.66

SOURCE = "XmR chart: limits and rules as NHS improvement teams commonly use them"
CONFIDENCE = Confidence.RECALLED_MEDIUM


class Rule(StrEnum):
    """What makes a value a signal."""

    ABOVE = "above the upper limit"
    BELOW = "below the lower limit"
    RUN_ABOVE = "eight in a row above the mean"
    RUN_BELOW = "eight in a row below the mean"
    RISING = "six in a row rising"
    FALLING = "six in a row falling"

    @property
    def is_fall(self) -> bool:
        """Whether it speaks of fewer than before."""
        return self in (Rule.BELOW, Rule.RUN_BELOW, Rule.FALLING)


@dataclass(frozen=True, slots=True)
class Signal:
    """The value at ``position`` is a signal by ``rule``: for a run or trend, the last value of it."""

    position: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Limits:
    """Mean and natural limits of a series; a count is never below zero."""

    mean: float
    lower: float
    upper: float


def limits(values: Sequence[float]) -> Limits | None:
    """The limits of ``values``; None for fewer than `FEWEST`."""
    if len(values) < FEWEST:
        return None
    mean = sum(values) / len(values)
    moves = [abs(after - before) for before, after in pairwise(values)]
    width = _WIDTH * sum(moves) / len(moves)
    return Limits(mean, max(0.0, mean - width), mean + width)


def signals(values: Sequence[float]) -> list[Signal]:
    """Every signal in ``values``, in their order; none for fewer than `FEWEST`."""
    known = limits(values)
    if known is None:
        return []
    found: list[Signal] = []
    for position, value in enumerate(values):
        if value > known.upper:
            found.append(Signal(position, Rule.ABOVE))
        elif value < known.lower:
            found.append(Signal(position, Rule.BELOW))
        found += _runs(values, position, known.mean)
    return found


def _runs(values: Sequence[float], position: int, mean: float) -> list[Signal]:
    found = []
    side = values[max(0, position - RUN + 1) : position + 1]
    if len(side) == RUN and all(value > mean for value in side):
        found.append(Signal(position, Rule.RUN_ABOVE))
    if len(side) == RUN and all(value < mean for value in side):
        found.append(Signal(position, Rule.RUN_BELOW))
    steps = list(pairwise(values[max(0, position - TREND + 1) : position + 1]))
    if len(steps) == TREND - 1 and all(after > before for before, after in steps):
        found.append(Signal(position, Rule.RISING))
    if len(steps) == TREND - 1 and all(after < before for before, after in steps):
        found.append(Signal(position, Rule.FALLING))
    return found
