"""A general engine for cohort state-transition (Markov) models, in NumPy.

Everything a published model needs is named here; the modules behind it are an arrangement, not an interface.

A model in ten lines::

    from openfls.toolkit.engine import REST, CohortModel, Discount, Reward, transition_table

    table = transition_table(
        ["Well", "Ill", "Dead"],
        {("Well", "Well"): REST, ("Well", "Ill"): 0.1, ("Well", "Dead"): lambda when: 0.01 * 1.1**when.cycle,
         ("Ill", "Ill"): REST, ("Ill", "Dead"): 0.2},
        cycles=40,
    )
    model = CohortModel(table, {"Well": 1}, rewards={
        "cost": Reward({"Well": 100, "Ill": 2000}, initial=500, discount=Discount(0.06, first=1)),
        "QALY": Reward({"Well": 1, "Ill": 0.6}, discount=Discount(0.015, first=1)),
    }, counting="end")
    result = model.run()
    result.total("cost"), result.total("QALY"), result.trace, result.by_cycle("cost")

What else a published model may need:

Time
    A probability, cost or utility may be an array by cycle or a function of `When` (cycle, years, age, step):
    ``lambda when: life_table.death_probability(when)``, ``hazard_value(...)``, ``weibull_probability(when, ...)``.
Time in a state
    ``Tunnel("After", 5)`` in the list of states is unrolled into five; ``("After", "Dead"): BySteps([...])``
    or a function of ``when.step`` tells the steps apart. The last step is "this long or longer" unless ``then=``
    names where it leads.
Costs of moves
    ``Reward(transitions={("Well", "Ill"): 500, (ANY, "Dead"): 2000})``.
Conventions
    ======================================================  ================================================
    in the paper                                            here
    ======================================================  ================================================
    people counted at the end of each cycle                 ``correction="none", counting="end"``
    the first cycle is discounted by a whole cycle          ``Discount(rate, first=1)``
    half-cycle correction as the mean of two points         ``correction="life-table"``
    half-cycle correction of the first and last point       ``correction="half-cycle"``
    Simpson's 1/3 rule, or weights of the authors' own      ``correction="simpson"``, or an array
    costs corrected and life years not                      ``Reward(..., correction=...)``
    costs at 6 %, effects at 1.5 %                          a ``Discount`` in each `Reward`
    monthly cycles, discounted by whole years               ``cycle_length=1/12``, ``Discount(whole_years=True)``
    utilities per year in shorter cycles                    ``Reward(..., per_year=True)``
    a cohort of 1,000                                       ``start={"Well": 1000}``
    ======================================================  ================================================
Uncertainty
    Give any value draws: an array ``[draw, cycle]``, or ``[draw, 1]`` for one that is drawn once. Totals are then
    ``[draw]``. `draws_of` hands them to `acceptability`, `evpi` and `evppi`; `compare` gives the efficiency frontier.
From studies
    `matrix_from_counts`, `draws_from_counts` (Dirichlet), `matrix_from_rates` (several moves in a cycle), `competing`,
    `rate_from_probability` and its kin, `LifeTable`.
Checking
    `simulate` walks the same model by individuals.

Arrays always run ``[draw, cycle, from, to]``; leading axes that are not needed are left out. Whatever cannot be run
raises `ModelError`, which names the state, the cycle (counted from 1) and the reason.
"""

from openfls.toolkit.engine.cohort import CohortModel, Result
from openfls.toolkit.engine.comparison import compare, draws_of
from openfls.toolkit.engine.counting import Discount, point_weights
from openfls.toolkit.engine.decision import (
    Option,
    Status,
    acceptability,
    acceptability_frontier,
    efficiency_frontier,
    evpi,
    evppi,
    icer,
    net_benefit,
    quadrant,
)
from openfls.toolkit.engine.life_table import LifeTable
from openfls.toolkit.engine.matrices import draws_from_counts, matrix_from_counts, matrix_from_rates
from openfls.toolkit.engine.microsimulation import Estimate, simulate
from openfls.toolkit.engine.rates import (
    competing,
    cycle_probability,
    gompertz_cumulative_hazard,
    gompertz_probability,
    hazard_value,
    log_logistic_cumulative_hazard,
    log_normal_cumulative_hazard,
    probability_from_odds_ratio,
    probability_from_rate,
    probability_with_ratio,
    rate_from_probability,
    rescaled_probability,
    weibull_cumulative_hazard,
    weibull_probability,
)
from openfls.toolkit.engine.rewards import ANY, Reward
from openfls.toolkit.engine.transitions import REST, Transitions, Tunnel, transition_table
from openfls.toolkit.engine.values import BySteps, Clock, ModelError, When

__all__ = [
    "ANY",
    "REST",
    "BySteps",
    "Clock",
    "CohortModel",
    "Discount",
    "Estimate",
    "LifeTable",
    "ModelError",
    "Option",
    "Result",
    "Reward",
    "Status",
    "Transitions",
    "Tunnel",
    "When",
    "acceptability",
    "acceptability_frontier",
    "compare",
    "competing",
    "cycle_probability",
    "draws_from_counts",
    "draws_of",
    "efficiency_frontier",
    "evpi",
    "evppi",
    "gompertz_cumulative_hazard",
    "gompertz_probability",
    "hazard_value",
    "icer",
    "log_logistic_cumulative_hazard",
    "log_normal_cumulative_hazard",
    "matrix_from_counts",
    "matrix_from_rates",
    "net_benefit",
    "point_weights",
    "probability_from_odds_ratio",
    "probability_from_rate",
    "probability_with_ratio",
    "quadrant",
    "rate_from_probability",
    "rescaled_probability",
    "simulate",
    "transition_table",
    "weibull_cumulative_hazard",
    "weibull_probability",
]
