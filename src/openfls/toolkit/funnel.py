"""From the caseload to people on treatment: each share is of those counted by the step before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openfls.toolkit.engine.values import Array

STEPS = ("identified", "assessed", "recommended", "started", "on_treatment_52wk")


@dataclass(frozen=True, slots=True)
class Funnel:
    """People a year at each step, each ``[draw or 1]``; ``turned_away`` were identified but found no slot."""

    caseload: Array
    identified: Array
    assessed: Array
    recommended: Array
    started: Array
    on_treatment_52wk: Array
    turned_away: Array

    @property
    def started_share(self) -> Array:
        """The share of the caseload that starts a drug."""
        found: Array = self.started / self.caseload
        return found


def funnel(caseload: float, shares: dict[str, Array], capacity: float | None) -> Funnel:
    """The funnel of one arm.

    Args:
        caseload: fractures a year.
        shares: by step of `STEPS`, each ``[draw or 1]``.
        capacity: assessments a year; None: no limit. Those beyond it are turned away evenly over all groups.
    """
    everyone = np.array([caseload])
    identified = everyone * shares["identified"]
    wanted = identified * shares["assessed"]
    assessed = wanted if capacity is None else np.minimum(wanted, capacity)
    recommended = assessed * shares["recommended"]
    started = recommended * shares["started"]
    return Funnel(
        caseload=everyone,
        identified=identified,
        assessed=assessed,
        recommended=recommended,
        started=started,
        on_treatment_52wk=started * shares["on_treatment_52wk"],
        turned_away=wanted - assessed,
    )
