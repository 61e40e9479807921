"""The figures of a service as they may leave it: exact first, then suppressed, so that nothing can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from openfls.quality import Measure
from openfls.quality.disclosure import SafeResult
from openfls.quality.protecting import Sum, protect
from openfls.quality.question import HIPS_TO_CASELOAD
from openfls.quality.together import Counts, Kind, safe_together


class Counted(Protocol):
    """What a measure and a period of it have in common."""

    @property
    def numerator(self) -> float: ...
    @property
    def denominator(self) -> float: ...
    @property
    def not_eligible(self) -> int: ...
    @property
    def unknown(self) -> int: ...


class Step(Protocol):
    """A step of the way from found to treated."""

    @property
    def made(self) -> int: ...
    @property
    def lost(self) -> int: ...
    @property
    def still_open(self) -> int: ...
    @property
    def left_out(self) -> int: ...


@dataclass(frozen=True, slots=True)
class SafeStep:
    """A step as it may leave; None where suppressed."""

    made: int | None
    lost: int | None
    still_open: int | None
    left_out: int | None


def safe(measure: Measure, row: Counted, *, guessed: bool) -> SafeResult:
    """One measure of one period as it may leave; ``guessed``: the service has told no caseload."""
    return _kind(measure, guessed=guessed).safe(_counts(row))


def safe_series(measure: Measure, rows: Sequence[Counted], *, guessed: bool) -> list[SafeResult]:
    """One measure of several periods. The sum over them is taken to be known: another table tells of the year."""
    return safe_together([_counts(row) for row in rows], _kind(measure, guessed=guessed), alone=True)


def _kind(measure: Measure, *, guessed: bool) -> Kind:
    return Kind.of(measure.basis, HIPS_TO_CASELOAD * measure.share if guessed else None)


def _counts(row: Counted) -> Counts:
    return Counts(row.numerator, row.denominator, row.not_eligible, row.unknown)


def safe_steps(steps: Sequence[Step]) -> list[SafeStep]:
    """The chain as it may leave. Who made a step are those whom the next one is asked of, so all of it is one sum of
    sums."""
    counts: dict[str, int] = {}
    sums = []
    for place, step in enumerate(steps):
        parts = {
            f"made {place}": step.made,
            f"lost {place}": step.lost,
            f"open {place}": step.still_open,
            f"left {place}": step.left_out,
        }
        counts |= parts
        if place:
            sums.append(Sum(f"made {place - 1}", tuple(parts)))
    shown = protect(counts, sums)
    return [
        SafeStep(*(shown[f"{name} {place}"] for name in ("made", "lost", "open", "left")))
        for place in range(len(steps))
    ]
