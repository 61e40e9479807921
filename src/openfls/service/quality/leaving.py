"""The figures of a service as they may leave it: exact first, then suppressed, so that nothing can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from openfls.quality import Basis, Measure
from openfls.quality.disclosure import SafeResult, Shown, safe_result
from openfls.quality.protecting import Sum, protect
from openfls.quality.question import HIPS_TO_CASELOAD


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
    return safe_result(
        row.numerator,
        row.denominator,
        row.not_eligible,
        row.unknown,
        of_people=measure.basis == Basis.PEOPLE,
        of_fields=measure.basis == Basis.FIELDS,
        each=HIPS_TO_CASELOAD * measure.share if guessed else None,
    )


def safe_series(measure: Measure, rows: Sequence[Counted], *, guessed: bool) -> list[SafeResult]:
    """One measure of several periods. The sum over them is taken to be known: another table tells of the year."""
    found = [safe(measure, row, guessed=guessed) for row in rows]
    if measure.basis == Basis.FIELDS:
        return found
    met = {str(place): int(row.numerator) for place, row in enumerate(rows)}
    kept = protect(
        met | {"total": sum(met.values())},
        (Sum("total", tuple(met), alone=True),),
        known=("total",),
        suppressed=[str(place) for place, each in enumerate(found) if each.shown.is_hidden],
    )
    return [
        SafeResult(Shown(None, None), each.not_eligible, each.unknown) if kept[str(place)] is None else each
        for place, each in enumerate(found)
    ]


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
