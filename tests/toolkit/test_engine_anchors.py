"""The engine against published models, to the digits that were published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from openfls.toolkit.engine import (
    REST,
    CohortModel,
    Discount,
    LifeTable,
    ModelError,
    Reward,
    compare,
    efficiency_frontier,
    icer,
    transition_table,
)
from toolkit.anchors import hiv, shared_rows, sick_sicker, sick_sicker_weights


def hiv_anchor(quantity):
    rows = shared_rows("econ_validation_anchors.csv")
    return next(
        (float(row["value"]), float(row["tolerance"]))
        for row in rows
        if row["anchor"] == "HIV Chancellor/Briggs 2.5" and row["quantity"] == quantity
    )


@pytest.mark.parametrize("arm", ["monotherapy", "combination"])
@pytest.mark.parametrize(("reward", "label"), [("cost", "cost"), ("life years", "life years")])
def test_hiv(arm, reward, label):
    value, tolerance = hiv_anchor(f"{label} {arm}")
    assert hiv(arm).run().total(reward) == pytest.approx(value, abs=tolerance)


def test_hiv_icer():
    value, tolerance = hiv_anchor("ICER")
    mono, combined = hiv("monotherapy").run(), hiv("combination").run()
    ratio = icer(
        combined.total("cost") - mono.total("cost"), combined.total("life years") - mono.total("life years")
    )
    assert ratio == pytest.approx(value, abs=tolerance)


@pytest.mark.parametrize("correction", ["half-cycle", "life-table", "trapezoid"])
@pytest.mark.parametrize(("arm", "expected"), [("monotherapy", 8.475), ("combination", 9.417)])
def test_hiv_with_half_cycle_correction_on_life_years_alone(arm, expected, correction):
    result = hiv(arm, correction).run()
    assert result.total("life years") == pytest.approx(expected, abs=0.001)
    assert result.total("cost") == pytest.approx(hiv_anchor(f"cost {arm}")[0], abs=1e-6)


PUBLISHED = {
    "SoC": (151_580, 20.711),
    "A": (284_805, 21.499),
    "B": (259_100, 22.184),
    "AB": (378_875, 23.137),
}


@pytest.mark.parametrize("strategy", PUBLISHED)
def test_sick_sicker_with_the_tutorials_own_weights(strategy):
    result = sick_sicker(strategy, sick_sicker_weights()).run()
    cost, qaly = PUBLISHED[strategy]
    assert result.total("cost") == pytest.approx(cost, abs=0.5)
    assert result.total("QALY") == pytest.approx(qaly, abs=0.0005)


def test_sick_sicker_frontier():
    results = {name: sick_sicker(name, sick_sicker_weights()).run() for name in PUBLISHED}
    frontier = compare(results)
    assert frontier == efficiency_frontier(
        {name: (r.total("cost"), r.total("QALY")) for name, r in results.items()}
    )
    assert [option.name for option in frontier] == ["SoC", "B", "A", "AB"]
    assert [str(option.status) for option in frontier] == [
        "reference",
        "on the frontier",
        "dominated",
        "on the frontier",
    ]
    assert frontier[1].icer == pytest.approx(72_988, abs=1)
    assert frontier[3].icer == pytest.approx(125_764, abs=1)
    assert (frontier[1].against, frontier[3].against) == ("SoC", "B")


def test_sick_sicker_with_a_right_correction_differs_by_the_published_slip():
    # The tutorial's weights swap 2/3 and 4/3; a right half-cycle correction lies about 1.5 % higher in QALYs.
    swapped = sick_sicker("SoC", sick_sicker_weights()).run().total("QALY")
    half = sick_sicker("SoC", "half-cycle").run().total("QALY")
    assert 0.010 < half / swapped - 1 < 0.020
    # and over an even number of cycles Simpson's rule agrees with it closely
    assert sick_sicker("SoC", "simpson", 76).run().total("QALY") == pytest.approx(
        sick_sicker("SoC", "half-cycle", 76).run().total("QALY"), rel=0.002
    )


def test_simpson_needs_an_even_number_of_cycles():
    with pytest.raises(ModelError, match="even number of cycles, got 75"):
        sick_sicker("SoC", "simpson").run()


@pytest.mark.parametrize(
    ("column", "rate"), [("qale_undiscounted", 0), ("qale_1.5pct", 0.015), ("qale_3.5pct", 0.035)]
)
@pytest.mark.parametrize("sex", ["female", "male"])
def test_quality_adjusted_life_expectancy_of_england(sex, column, rate):
    inputs = [row for row in shared_rows("econ_qale_inputs_single_year.csv") if row["sex"] == sex]
    expected = [row for row in shared_rows("econ_qale_england_norms.csv") if row["sex"] == sex]
    assert len(expected) == 100
    column_of = {name: np.array([float(row[name]) for row in inputs]) for name in ("lx", "dx", "utility_cw")}
    table = LifeTable(column_of["lx"], column_of["dx"])
    found = table.expectancy(column_of["utility_cw"], discount_rate=rate)
    for row in expected:
        assert found[int(row["age"])] == pytest.approx(float(row[column]), abs=0.005 + 1e-9), row["age"]


def test_prosthetic_heart_valve_in_closed_form():
    # Sonnenberg & Beck's three states: the expected cycles are the fundamental matrix, (1 − Q)⁻¹.
    table = transition_table(
        ["Well", "Disabled", "Dead"],
        {
            ("Well", "Well"): 0.6,
            ("Well", "Disabled"): 0.2,
            ("Well", "Dead"): 0.2,
            ("Disabled", "Disabled"): 0.6,
            ("Disabled", "Dead"): 0.4,
        },
        cycles=200,
    )
    model = CohortModel(
        table, {"Well": 1}, rewards={"QALY": Reward({"Well": 1, "Disabled": 0.7})}, counting="start"
    )
    started = model.run()
    fundamental = np.linalg.inv(np.eye(2) - np.array([[0.6, 0.2], [0, 0.6]]))[0]
    assert started.total("QALY") == pytest.approx(fundamental @ [1, 0.7], abs=1e-9)
    ended = replace(model, counting="end").run()
    assert ended.total("QALY") == pytest.approx(fundamental @ [1, 0.7] - 1, abs=1e-9)


def test_weibull_revision_model_against_a_plain_loop():
    # As the hip-replacement model: Weibull revision risk, life-table death, one-off cost, two rates
    scale, shape = np.exp(-5.49 - 0.0367 * 60), 1.4541
    deaths = np.where(np.arange(60) < 25, 0.02, 0.08)

    def revision(when):
        return 1 - np.exp(scale * (when.time**shape - when.end**shape))

    table = transition_table(
        ["Primary", "Success", "Revision", "Revised", "Dead"],
        {
            ("Primary", "Dead"): 0.02,
            ("Primary", "Success"): REST,
            ("Success", "Revision"): revision,
            ("Success", "Dead"): deaths,
            ("Success", "Success"): REST,
            ("Revision", "Dead"): deaths + 0.02,
            ("Revision", "Revised"): REST,
            ("Revised", "Revision"): 0.04,
            ("Revised", "Dead"): deaths,
            ("Revised", "Revised"): REST,
        },
        cycles=60,
        age=60,
    )
    result = CohortModel(
        table,
        {"Primary": 1},
        counting="end",
        rewards={
            "cost": Reward({"Revision": 5294}, initial=394, discount=Discount(0.06, first=1)),
            "QALY": Reward(
                {"Success": 0.85, "Revision": 0.3, "Revised": 0.75}, discount=Discount(0.015, first=1)
            ),
        },
    ).run()

    primary, success, revised_now, revised = 1.0, 0.0, 0.0, 0.0
    cost, qaly = 394.0, 0.0
    for year in range(1, 61):
        risk = 1 - np.exp(scale * ((year - 1) ** shape - year**shape))
        death = deaths[year - 1]
        primary, success, revised_now, revised = (
            0.0,
            primary * 0.98 + success * (1 - risk - death),
            success * risk + revised * 0.04,
            revised_now * (1 - death - 0.02) + revised * (1 - 0.04 - death),
        )
        cost += revised_now * 5294 / 1.06**year
        qaly += (success * 0.85 + revised_now * 0.3 + revised * 0.75) / 1.015**year
    assert result.total("cost") == pytest.approx(cost, rel=1e-12)
    assert result.total("QALY") == pytest.approx(qaly, rel=1e-12)
