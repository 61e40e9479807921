"""Shares that add up to one that is known too: the quarters of a year, the parts of a split. None is worked out.

Whoever reads them takes the shown shares from the total. A rounded number alone leaves room for a hidden one; the
percentage beside it takes most of that room away, because few pairs of numbers have it. So each pair that fits what is
shown is tried (`reached`), and the next smallest share is suppressed too until four values of each small number are
left. The people beside the shares (not eligible, not yet known) add up as well, and are looked at in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openfls.quality.disclosure import SafeResult, Shown, safe_result, safe_share
from openfls.quality.packs import Basis
from openfls.quality.protecting import (
    SMALLEST,
    Sum,
    bounds_of,
    is_small,
    protect,
    share_pairs,
    whole_percent,
)

Pair = tuple[int, int]
"""The met and the missed of a share; the missed are 0 where it is not of people."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The exact numbers of a measure over a part. ``denominator`` may be an expectation."""

    numerator: float
    denominator: float
    not_eligible: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Kind:
    """What a measure counts: people, fields, or people against an expectation; one that is guessed from people has
    ``each`` of them stand for so many."""

    of_people: bool
    of_fields: bool
    each: float | None = None

    @classmethod
    def of(cls, basis: Basis, guessed_each: float | None) -> Kind:
        """By what a measure divides by; ``guessed_each`` where the caseload would be guessed."""
        return cls(
            basis is Basis.PEOPLE,
            basis is Basis.FIELDS,
            guessed_each if basis is Basis.CASELOAD else None,
        )

    def safe(self, counts: Counts) -> SafeResult:
        """One part for itself."""
        return safe_result(
            counts.numerator,
            counts.denominator,
            counts.not_eligible,
            counts.unknown,
            of_people=self.of_people,
            of_fields=self.of_fields,
            each=self.each,
        )

    def pair(self, counts: Counts) -> Pair:
        """Its met and missed."""
        met = int(counts.numerator)
        return (met, int(counts.denominator) - met) if self.of_people else (met, 0)

    def behind(self, counts: Counts, shown: Shown) -> list[Pair]:
        """Every pair that fits what is shown. An expectation is taken to be known exactly: it is no secret."""
        assert shown.numerator is not None
        assert shown.denominator is not None
        if self.of_people:
            return [
                (top, whole - top)
                for top, whole in share_pairs(shown.numerator, shown.denominator, shown.value)
            ]
        low, high = bounds_of(shown.numerator)
        fits = [top for top in range(low, high + 1) if whole_percent(top, counts.denominator) == shown.value]
        return [(top, 0) for top in fits or [int(counts.numerator)]]


def safe_together(
    parts: Sequence[Counts], kind: Kind, *, alone: bool, found: Sequence[SafeResult] | None = None
) -> list[SafeResult]:
    """The parts as they may leave. Their total is taken to be shown elsewhere, by the same rule.

    Args:
        alone: one part may be suppressed alone where the roundings of the others hide it (periods); else never (a
            split).
        found: what may be told of each so far, where something had to go for another reason.
    """
    found = list(found or map(kind.safe, parts))
    if kind.of_fields or len(parts) < 2:
        return found
    hidden = {place for place, each in enumerate(found) if each.shown.is_hidden}
    while True:
        while another := _next(parts, found, hidden, kind, alone=alone):
            hidden |= another
        people, more = _people(parts, found, hidden, kind)
        if not more - hidden:
            break
        hidden |= more
    return [
        SafeResult(Shown(None, None) if place in hidden else each.shown, *people[place])
        for place, each in enumerate(found)
    ]


def _next(
    parts: Sequence[Counts], found: Sequence[SafeResult], hidden: Collection[int], kind: Kind, *, alone: bool
) -> set[int]:
    """The parts whose share has to go next; none where all is well."""
    left = [place for place, each in enumerate(parts) if place not in hidden and kind.pair(each) != (0, 0)]
    if not hidden or not left:
        return set()
    if kind.each is not None:
        return set(left)  # a guess is a multiple of the people it is made of, so rounding hides nothing
    if (alone or len(hidden) > 1) and not _tells(parts, found, hidden, kind):
        return set()
    return {min(left, key=lambda place: (sum(kind.pair(parts[place])), place))}


def _tells(parts: Sequence[Counts], found: Sequence[SafeResult], hidden: Collection[int], kind: Kind) -> bool:
    total = Counts(sum(each.numerator for each in parts), sum(each.denominator for each in parts), 0, 0)
    shown = safe_share(total.numerator, total.denominator, of_people=kind.of_people)
    if shown.is_hidden:
        return False
    seen = [
        kind.behind(parts[place], found[place].shown) for place in range(len(parts)) if place not in hidden
    ]
    rest = reached(kind.behind(total, shown), seen)
    if len(hidden) == 1:
        rest = {pair for pair in rest if _is_suppressed(pair, kind)}
    for place in hidden:
        met, missed = kind.pair(parts[place])
        for small, values in (
            (met, {top for top, _ in rest}),
            (missed, {low for _, low in rest}),
            (met + missed, {top + low for top, low in rest}),
        ):
            # Of several, each may be anything from nought to all that is left.
            few = len(hidden) == 1 and len(values) < SMALLEST - 1
            if is_small(small) and (few or max(values, default=0) < SMALLEST - 1):
                return True
    return False


def _is_suppressed(pair: Pair, kind: Kind) -> bool:
    """Whether a share would be suppressed for its own numbers."""
    met, missed = pair
    return is_small(met) or (kind.of_people and (is_small(missed) or is_small(met + missed)))


def reached(total: Sequence[Pair], shown: Iterable[Sequence[Pair]]) -> set[Pair]:
    """What is left for the hidden parts together: every pair of the total less one of each shown part."""
    lowest, sums = (0, 0), np.ones((1, 1), dtype=bool)
    for pairs in shown:
        first = min(top for top, _ in pairs), min(low for _, low in pairs)
        high = max(top for top, _ in pairs) - first[0], max(low for _, low in pairs) - first[1]
        wider: npt.NDArray[np.bool_] = np.zeros(
            (sums.shape[0] + high[0], sums.shape[1] + high[1]), dtype=bool
        )
        for top, low in pairs:
            row, column = top - first[0], low - first[1]
            wider[row : row + sums.shape[0], column : column + sums.shape[1]] |= sums
        lowest, sums = (lowest[0] + first[0], lowest[1] + first[1]), wider
    rows, columns = np.nonzero(sums)
    found = {
        (int(top), int(low))
        for met, missed in total
        for top, low in zip(met - lowest[0] - rows, missed - lowest[1] - columns, strict=True)
        if top >= 0 and low >= 0
    }
    return found


def _people(
    parts: Sequence[Counts], found: Sequence[SafeResult], hidden: Collection[int], kind: Kind
) -> tuple[list[tuple[int | None, int | None]], set[int]]:
    """Not eligible and not yet known of each part, and the places whose share has to go for their sake: by part they
    and the share are all rows, over the parts each of the three adds up."""
    counts: dict[str, int] = {}
    sums: list[Sum] = []
    narrowed = {}
    for place, (each, safe) in enumerate(zip(parts, found, strict=True)):
        cells = {
            f"counted {place}": sum(kind.pair(each)),
            f"out {place}": each.not_eligible,
            f"open {place}": each.unknown,
        }
        counts |= cells | {f"rows {place}": sum(cells.values())}
        sums.append(Sum(f"rows {place}", tuple(cells), alone=True))
        if place not in hidden:
            behind = [sum(pair) for pair in kind.behind(each, safe.shown)]
            narrowed[f"counted {place}"] = min(behind), max(behind)
    for name in ("counted", "out", "open"):
        column = tuple(f"{name} {place}" for place in range(len(parts)))
        counts[name] = sum(counts[each] for each in column)
        sums.append(Sum(name, column, alone=True))
    people = [f"out {place}" for place, each in enumerate(found) if each.not_eligible is None]
    people += [f"open {place}" for place, each in enumerate(found) if each.unknown is None]
    shares = [f"counted {place}" for place in hidden]
    sure = [*people, *shares] if kind.of_people else people
    totals = [name for name in counts if name.partition(" ")[0] == "rows" or " " not in name]
    kept = protect(
        counts, sums, known=totals, suppressed=[*people, *shares], at_least_one=sure, narrowed=narrowed
    )
    return (
        [(kept[f"out {place}"], kept[f"open {place}"]) for place in range(len(parts))],
        {place for place in range(len(parts)) if kept[f"counted {place}"] is None},
    )
