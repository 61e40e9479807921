"""How often people break something again, and what a drug and a falls programme change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openfls.toolkit.caseload import SITES, age_factor
from openfls.toolkit.cohort.population import CYCLE, LAST_AGE, Cells, Draws
from openfls.toolkit.engine.values import Array

WEEKS = 26.0
"""Weeks in a cycle."""


def time_ratio(draws: Draws, years: float) -> Array:
    """The rate of fracture ``years`` after the last one against the population's, ``[draw or 1]``.

    Log-linear through the published ratios at one and ten years, and never below one.
    """
    first, tenth = np.log(draws["refracture.rr_1y"]), np.log(draws["refracture.rr_10y"])
    found: Array = np.maximum(np.exp(first + (tenth - first) * (years - 1) / 9), 1.0)
    return found


def time_ratios(draws: Draws, cycle: int) -> list[Array]:
    """The ratio of the four groups that differ in the time since their last fracture.

    In order: nobody with a second fracture yet (the time is that of the cycle); second fracture in the last
    half-year; in the half-year before; longer ago, where the time is taken as half of that since the first,
    at least 1¼ years.
    """
    now = (cycle + 0.5) * CYCLE
    return [time_ratio(draws, years) for years in (now, 0.5 * CYCLE, 1.5 * CYCLE, max(now / 2, 2.5 * CYCLE))]


def base_rates(cells: Cells, draws: Draws, published: Array) -> Array:
    """Fractures per cycle in the population at the age of the first fracture, ``[site, cell, draw or 1]``.

    Args:
        published: ``[site, sex]``, per person-year at 50 and over.
    """
    factors = age_factor(cells.age, draws["refracture.per_year_of_age"])
    by_cell = factors[cells.sex, np.arange(cells.sex.shape[0])]
    calibration = np.stack(np.broadcast_arrays(*[draws[f"refracture.calibration.{site}"] for site in SITES]))
    found: Array = published[:, cells.sex, np.newaxis] * by_cell * calibration[:, np.newaxis, :] * CYCLE
    return found


def growth(cells: Cells, draws: Draws, cycle: int) -> Array:
    """How the rates have risen with age since the first cycle, ``[cell, draw or 1]``; no further after
    100."""
    older = np.minimum(cycle * CYCLE, np.maximum(LAST_AGE - cells.age, 0))
    found: Array = np.exp(older[:, np.newaxis] * np.log(draws["refracture.per_year_of_age"]))
    return found


@dataclass(frozen=True, slots=True)
class Treatment:
    """The drugs of one arm over time.

    Attributes:
        drugs: names.
        started: ``[drug]`` of ``[draw or 1]``: the share of the whole caseload that starts each.
        ratio: ``[drug][site]`` of ``[draw or 1]``: rate ratio on full effect.
        stays: per cycle, the share of those on a drug who are still on it at its end, ``[draw or 1]``.
        effect: per cycle, the part of the effect that is there (start within the first cycle, onset), ``[draw
            or 1]``.
        wanes: the share of those whose effect is waning who lose it in a cycle; None: the effect ends with
            the drug.
        waning_share: the part of the effect that remains while it wanes.
        mortality: what the service itself multiplies the death rate of the first year with, ``[draw or 1]``; None:
            it does not.
        falls: per cycle, what a falls programme multiplies every rate with; None: there is none.
    """

    drugs: tuple[str, ...]
    started: Sequence[Array]
    ratio: Sequence[Sequence[Array]]
    stays: Sequence[Array]
    effect: Sequence[Array]
    wanes: Array | None = None
    waning_share: Array | None = None
    falls: Sequence[Array] | None = None
    mortality: Array | None = None

    def ends_after(self) -> int:
        """The cycle after which nobody is on a drug."""
        return next((k + 1 for k, stays in enumerate(self.stays) if not stays.any()), len(self.stays))


def persistence(draws: Draws, at_52_weeks: Array, cycles: int) -> list[Array]:
    """The share still on the drug from each cycle's start to its end, ``[cycle]`` of ``[draw or 1]``.

    To 52 weeks the arm's own share, evenly; then the published fall from 12 to 24, 36 and 60 months, evenly
    between, and as from 36 to 60 months beyond; nobody after the planned course.
    """
    known = {months: draws[f"persistence.{months}m"] for months in (12, 24, 36, 60)}
    course = round(float(draws["treatment.course_years"][0]) / CYCLE)
    found: list[Array] = []
    for cycle in range(cycles):
        years = cycle * CYCLE
        if cycle >= course - 1:
            found.append(np.zeros(1))
        elif years < 1:
            found.append(np.sqrt(at_52_weeks))
        elif years < 2:
            found.append((known[24] / known[12]) ** 0.5)
        elif years < 3:
            found.append((known[36] / known[24]) ** 0.5)
        else:
            found.append((known[60] / known[36]) ** 0.25)
    return found


def onset(draws: Draws, cycles: int) -> list[Array]:
    """The part of the full effect in each cycle: those who start in week s with an onset of w weeks have it
    from week s + w. A missing onset is taken as none (the run says so)."""
    delay = draws["treatment.start_week"] + draws.get("treatment.onset_weeks", np.zeros(1))
    return [np.clip((cycle + 1) - delay / WEEKS, 0.0, 1.0) for cycle in range(cycles)]
