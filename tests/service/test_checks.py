"""Answers that contradict each other, and a FRAX result that cannot be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from openfls.service.checks import contradictions

TODAY = date(2026, 6, 1)
FRAX = {
    "frax.on": "2026-05-30",
    "frax.major_osteoporotic_pct": 18.0,
    "frax.hip_pct": 6.0,
    "frax.country_model": "UK",
    "frax.with_bmd": False,
}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"previous_fracture": False, "previous_hip_fracture": True}, "previous_hip_fracture"),
        ({"glucocorticoids_now": False, "prednisolone_mg_day": 20.0}, "prednisolone_mg_day"),
        ({"bone_drug_ever": False, "bone_drug_now": "alendronate"}, "bone_drug_now"),
        ({"type_1_diabetes": True, "type_2_diabetes": True}, "type_2_diabetes"),
        ({**FRAX, "frax.hip_pct": 19.0}, "frax.hip_pct"),
        ({**FRAX, "frax.country_model": None}, "frax.country_model"),
        ({"frax.major_osteoporotic_pct": 12.0}, "frax.on"),
        ({"bp.lying_systolic": 80.0, "bp.lying_diastolic": 120.0}, "bp.lying_diastolic"),
    ],
)
def test_a_contradiction_is_named_at_its_field(answers: dict[str, Any], field: str) -> None:
    assert field in contradictions(answers, TODAY)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        FRAX,
        {"previous_fracture": None, "previous_hip_fracture": True},
        {"glucocorticoids_now": False, "prednisolone_mg_day": 0.0},
        {"bone_drug_ever": False, "bone_drug_now": "none"},
        {"type_1_diabetes": True, "type_2_diabetes": None},
    ],
)
def test_what_is_unknown_or_agrees_contradicts_nothing(answers: dict[str, Any]) -> None:
    assert contradictions(answers, TODAY) == {}
