"""Reading a DXA result: WHO classes, which sites count, and the lowest of them.

Source: WHO classes and the choice of sites, (recalled, high). T- and Z-scores are in standard deviations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from openfls.record.errors import BadInput
from openfls.record.picture import BoneDensity

T_SCORE_RANGE = (-10.0, 10.0)
MIN_VERTEBRAE = 2

LEAST_SIGNIFICANT_CHANGE_PCT = {"lumbar spine": 5.3, "total hip": 5.0, "femoral neck": 6.9}
"""Change of BMD, percent, that a scanner at ISCD's minimum precision can tell from noise (recalled, high)."""


class WhoClass(StrEnum):
    """The WHO's classes of a T-score."""

    NORMAL = "normal"
    OSTEOPENIA = "osteopenia"
    OSTEOPOROSIS = "osteoporosis"
    SEVERE = "severe osteoporosis"


def check_t_score(value: float, field: str = "T-score") -> float:
    """The value itself, where a scanner could have printed it. A T-score of 25 is a decimal point lost.

    Raises:
        BadInput: the value is outside -10 to 10 or not a number.
    """
    low, high = T_SCORE_RANGE
    if not low <= value <= high:
        raise BadInput(
            f"{value:g} cannot be a T-score (from {low:g} to {high:g}); is a decimal point missing?",
            field=field,
        )
    return value


def who_class(t_score: float, fragility_fracture: bool = False) -> WhoClass:
    """The class of a T-score; osteoporosis with a fragility fracture is severe."""
    check_t_score(t_score)
    if t_score >= -1.0:
        return WhoClass.NORMAL
    if t_score > -2.5:
        return WhoClass.OSTEOPENIA
    return WhoClass.SEVERE if fragility_fracture else WhoClass.OSTEOPOROSIS


def below_expected_for_age(z_score: float) -> bool:
    """Whether the Z-score is -2.0 or lower."""
    return z_score <= -2.0


@dataclass(frozen=True, slots=True)
class SiteScore:
    """The T-score of one site. ``valid`` is None where it cannot be told, with the input that would tell."""

    site: str
    field: str
    t_score: float
    valid: bool | None
    why: str = ""


def site_scores(density: BoneDensity) -> tuple[SiteScore, ...]:
    """Every T-score of the result and whether it counts.

    The lumbar spine needs two evaluable vertebrae; the forearm counts only where no other site does.
    """
    scores: list[SiteScore] = []
    if density.lumbar_spine_t is not None:
        count = density.lumbar_spine_vertebrae
        valid = None if count is None else count >= MIN_VERTEBRAE
        why = (
            ""
            if valid
            else "number of evaluable vertebrae not known"
            if count is None
            else f"{count} {'vertebra' if count == 1 else 'vertebrae'}"
        )
        scores.append(SiteScore("lumbar spine", "lumbar_spine_t", density.lumbar_spine_t, valid, why))
    if density.total_hip_t is not None:
        scores.append(SiteScore("total hip", "total_hip_t", density.total_hip_t, True))
    if density.femoral_neck_t is not None:
        scores.append(SiteScore("femoral neck", "femoral_neck_t", density.femoral_neck_t, True))
    if density.forearm_t is not None:
        others = {score.valid for score in scores}
        counts = False if True in others else None if None in others else True
        why = {True: "", None: "counts only if the spine does not", False: "another site counts"}[counts]
        scores.append(SiteScore("forearm", "forearm_t", density.forearm_t, counts, why))
    return tuple(scores)


def lowest_valid_site(density: BoneDensity) -> SiteScore | None:
    """The lowest T-score of the sites that certainly count; None where there is none."""
    valid = [score for score in site_scores(density) if score.valid]
    return min(valid, key=lambda score: score.t_score, default=None)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of BMD between two scans, percent; ``significant`` is None where machines are not
    comparable."""

    site: str
    percent: float
    significant: bool | None
    reason: str


def change_in_bmd(
    site: str,
    before: float,
    after: float,
    *,
    machine_before: str,
    machine_after: str,
    precision_error_pct: float | None = None,
) -> Change:
    """The change of BMD (g/cm²) at ``site`` against the least significant change, 2.77 precision errors.

    Without the service's own precision error, ISCD's minimum precision is taken. Scans of different machines
    are not compared: whether they were cross-calibrated is not known here.
    """
    percent = 100 * (after - before) / before
    if not machine_before or not machine_after or machine_before != machine_after:
        return Change(site, percent, None, "not compared: different machines, or a machine not recorded")
    limit = LEAST_SIGNIFICANT_CHANGE_PCT[site] if precision_error_pct is None else 2.77 * precision_error_pct
    verdict = abs(percent) >= limit
    return Change(site, percent, verdict, f"least significant change {limit:.1f} %")


class Genant(StrEnum):
    """Genant's grades of a vertebral fracture."""

    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


def genant_grade(height_loss_pct: float) -> Genant:
    """The grade of a vertebra that lost ``height_loss_pct`` percent of its height (recalled, high).

    From 20 % mild, from 25 % moderate, above 40 % severe; less than 20 % is no grade, not a healthy spine.

    Raises:
        BadInput: not a percentage.
    """
    if not 0 <= height_loss_pct <= 100:
        raise BadInput(f"{height_loss_pct:g} is not a percentage", field="height loss of a vertebra")
    if height_loss_pct < 20:
        return Genant.NONE
    if height_loss_pct < 25:
        return Genant.MILD
    return Genant.MODERATE if height_loss_pct <= 40 else Genant.SEVERE


def with_site(density: BoneDensity | None, on: date, t_score: float) -> BoneDensity:
    """The result with a total hip T-score, for asking what a scan could change."""
    return replace(density, total_hip_t=t_score) if density else BoneDensity(on=on, total_hip_t=t_score)
