"""What the how-to pages show, run as it stands."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from openfls.toolkit.engine import simulate

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def code_of(name: str) -> str:
    """The indented blocks of a page."""
    text = (HOW_TO / name).read_text(encoding="utf-8")
    return "\n".join(
        textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n|^\n)+", text, re.MULTILINE)
    )


@pytest.fixture(scope="module")
def names() -> dict:
    """Everything that the page on published models defines."""
    found: dict = {}
    exec(code_of("rebuild-a-published-model.md"), found)
    return found


def test_the_published_model_runs_and_the_drug_prevents_fractures(names):
    drug, none = names["results"]["drug"], names["results"]["no drug"]
    assert drug.total("fractures") < none.total("fractures")
    assert drug.states[:4] == ("First 1", "First 2", "First 3", "Later")
    assert drug.occupancy("First")[4:] == pytest.approx([0.0] * 17), "the tunnel leads on"
    assert drug.by_year("fractures").shape == (10,)
    assert names["frontier"][0].name in ("drug", "no drug")


def test_a_cycle_of_it_by_hand(names):
    """The first half-year: those who break, those who die, the rest go one step on."""
    import numpy as np

    none = names["results"]["no drug"]
    dies = float(1 - (1 - names["life_table"].qx[70]) ** 0.5)
    breaks = float(1 - np.exp(-0.10 * 0.5))
    assert none.trace[1][1] == pytest.approx(1000 * (1 - dies - breaks))
    assert none.flow("First", "Second")[0] == pytest.approx(1000 * breaks)
    cost = (
        300
        + 9000 * 1000 * breaks
        + 0.5 * (100 * (1000 + 1000 * (1 - dies - breaks)) + 400 * 1000 * breaks) / 2
    )
    assert none.by_cycle("cost")[0] == pytest.approx(cost - 300)


def test_individuals_walk_it_to_the_same_totals(names):
    table = names["transition_table"](
        [names["Tunnel"]("First", 3, then="Later"), "Later", "Dead"],
        {
            ("First", "First"): names["REST"],
            ("First", "Dead"): lambda when: (0.2, 0.1, 0.05)[when.step],
            ("Later", "Later"): names["REST"],
            ("Later", "Dead"): 0.02,
        },
        cycles=10,
    )
    model = names["CohortModel"](table, {"First": 1}, {"time": names["Reward"]({"First": 1, "Later": 1})})
    walked = simulate(model, 20_000, seed=3)["time"]
    assert abs(walked.mean - model.run().total("time")) < 4 * walked.standard_error
