"""Reviews spread over the days of a clinic: nobody before their time, nobody later than need be, no day fuller either.

Whoever is promised first is seen first (earliest due date), which leaves nobody late where a list without anybody late
exists, and otherwise keeps the longest wait as short as it can be. Then the days are levelled: of each day's places the
smallest part is filled with which that is still so. The same people give the same list, in whatever order they come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush

_PARTS = 20
"""Into how many parts the places are divided when the days are levelled."""
TO_TRY_AGAIN = timedelta(days=7)
"""Days before a promise ends that levelling leaves free where it can: not everybody is reached at once. Ours."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A review that is promised: not before ``opens``, and kept if it is made by ``due``."""

    key: str
    opens: date
    due: date


@dataclass(frozen=True, slots=True)
class Placed:
    """Its day. ``late`` is after the promise, ``fixed`` that somebody chose the day."""

    key: str
    on: date
    late: bool
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Levelled:
    """Everybody once: with a day, or ``without`` one because no place is left until the last day."""

    placed: tuple[Placed, ...]
    without: tuple[str, ...]

    @property
    def late(self) -> int:
        """How many are placed after their promise, or have no place."""
        return sum(one.late for one in self.placed) + len(self.without)


def level(
    wanted: Sequence[Wanted],
    places: Callable[[date], int],
    *,
    today: date,
    until: date,
    fixed: Mapping[str, date] | None = None,
) -> Levelled:
    """Place each of ``wanted`` on a day from ``today`` to ``until``; ``places`` says how many a day takes.

    A day in ``fixed`` holds whatever it does to the day's places, unless it has passed.
    """
    chosen = {key: day for key, day in (fixed or {}).items() if day >= today}
    held = [
        Placed(one.key, chosen[one.key], chosen[one.key] > one.due, True)
        for one in wanted
        if one.key in chosen
    ]
    rest = sorted(
        (one for one in wanted if one.key not in chosen), key=lambda one: (one.opens, one.due, one.key)
    )
    days = [today + timedelta(days=number) for number in range((until - today).days + 1)]
    taken = Counter(one.on for one in held)
    free = {day: max(0, places(day) - taken[day]) for day in days}
    # Who is late already comes first, whatever else: with them the days are full, and the others share what is left.
    overdue = [one for one in rest if one.due < today]
    first = _earliest_due(overdue, days, free)
    for one in first[0]:
        free[one.on] -= 1
    others = [one for one in rest if one.due >= today]
    best = _earliest_due(others, days, free)
    worst = _lateness(best, others)
    for part in range(1, _PARTS):
        found = _earliest_due(others, days, _part_of(free, days, part))
        if all(now <= most for now, most in zip(_lateness(found, others), worst, strict=True)):
            best = found
            break
    best = ([*first[0], *best[0]], [*first[1], *best[1]])
    order = sorted([*held, *best[0]], key=lambda one: (one.on, one.key))
    return Levelled(tuple(order), tuple(sorted(best[1])))


def _part_of(free: Mapping[date, int], days: Sequence[date], part: int) -> dict[date, int]:
    """So many twentieths of the places, spread over the days: of one place a day, for example, every third day's."""
    share, so_far = {}, 0
    for day in days:
        before, so_far = so_far, so_far + free[day]
        share[day] = so_far * part // _PARTS - before * part // _PARTS
    return share


def _earliest_due(
    rest: Sequence[Wanted], days: Sequence[date], free: Mapping[date, int]
) -> tuple[list[Placed], list[str]]:
    placed: list[Placed] = []
    waiting: list[tuple[date, str]] = []
    at = 0
    for day in days:
        while at < len(rest) and rest[at].opens <= day:
            heappush(waiting, (rest[at].due, rest[at].key))
            at += 1
        for _ in range(min(free[day], len(waiting))):
            due, key = heappop(waiting)
            placed.append(Placed(key, day, day > due))
    return placed, [key for _, key in waiting] + [one.key for one in rest[at:]]


def _lateness(found: tuple[list[Placed], list[str]], rest: Sequence[Wanted]) -> tuple[int, ...]:
    """How many have no place; the longest wait beyond a promise and how many wait so; and the same with the days to try
    again taken off each promise. Less is better."""
    worst = [len(found[1])]
    for margin in (timedelta(0), TO_TRY_AGAIN):
        due = {one.key: max(one.opens, one.due - margin) for one in rest}
        waits = [wait for one in found[0] if (wait := (one.on - due[one.key]).days) > 0]
        worst += [max(waits, default=0), len(waits)]
    return tuple(worst)
