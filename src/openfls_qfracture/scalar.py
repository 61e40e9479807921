"""One person's score, written as the equations are printed.

SPDX-License-Identifier: LGPL-3.0-or-later
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from openfls_qfracture.checks import QFractureError, error_of
from openfls_qfracture.inputs import Inputs
from openfls_qfracture.model import DISCLAIMER, EQUATIONS, SEXES, Equation


def shown_pct(osteoporotic: float, hip: float) -> tuple[float, float]:
    """The pair to show: where the hip's risk exceeds that of any major fracture, the hip's stands for
    both."""
    return max(osteoporotic, hip), hip


@dataclass(frozen=True, slots=True)
class Score:
    """Percent over ``years``, as the reference program gives them. Show `shown`, and ``disclaimer`` beside
    it."""

    osteoporotic_fracture_pct: float
    hip_fracture_pct: float
    years: int
    disclaimer: str = DISCLAIMER

    @property
    def shown(self) -> tuple[float, float]:
        """(major osteoporotic fracture, hip fracture), made consistent."""
        return shown_pct(self.osteoporotic_fracture_pct, self.hip_fracture_pct)


def errors_of(inputs: Inputs) -> tuple[str, ...]:
    """Everything wrong with the inputs, in the reference's order; nothing is said of what the sex does not
    need."""
    if inputs.sex not in SEXES:
        return ("error: sex must be female or male",)
    names = EQUATIONS["mof", inputs.sex].arguments
    found = (error_of(name, getattr(inputs, name)) for name in names)
    return tuple(error for error in found if error is not None)


def _percent(equation: Equation, inputs: Inputs) -> float:
    values: dict[str, float] = {name: getattr(inputs, name) for name in equation.arguments}
    a = equation.alcohol[int(values["alcohol_cat6"])]
    a += equation.ethnicity[int(values["ethrisk"])]
    a += equation.smoking[int(values["smoke_cat"])]
    a += sum(term.of(int(values["age"]) / 10) for term in equation.age)
    a += sum(term.of(values["bmi"] / 10) for term in equation.bmi)
    a += sum(coef * values[name] for name, coef in equation.flags.items())
    return 100 * (1 - math.pow(equation.survivor[int(values["surv"])], math.exp(a)))


def score(inputs: Inputs) -> Score:
    """The QFracture-2012 risks of one person.

    Raises:
        QFractureError: a value is missing or outside the reference's range.
    """
    errors = errors_of(inputs)
    if errors:
        raise QFractureError(errors)
    assert inputs.sex is not None
    assert inputs.surv is not None
    return Score(
        _percent(EQUATIONS["mof", inputs.sex], inputs),
        _percent(EQUATIONS["hip", inputs.sex], inputs),
        int(inputs.surv),
    )
