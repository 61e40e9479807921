"""How long people wait where those found and the appointments for them come at their own rates: a discrete-event
simulation of a queue, first come, first served."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from openfls.toolkit.engine.values import Array

WEEKS = 52
QUARTER = 13
RUNS, PEOPLE = 200, 200_000
"""Simulated years, and people in all of them together: fewer years where many come, for they vary less."""
DAYS_90 = 90 / 7


def waits(arrivals: Array, services: Array, servers: int) -> Array:
    """The wait of each person before service begins, first come, first served.

    Args:
        arrivals: ``[person]``, times in order.
        services: ``[person]``, how long each takes, in the same unit.
        servers: who serve at the same time, one person each.
    """
    free = [0.0] * servers
    found = np.empty(len(arrivals))
    for place, (arrival, service) in enumerate(zip(arrivals.tolist(), services.tolist(), strict=True)):
        begins = max(arrival, free[0])
        heapq.heapreplace(free, begins + service)
        found[place] = begins - arrival
    return found


def erlang_wait(arrival_rate: float, service_rate: float, servers: int) -> float:
    """The mean wait in the long run of Poisson arrivals and exponential services (M/M/c, Erlang's C formula).

    Raises:
        ValueError: more arrive than can be served; the queue then has no mean.
    """
    load = arrival_rate / service_rate
    if load >= servers:
        raise ValueError("more arrive than can be served")
    term, total = 1.0, 1.0
    for k in range(1, servers):
        term *= load / k
        total += term
    last = term * load / servers * servers / (servers - load)
    return last / (total + last) / (servers * service_rate - arrival_rate)


@dataclass(frozen=True, slots=True)
class Clinic:
    """What comes to a clinic, and what it can do, each in a week. ``backlog`` people wait when the year begins."""

    found_per_week: float
    slots_per_week: float
    backlog: float = 0.0

    @property
    def load(self) -> float:
        """People found for each appointment; at 1 and above the queue grows without end."""
        return self.found_per_week / self.slots_per_week


@dataclass(frozen=True, slots=True)
class Waiting:
    """A simulated year of a clinic.

    Attributes:
        load: people found for each appointment.
        mean_weeks, ninth_weeks: mean wait, and the wait that nine in ten do not exceed, by quarter of the year in
            which they were found.
        within_90_days: share of the year's people who are seen within 90 days of being found.
        still_waiting: people who wait at the end of the year, on average.
    """

    load: float
    mean_weeks: tuple[float, ...]
    ninth_weeks: tuple[float, ...]
    within_90_days: float
    still_waiting: float


def year(clinic: Clinic, then: Clinic | None = None, share: float = 0.0, *, seed: int = 1) -> list[Waiting]:
    """A year of a clinic whose appointments are spread evenly, and of a second to which a share goes on.

    Args:
        then: the second clinic; its ``found_per_week`` is not used, for people come to it from the first.
        share: of those seen who go on, 0 to 1.

    Returns:
        One or two `Waiting`, from `runs_of` simulated years; the same numbers give the same answer.
    """
    random = np.random.default_rng(seed)
    first: list[tuple[Array, Array]] = []
    second: list[tuple[Array, Array]] = []
    for _ in range(runs_of(clinic)):
        coming = np.sort(random.uniform(0, WEEKS, random.poisson(clinic.found_per_week * WEEKS)))
        arrivals = np.concatenate([np.zeros(round(clinic.backlog)), coming])
        begun = arrivals + _even(arrivals, clinic.slots_per_week)
        first.append((arrivals, begun))
        if then is not None:
            seen = begun[(begun < WEEKS) & (random.uniform(size=begun.shape) < share)]
            arrivals = np.concatenate([np.zeros(round(then.backlog)), np.sort(seen)])
            second.append((arrivals, arrivals + _even(arrivals, then.slots_per_week)))
    found = [_seen(first, clinic.load)]
    if then is not None:
        coming_on = min(clinic.found_per_week, clinic.slots_per_week) * share
        found.append(_seen(second, coming_on / then.slots_per_week))
    return found


def runs_of(clinic: Clinic) -> int:
    """How many years are simulated for a clinic."""
    return int(min(max(PEOPLE / (clinic.found_per_week * WEEKS + clinic.backlog + 1), 20), RUNS))


def _even(arrivals: Array, slots: float) -> Array:
    """Waits at one server that takes the same time for everybody (Lindley's recursion, all at once)."""
    if not len(arrivals):
        return arrivals
    steps = 1 / slots - np.diff(arrivals)
    walk = np.concatenate([[0.0], np.cumsum(steps)])
    found: Array = walk - np.minimum.accumulate(walk)
    return found


def _seen(runs: list[tuple[Array, Array]], load: float) -> Waiting:
    arrivals = np.concatenate([arrived for arrived, _ in runs])
    begun = np.concatenate([begins for _, begins in runs])
    wait, quarter = begun - arrivals, np.minimum(arrivals // QUARTER, 3)
    parts = [wait[quarter == number] for number in range(4)]
    return Waiting(
        load=load,
        mean_weeks=tuple(float(part.mean()) if len(part) else 0.0 for part in parts),
        ninth_weeks=tuple(float(np.quantile(part, 0.9)) if len(part) else 0.0 for part in parts),
        within_90_days=float((wait <= DAYS_90).mean()) if len(wait) else 1.0,
        still_waiting=float((begun > WEEKS).sum() / len(runs)),
    )


def slots_for_90_days(clinic: Clinic) -> float | None:
    """The fewest appointments a week with which nine in ten are seen within 90 days in each quarter; None: not with
    five times as many either."""

    def enough(slots: float) -> bool:
        changed = Clinic(clinic.found_per_week, slots, clinic.backlog)
        return max(year(changed)[0].ninth_weeks) <= DAYS_90

    low, high = 0.0, max(5 * clinic.found_per_week, 5 * clinic.slots_per_week, 1.0)
    if not enough(high):
        return None
    while high - low > 0.02 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
