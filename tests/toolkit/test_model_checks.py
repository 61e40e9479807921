"""The stepper against the general engine, the engine against individuals, and what must hold of any model of
this kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.toolkit.caseload import SITES, published_rates
from openfls.toolkit.cohort.dense import dense_model
from openfls.toolkit.cohort.population import Cells, weights
from openfls.toolkit.cohort.stepper import World, step_through
from openfls.toolkit.engine import evpi, evppi, simulate
from openfls.toolkit.evaluate import base_case, probabilistic, run, treatment_of
from openfls.toolkit.funnel import STEPS, funnel
from openfls.toolkit.money import costs, difference, discounted, lines_of
from openfls.toolkit.parameters import draw_all
from toolkit.scenarios import prepared

RICH = {
    "treatment.course_years": 2.0,
    "treatment.waning_years": 2.0,
    "treatment.waning_share": 0.6,
    "treatment.onset_weeks": 8.0,
    "care_home.after_hip": {
        "value": 0.1,
        "low": 0.05,
        "high": 0.2,
        "distribution": "beta",
        "assumption": True,
    },
    "care_home.share_before": 0.07,
    "cost.drug.alendronate": 20.0,
    "cost.drug.zoledronate": 300.0,
}
FALLS = {
    "reach": 0.4,
    "rate_ratio": {"value": 0.9, "low": 0.8, "high": 1.0},
    "years": 1.25,
    "cost_per_person": 50.0,
}
MIX = {"alendronate": 0.7, "zoledronate": 0.3}


def pieces(case, cycles, draws, size):
    """The world and treatment of the target arm."""
    scenario = case.scenario
    apart = scenario.analysis.attributable_mortality
    cells = Cells.of(case.strata, apart=apart)
    world = World(
        cells,
        draws,
        weights(cells, draws, cycles, size),
        published_rates(case.parameters),
        cycles,
        size,
        apart,
    )
    shares = {step: draws[f"arms.target.{step}"] for step in STEPS}
    people = funnel(case.strata.total, shares, None)
    return world, treatment_of(scenario.arms["target"], "target", draws, people, cycles)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"analysis": {"attributable_mortality": True}},
        {
            "target__drugs": MIX,
            "parameters": RICH,
            "analysis": {"attributable_mortality": True},
            "target__falls": FALLS,
            "target__mortality_ratio_year1": 0.84,
        },
    ],
    ids=["plain", "attributable deaths", "everything on"],
)
def test_the_stepper_says_what_the_general_engine_says(changes):
    case, cycles, size = prepared(**changes), 7, 3
    draws = draw_all(case.parameters, size, 7)
    world, treatment = pieces(case, cycles, draws, size)
    fast = step_through(world, treatment)
    for draw in (2,):
        totals = {}
        for cell in range(world.cells.sex.shape[0]):
            for member in range(world.cells.people.shape[1]):
                if world.cells.people[cell, member] > 0:
                    model = dense_model(world, treatment, cell, member, draw).run()
                    for name in model.compiled:
                        totals[name] = totals.get(name, 0) + model.total(name)
        for position, site in enumerate(SITES):
            assert sum(fast.fractures)[position, draw] == pytest.approx(
                totals[f"fractures.{site}"], rel=1e-11
            )
        for name in ("deaths", "life_years", "qalys", "care_home_entries", "care_home_years"):
            if getattr(fast, name):
                assert sum(getattr(fast, name))[draw] == pytest.approx(totals[name], rel=1e-11), name
        assert sum(fast.on_drug)[:, draw].sum() == pytest.approx(totals["drug_years"], rel=1e-11)


def test_individuals_agree_with_the_stepper():
    case, cycles = prepared(parameters=RICH, target__drugs=MIX, analysis={"attributable_mortality": True}), 6
    draws = draw_all(case.parameters, 0, 0)
    world, treatment = pieces(case, cycles, draws, 1)
    cell = int(np.argmax(world.cells.people[:, 0]))
    model = dense_model(world, treatment, cell)
    cohort = model.run()
    for name, estimate in simulate(model, 20_000, seed=11).items():
        assert abs(estimate.mean - cohort.total(name)) < 4 * estimate.standard_error, name


def differences(case, lifetime=False):
    both = base_case(case, lifetime=lifetime)
    return difference(both["target"].years, both["current"].years)


@pytest.mark.parametrize("lifetime", [False, True])
def test_identical_arms_differ_in_nothing(lifetime):
    case = prepared(target__started=0.2, target__on_treatment_52wk=0.44, target__service_cost_per_year=0.0)
    assert all(not values.any() for values in differences(case, lifetime).values())


def test_swapping_the_arms_turns_every_sign():
    one, other = differences(prepared()), differences(prepared(compare=["target", "current"]))
    both = base_case(prepared(compare=["target", "current"]))
    other = difference(both["current"].years, both["target"].years)
    for name, values in one.items():
        assert values == pytest.approx(-other[name], abs=1e-9), name


def test_a_drug_without_effect_prevents_nothing():
    none = {f"efficacy.alendronate.{site}": 1.0 for site in SITES}
    found = differences(prepared(parameters=none))
    for name in ("fractures", "deaths", "qalys", "bed_days", "cost.acute"):
        assert found[name] == pytest.approx(0 * found[name], abs=1e-9)
    assert (found["cost.drugs"].sum(axis=0) > 0).all()


@settings(max_examples=6, deadline=None)
@given(st.floats(0.3, 0.99), st.floats(0.01, 0.3), st.floats(0.3, 0.9), st.floats(0.01, 0.09))
def test_a_better_drug_or_more_persistence_never_prevents_less(ratio, less, stays, more):
    def avoided(effect, persistence):
        changed = {f"efficacy.alendronate.{site}": effect for site in SITES}
        case = prepared(parameters=changed, target__on_treatment_52wk=persistence)
        return -differences(case)["fractures"].sum()

    assert avoided(ratio - less, stays) > avoided(ratio, stays)
    assert avoided(ratio, stays + more) > avoided(ratio, stays)


def test_without_loss_of_utility_a_qaly_is_a_life_year_times_the_norm():
    whole = {f"utility.{site}.{when}": 1.0 for site in SITES for when in ("year1", "later")}
    found = differences(prepared(parameters=whole, analysis={"attributable_mortality": True}))
    assert 0 < found["qalys"].sum() < found["life_years"].sum()
    assert differences(prepared(parameters=whole))["qalys"].sum() == pytest.approx(0, abs=1e-9)


def test_deaths_are_equal_unless_a_fracture_may_kill():
    assert differences(prepared())["deaths"] == pytest.approx(np.zeros((5, 1)), abs=1e-8)
    assert differences(prepared(analysis={"attributable_mortality": True}))["deaths"].sum() < 0


def test_everybody_dies_in_the_end():
    both = base_case(prepared(), lifetime=True)
    for arm in both.values():
        assert arm.years["deaths"].sum() == pytest.approx(990, rel=1e-3)


def test_free_things_cost_nothing():
    free = {
        f"cost.{name}": 0.0 for name in ("hip", "vertebral", "other", "social_care_hip", "drug.alendronate")
    }
    found = differences(prepared(parameters=free, target__service_cost_per_year=0.0))
    assert all(not values.any() for name, values in found.items() if name.startswith("cost."))


def test_the_mean_over_draws_lies_near_the_base_case():
    case = prepared(analysis={"draws": 4000})
    drawn, _ = probabilistic(case)
    mean = difference(drawn["target"].years, drawn["current"].years)["fractures"].sum(axis=0).mean()
    assert mean == pytest.approx(differences(case)["fractures"].sum(), rel=0.05)


def test_a_draw_run_alone_is_that_draw():
    case = prepared()
    draws = draw_all(case.parameters, 3, 5)
    together = run(case, draws)["target"].years
    alone = run(case, {name: values[[min(1, len(values) - 1)]] for name, values in draws.items()})[
        "target"
    ].years
    for name, values in together.items():
        assert values[:, 1] == pytest.approx(alone[name][:, 0], rel=1e-12), name


def test_later_caseloads_are_followed_for_less_long():
    years = base_case(prepared())["current"].years
    assert (np.diff(years["fractures"][:, 0]) > 0).all()
    assert years["started"][:, 0] == pytest.approx(np.full(5, 990 * 0.2))


def test_a_direct_effect_on_deaths_is_there_only_where_given():
    found = differences(prepared(target__mortality_ratio_year1={"value": 0.84, "low": 0.77, "high": 0.93}))
    assert found["deaths"].sum() < 0 < found["life_years"].sum()
    # those who live on can break bones: with equal treatment there are more fractures, not fewer
    same = prepared(target__started=0.2, target__on_treatment_52wk=0.44, target__mortality_ratio_year1=0.84)
    assert differences(same)["fractures"].sum() > 0


def test_knowing_one_figure_is_worth_no_more_than_knowing_all():
    """Before anything is cut off: the regression's own estimate, for every figure that is drawn."""
    case = prepared(analysis__draws=3_000)
    arms, draws = probabilistic(case)
    current, target = case.scenario.compared
    cost, effect = (
        np.stack([each(arms[name].years) for name in (current, target)], axis=1)
        for each in (
            lambda years: discounted(costs(years, lines_of("nhs")), 0.035),
            lambda years: discounted(years["qalys"], 0.035),
        )
    )
    amount = 10_000.0
    whole = evpi(cost, effect, amount)
    parts = {
        name: evppi(cost, effect, values, amount) for name, values in draws.items() if values.shape[0] > 1
    }
    assert len(parts) > 10
    assert all(0 <= part <= whole * 1.02 + 1 for part in parts.values())
    assert whole > 0
    assert max(parts.values()) > 0.2 * whole
