"""Several runs of one decision side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from openfls.toolkit.engine.cohort import Result
from openfls.toolkit.engine.decision import Option, efficiency_frontier
from openfls.toolkit.engine.values import Array


def compare(
    results: Mapping[str, Result], *, cost: str = "cost", effect: str = "QALY", discounted: bool = True
) -> list[Option]:
    """The efficiency frontier of several strategies; with draws, of their means.

    Args:
        results: by the strategy's name.
        cost, effect: the names of two rewards.
        discounted: whether their discounting is applied.
    """
    costs, effects = draws_of(results, cost=cost, effect=effect, discounted=discounted)
    means = zip(costs.mean(axis=0), effects.mean(axis=0), strict=True)
    return efficiency_frontier(
        {name: (float(c), float(e)) for name, (c, e) in zip(results, means, strict=True)}
    )


def draws_of(
    results: Mapping[str, Result], *, cost: str = "cost", effect: str = "QALY", discounted: bool = True
) -> tuple[Array, Array]:
    """Costs and effects as the acceptability curve and the value of information want them, ``[draw, strategy]``."""

    def columns(reward: str) -> Array:
        totals = [np.atleast_1d(result.total(reward, discounted=discounted)) for result in results.values()]
        return np.stack(np.broadcast_arrays(*totals), axis=1)

    return columns(cost), columns(effect)
