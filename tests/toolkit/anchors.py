"""Published models written through the engine's public interface, for the tests."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from openfls.toolkit.engine import (
    CohortModel,
    Discount,
    Reward,
    probability_from_rate,
    transition_table,
)

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_rows(name):
    """The rows of a shared data file; the test is skipped, with the reason, where the file is absent."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside the checkout")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def hiv(arm, life_year_correction=None):
    """Chancellor's HIV model, Exercise 2.5 of Briggs, Claxton & Sculpher."""
    counts = np.array([[1251, 350, 116, 17], [0, 731, 512, 15], [0, 0, 1312, 437], [0, 0, 0, 1]], dtype=float)
    mono = counts / counts.sum(axis=1, keepdims=True)
    combined = np.triu(mono * 0.509, 1)
    combined += np.diag(1 - combined.sum(axis=1))
    both = np.arange(20) < 2
    matrices = np.where((both & (arm == "combination"))[:, None, None], combined, mono)
    drug = 2278 + np.where(both & (arm == "combination"), 2086.50, 0)
    return CohortModel(
        transitions=matrices,
        states=["A", "B", "C", "Dead"],
        cycles=20,
        start={"A": 1},
        counting="end",
        rewards={
            "cost": Reward(
                {"A": 2756 + drug, "B": 3052 + drug, "C": 9007 + drug}, discount=Discount(0.06, first=1)
            ),
            "life years": Reward({"A": 1, "B": 1, "C": 1}, correction=life_year_correction),
        },
    )


def sick_sicker_weights(cycles=75):
    """The weights that the tutorial's published totals rest on: not Simpson's rule, see the facts."""
    weights = np.where(np.arange(cycles + 1) % 2 == 1, 2 / 3, 4 / 3)
    weights[[0, -1]] = 1 / 3
    return weights


def sick_sicker(strategy, correction, cycles=75):
    """The time-independent Sick-Sicker model of the DARTH tutorial."""
    dies_healthy = probability_from_rate(0.002)
    dies_sick, dies_sicker = probability_from_rate(0.002 * 3), probability_from_rate(0.002 * 10)
    worsens = probability_from_rate(0.105 * (0.6 if "B" in strategy else 1))
    from openfls.toolkit.engine import REST

    table = transition_table(
        ["H", "S1", "S2", "D"],
        {
            ("H", "D"): float(dies_healthy),
            ("H", "S1"): float((1 - dies_healthy) * probability_from_rate(0.15)),
            ("H", "H"): REST,
            ("S1", "D"): float(dies_sick),
            ("S1", "H"): float((1 - dies_sick) * probability_from_rate(0.5)),
            ("S1", "S2"): float((1 - dies_sick) * worsens),
            ("S1", "S1"): REST,
            ("S2", "D"): float(dies_sicker),
            ("S2", "S2"): REST,
        },
        cycles=cycles,
        age=25,
    )
    extra = 12000 * ("A" in strategy) + 13000 * ("B" in strategy)
    discount = Discount(0.03)
    return CohortModel(
        table,
        {"H": 1},
        correction=correction,
        rewards={
            "cost": Reward({"H": 2000, "S1": 4000 + extra, "S2": 15000 + extra}, discount=discount),
            "QALY": Reward({"H": 1, "S1": 0.95 if "A" in strategy else 0.75, "S2": 0.5}, discount=discount),
        },
    )
