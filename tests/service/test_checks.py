"""Answers that contradict each other, and a FRAX result that cannot be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from openfls.service.checks import booking_query, contradictions, frax_of, frax_queries, query_of, sign_query

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
        ({"postmenopausal": False, "early_menopause": True}, "early_menopause"),
        ({"asthma_or_copd": False, "copd": True}, "copd"),
        (
            {"cardiovascular_disease": False, "myocardial_infarction_or_stroke": True},
            "myocardial_infarction_or_stroke",
        ),
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


@pytest.mark.parametrize(
    ("value", "that_day", "last", "asks"),
    [
        (2.5, [-2.5], -2.5, "Of the same day stands -2.5"),
        (0.3, [-0.2], None, "Of the same day"),
        (1.4, [], -0.2, "Known before is -0.2"),
        (1.3, [], -0.2, ""),
        (2.5, [], None, ""),
        (2.5, [2.4], 2.4, ""),
        (-2.5, [2.5], 2.5, ""),
    ],
)
def test_a_t_score_that_may_have_lost_its_minus_is_asked_about(
    value: float, that_day: list[float], last: float | None, asks: str
) -> None:
    said = sign_query(value, that_day, last)
    assert asks in said
    assert bool(said) == bool(asks)


def test_periods_that_go_on_are_asked_about_from_60() -> None:
    assert "unusual" in query_of("postmenopausal", False, 60)
    for value, age in ((False, 59), (False, None), (True, 84)):
        assert query_of("postmenopausal", value, age) == ""


@pytest.mark.parametrize(
    ("booked", "asked", "says"),
    [
        ("2026-05-20", "2026-05-25", "before the day on which it was asked for"),
        ("2026-05-09", None, "before the fracture"),
        ("2026-05-25", "2026-05-25", ""),
        (None, "2026-05-25", ""),
    ],
)
def test_a_scan_is_booked_for_after_the_fracture_and_the_request(booked: Any, asked: Any, says: str) -> None:
    said = booking_query(booked, asked, date(2026, 5, 10))
    assert says in said
    assert bool(said) == bool(says)


@pytest.mark.parametrize(
    ("changed", "scanned", "says"),
    [
        ({}, False, ""),
        ({"frax.on": "2025-05-31"}, True, "more than a year old"),
        ({"frax.with_bmd": True}, False, "no scan is known"),
        ({"frax.with_bmd": True, "frax.on": "2026-05-29"}, True, ""),
        ({"frax.hip_pct": 7.0}, True, "replace the result of the same day (18 % and 6 %)"),
    ],
)
def test_an_old_a_second_and_an_unfounded_frax_result_are_asked_about(
    changed: dict[str, Any], scanned: bool, says: str
) -> None:
    result = frax_of({**FRAX, **changed})
    assert result is not None
    said = " ".join(frax_queries(result, TODAY, frax_of(FRAX), scanned=scanned))
    assert says in said
    assert bool(said) == bool(says)
