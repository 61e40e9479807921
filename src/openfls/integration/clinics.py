"""Reviews spread over the days of a clinic: nobody before their time, nobody later than need be, no day fuller either.

Whoever is promised first is seen first (earliest due date), which leaves nobody late where a list without anybody late
exists, and otherwise keeps the longest wait as short as it can be. Then the days are levelled: of each day's places the
smallest part is filled with which that is still so. The same people give the same list, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush

_PARTS = 20
"""Into how many parts a day's places are divided when the days are levelled."""


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
    taken: dict[date, int] = {}
    for one in held:
        taken[one.on] = taken.get(one.on, 0) + 1
    all_places = {day: max(0, places(day)) for day in days}

    def with_part(part: int) -> tuple[list[Placed], list[str]]:
        # Rounded up, so that a day with one place keeps it.
        free = {day: max(0, -(-all_places[day] * part // _PARTS) - taken.get(day, 0)) for day in days}
        return _earliest_due(rest, days, free)

    best = with_part(_PARTS)
    worst = _lateness(best, rest)
    for part in range(1, _PARTS):
        found = with_part(part)
        if _lateness(found, rest) <= worst:
            best = found
            break
    order = sorted([*held, *best[0]], key=lambda one: (one.on, one.key))
    return Levelled(tuple(order), tuple(sorted(best[1])))


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


def _lateness(found: tuple[list[Placed], list[str]], rest: Sequence[Wanted]) -> tuple[int, int, int]:
    """Without a place, the longest wait after a promise, and how many are late: less is better, in this order."""
    due = {one.key: one.due for one in rest}
    waits = [(one.on - due[one.key]).days for one in found[0] if one.late]
    return len(found[1]), max(waits, default=0), len(waits)
