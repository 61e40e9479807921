"""The arm as it is, read from what a service has measured: shares with the interval that their numbers allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from openfls.toolkit.case.state import Answer, Case
from openfls.toolkit.parameters import Z95

FROM_MEASURE = {
    "kpi2": "identified",
    "kpi4": "assessed",
    "kpi7": "recommended",
    "kpi10": "started",
    "kpi11": "on_treatment_52wk",
}
"""Which measure of the national audit stands for which step. The audit counts its steps over all of those recommended
a drug, so the last is taken over those who started."""
FEWEST = 20
"""People below which a share is too uncertain, and too close to somebody, to be taken."""


@dataclass(frozen=True, slots=True)
class Share:
    """One measured share."""

    measure: str
    numerator: float
    denominator: float


def with_measured(case: Case, shares: Iterable[Share], source: str) -> tuple[Case, list[str]]:
    """The case with its current arm measured, and a line for each step that could not be taken, with the reason."""
    found = {share.measure: share for share in shares}
    answers, left = dict(case.figures.answers), []
    for measure, step in FROM_MEASURE.items():
        share = found.get(measure)
        if share is not None and measure == "kpi11" and "kpi10" in found:
            share = Share(measure, share.numerator, found["kpi10"].numerator)
        words = step.replace("_", " ").replace("52wk", "at 52 weeks")
        if share is None or share.denominator < FEWEST:
            left.append(f"{words}: fewer than {FEWEST} people have been measured")
            continue
        if share.numerator > share.denominator:
            left.append(f"{words}: {share.numerator:g} of {share.denominator:g} is no share")
            continue
        interval = _wilson(share.numerator, share.denominator)
        # A share of none or of all has no two-sided spread that a beta distribution could have: it is held fixed.
        low, high = interval if 0 < share.numerator < share.denominator else (None, None)
        answers[f"arms.current.{step}"] = Answer(
            value=round(share.numerator / share.denominator, 4),
            low=None if low is None else round(low, 4),
            high=None if high is None else round(high, 4),
            source=f"{source}, {measure.upper().replace('KPI', 'KPI ')}: {share.numerator:g} of "
            f"{share.denominator:g}",
            kind="measured",
        )
    cost = "arms.current.service_cost_per_year"
    if cost not in answers and len(answers) > len(case.figures.answers):
        left.append("what your service costs today: it stands at 0, as for usual care, until you give it")
    return case.with_figures(answers=answers), left


def _wilson(successes: float, people: float) -> tuple[float, float]:
    """The 95 % interval of Wilson for a share."""
    share, square = successes / people, Z95**2
    middle = (share + square / (2 * people)) / (1 + square / people)
    reach = Z95 / (1 + square / people) * sqrt(share * (1 - share) / people + square / (4 * people**2))
    return max(min(middle - reach, share), 0.0), min(max(middle + reach, share), 1.0)
