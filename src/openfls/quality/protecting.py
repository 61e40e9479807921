"""Numbers that add up to each other: which must go so that no suppressed one can be worked out of the others.

Whoever reads a table can add and subtract. `worked_out` does it for them: from what is shown, and from how it was
rounded, the bounds between which each number lies. A small number is safe while all of 1 to 4 are possible; where it is
not, the smallest other number of the sum goes too, and then the total. Besides, no number of a sum is ever suppressed
alone, so that nobody even gets near it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 5
ROUNDED_TO = 5
_WIDEST = 10**9
_ROUNDS = 4
"""Rounds of working out, for each number: bounds settle within a few."""

Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and its parts, by their names. ``alone``: a part may be suppressed alone, because the many roundings of
    the others hide it (months of years); what can be worked out is looked at all the same."""

    total: str
    parts: tuple[str, ...]
    alone: bool = False


def is_small(count: float) -> bool:
    """Whether a count could name somebody; nought names nobody."""
    return 0 < count < SMALLEST


def rounded(count: float) -> int:
    """To the nearest 5, halves up."""
    return int((count + ROUNDED_TO / 2) // ROUNDED_TO) * ROUNDED_TO


def protect(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    *,
    known: Collection[str] = (),
    unseen: Collection[str] = (),
    suppressed: Collection[str] = (),
    at_least_one: Collection[str] = (),
    narrowed: Mapping[str, Bounds] | None = None,
) -> dict[str, int | None]:
    """Every count as it may leave: rounded, or None where suppressed.

    Args:
        known: totals that the reader may have from elsewhere: they are never taken away, only rounded or, if small,
            left out.
        unseen: counts that are not shown at all, but belong to a sum.
        suppressed: counts that are suppressed already, for another reason.
        at_least_one: those of them that would be shown if they were nought.
        narrowed: closer bounds of a count that is shown, where a percentage beside it tells more.
    """
    hidden = {name for name, count in counts.items() if is_small(count)} | {*unseen, *suppressed}
    may_be_nought = {*unseen, *suppressed} - {*at_least_one}
    while True:
        another = _next(counts, sums, hidden, set(known), set(unseen), may_be_nought, narrowed or {})
        if another is None:
            return {name: None if name in hidden else rounded(count) for name, count in counts.items()}
        hidden.add(another)


def bounds_of(value: int) -> Bounds:
    """Between which bounds a count lies that is shown rounded."""
    return _bounds(value, may_be_nought=False)


def share_pairs(numerator: int, denominator: int, percent: float | None) -> list[tuple[int, int]]:
    """Every pair of numbers that a share may have that is shown rounded, with its percentage."""
    tops, wholes = bounds_of(numerator), bounds_of(denominator)
    every = [(top, whole) for top in range(tops[0], tops[1] + 1) for whole in range(wholes[0], wholes[1] + 1)]
    fits = [
        (top, whole)
        for top, whole in every
        if whole_percent(top, whole) == percent and (top == whole or whole - top >= SMALLEST)
    ]
    return fits or every


def share_bounds(numerator: int, denominator: int, percent: float | None) -> tuple[Bounds, Bounds]:
    """Between which bounds the two numbers of such a share lie."""
    ones, others = zip(*share_pairs(numerator, denominator, percent), strict=True)
    return (min(ones), max(ones)), (min(others), max(others))


def whole_percent(numerator: float, denominator: float) -> float | None:
    """The percentage in whole points, halves up; never 0 or 100 unless it is, and never up to where a rating may begin
    (each does at a multiple of ten)."""
    if denominator <= 0:
        return None
    exact = 100 * numerator / denominator
    whole = float(int(exact + 0.5))
    if whole > exact and whole % 10 == 0:
        return whole - 1
    return max(1.0, whole) if exact > 0 else whole


def worked_out(
    shown: Mapping[str, int | None],
    sums: Sequence[Sum],
    may_be_nought: Collection[str] = (),
    narrowed: Mapping[str, Bounds] | None = None,
) -> dict[str, Bounds]:
    """The bounds of every number for somebody who has what is shown, and knows the rule and the sums.

    A number that is not shown is at least 1, for a nought would be shown; but for those that ``may_be_nought``.
    """
    bounds = {name: _bounds(value, name in may_be_nought) for name, value in shown.items()}
    bounds |= {name: each for name, each in (narrowed or {}).items() if shown[name] is not None}
    for _ in range(len(bounds) * _ROUNDS):
        before = dict(bounds)
        for each in sums:
            for name, found in _of_sum(each, bounds).items():
                low, high = max(bounds[name][0], found[0]), min(bounds[name][1], found[1])
                if low <= high:  # else the numbers do not add up, and nothing follows from them
                    bounds[name] = (low, high)
        if bounds == before:
            break
    return bounds


def _bounds(value: int | None, may_be_nought: bool) -> Bounds:
    if value is None:
        return (0 if may_be_nought else 1), _WIDEST
    if value == 0:
        return 0, 0  # a count from 1 to 4 would be suppressed
    half = ROUNDED_TO // 2
    return max(SMALLEST, value - half), value + half


def _of_sum(each: Sum, bounds: Mapping[str, Bounds]) -> dict[str, Bounds]:
    lows = sum(bounds[part][0] for part in each.parts)
    highs = sum(bounds[part][1] for part in each.parts)
    low, high = bounds[each.total]
    found = {each.total: (lows, highs)}
    for part in each.parts:
        least, most = bounds[part]
        found[part] = (max(0, low - (highs - most)), high - (lows - least))
    return found


def _next(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    hidden: set[str],
    known: set[str],
    unseen: set[str],
    may_be_nought: set[str],
    narrowed: Mapping[str, Bounds],
) -> str | None:
    """The count that has to go next; None where all is well."""
    for each in sums:
        if not each.alone:
            lone = [name for name in (each.total, *each.parts) if name in hidden - unseen]
            if len(lone) == 1 and not any(part in unseen and counts[part] for part in each.parts):
                another = _smallest(counts, each, hidden, known)
                if another is not None:
                    return another
    shown = {name: None if name in hidden else rounded(count) for name, count in counts.items()}
    bounds = worked_out(shown, sums, may_be_nought, narrowed)
    for name in sorted(hidden):
        if is_small(counts[name]) and not is_open(bounds[name]):
            for each in sums:
                if name in (each.total, *each.parts):
                    another = _smallest(counts, each, hidden, known)
                    if another is not None:
                        return another
    return None


def is_open(bounds: Bounds) -> bool:
    """Whether every small number is possible. Larger ones do not count: who sees one number suppressed alone knows
    that it is small."""
    return bounds[0] <= 1 and bounds[1] >= SMALLEST - 1


def _smallest(counts: Mapping[str, int], each: Sum, hidden: set[str], known: set[str]) -> str | None:
    """The smallest number of a sum that is still shown, the total last; None where none is left to take away."""
    parts = [part for part in each.parts if part not in hidden | known and counts[part] > 0]
    if parts:
        return min(parts, key=lambda part: counts[part])
    return each.total if each.total not in hidden | known and counts[each.total] > 0 else None
