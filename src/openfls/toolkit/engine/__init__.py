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

Arrays always run ``[draw, cycle, from, to]``; leading axes that are not needed are left out. A model with
draws gives results with a leading draw axis.
"""

from openfls.toolkit.engine.cohort import CohortModel, Result
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
    "competing",
    "cycle_probability",
    "efficiency_frontier",
    "evpi",
    "evppi",
    "gompertz_cumulative_hazard",
    "gompertz_probability",
    "hazard_value",
    "icer",
    "log_logistic_cumulative_hazard",
    "log_normal_cumulative_hazard",
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
