"""ClinRisk's predictor of a missing body-mass index, used only where it is asked for.

SPDX-License-Identifier: LGPL-3.0-or-later
"""

from __future__ import annotations

from openfls_qfracture.checks import QFractureError, error_of
from openfls_qfracture.model import BMI_PREDICTOR, SEXES, TRANSFORMS


def predict_bmi(
    *,
    sex: str | None,
    age: float | None,
    ethrisk: float | None,
    smok: float | None,
    b_cvd: float | None,
    b_treatedhyp: float | None,
    b_type2: float | None,
) -> float:
    """The BMI (kg/m²) that ClinRisk's tools put in place of a missing one.

    ``smok`` is 1 for a smoker, ``b_treatedhyp`` 1 for treated high blood pressure. The result is not cut to
    20-40.

    Raises:
        QFractureError: a value is missing, or the age is outside 30 to 84.
    """
    if sex not in SEXES:
        raise QFractureError(("error: sex must be female or male",))
    flags = {"b_cvd": b_cvd, "b_treatedhyp": b_treatedhyp, "b_type2": b_type2, "smok": smok}
    low, high = BMI_PREDICTOR["about"]["ranges"]["age"]
    found = [error_of("age", age)]
    if found[0] is None and age is not None and not low <= age <= high:
        found = [f"error: age must be in range ({low},{high})"]
    found += [error_of(name, value) for name, value in {**flags, "ethrisk": ethrisk}.items()]
    errors = tuple(error for error in found if error is not None)
    if errors:
        raise QFractureError(errors)
    assert age is not None
    assert ethrisk is not None
    equation = BMI_PREDICTOR["equations"][sex]
    total: float = equation["constant"] + equation["ethrisk"][int(ethrisk)]
    for name, transform in equation["transforms"].items():
        total += equation["coef"][name] * (TRANSFORMS[transform](int(age) / 10) - equation["centre"][name])
    for name, value in flags.items():
        assert value is not None
        total += equation["coef"][name] * value
    return total
