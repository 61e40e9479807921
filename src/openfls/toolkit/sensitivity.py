"""What moves the answer: one figure at a time, two at a time, and the value at which the answer turns.

Every variation is a column of one run, as if it were a draw, so that a hundred cost little more than one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openfls.toolkit.engine.values import Array
from openfls.toolkit.evaluate import ArmRun, Prepared, run
from openfls.toolkit.money import costs, difference, discounted, lines_of
from openfls.toolkit.parameters import Parameter, draw_all, interval

Answer = Callable[[Prepared, Mapping[str, ArmRun]], Array]
"""What is looked at: from both arms to ``[draw]``."""


def net_cost(prepared: Prepared, arms: Mapping[str, ArmRun]) -> Array:
    """Target less current, undiscounted, in the scenario's perspective, ``[draw]``."""
    current, target = prepared.scenario.compared
    found: Array = costs(
        difference(arms[target].years, arms[current].years), lines_of(prepared.scenario.analysis.perspective)
    ).sum(axis=0)
    return found


def net_benefit_at(willingness_to_pay: float) -> Answer:
    """The discounted net benefit of target over current at an amount per QALY, ``[draw]``."""

    def answer(prepared: Prepared, arms: Mapping[str, ArmRun]) -> Array:
        current, target = prepared.scenario.compared
        analysis = prepared.scenario.analysis
        change = difference(arms[target].years, arms[current].years)
        cost = discounted(costs(change, lines_of(analysis.perspective)), analysis.discount_costs)
        return discounted(change["qalys"], analysis.discount_effects) * willingness_to_pay - cost

    return answer


@dataclass(frozen=True, slots=True)
class Swing:
    """The answer at both ends of one figure's 95 % interval."""

    id: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far apart the two answers are."""
        return abs(self.at_high - self.at_low)


def columns(prepared: Prepared, changes: Sequence[Mapping[str, float]]) -> dict[str, Array]:
    """The base case with one column for each set of changed figures."""
    values = draw_all(prepared.parameters, 0, 0)
    wide = {name: array.repeat(len(changes)) for name, array in values.items() if _changed(name, changes)}
    for column, change in enumerate(changes):
        for name, value in change.items():
            wide[name][column] = value
    found = {**values, **wide}
    # at least one parameter must span the columns, so that a run without any change has its width
    first = next(iter(found))
    return {**found, first: np.broadcast_to(found[first], (len(changes),)).copy()}


def _changed(name: str, changes: Sequence[Mapping[str, float]]) -> bool:
    return any(name in change for change in changes)


def one_way(prepared: Prepared, answer: Answer) -> list[Swing]:
    """The tornado: every uncertain figure at both ends of its interval, the widest swing first."""
    relative_se = prepared.parameters["uncertainty.relative_se"].value or 0.0
    uncertain = {p.id: interval(p, relative_se) for p in prepared.parameters.values() if _used(prepared, p)}
    changes = [{name: end} for name, ends in uncertain.items() for end in ends]
    if not changes:
        return []
    found = answer(prepared, run(prepared, columns(prepared, changes)))
    swings = [
        Swing(name, low, high, float(found[2 * position]), float(found[2 * position + 1]))
        for position, (name, (low, high)) in enumerate(uncertain.items())
    ]
    return sorted((swing for swing in swings if swing.width > 0), key=lambda swing: -swing.width)


def _used(prepared: Prepared, parameter: Parameter) -> bool:
    if not parameter.drawn:
        return False
    drugs = {drug for name in prepared.scenario.compared for drug in prepared.scenario.arms[name].drugs}
    kind, *rest = parameter.id.split(".")
    named = rest[0] if kind == "efficacy" else rest[1] if parameter.id.startswith("cost.drug.") else ""
    return not named or named in drugs


def two_way(
    prepared: Prepared,
    answer: Answer,
    first: tuple[str, Sequence[float]],
    second: tuple[str, Sequence[float]],
) -> Array:
    """The answer over a grid of two figures, ``[first, second]``."""
    changes = [{first[0]: one, second[0]: other} for one in first[1] for other in second[1]]
    found = answer(prepared, run(prepared, columns(prepared, changes)))
    return found.reshape(len(first[1]), len(second[1]))


def threshold(
    prepared: Prepared, answer: Answer, parameter: str, low: float, high: float, *, steps: int = 101
) -> float | None:
    """The value of a figure at which the answer turns from one sign to the other; None: it does not between
    the two.

    Found on a grid and straight between its points; the first turn counts.
    """
    grid = np.linspace(low, high, steps)
    found = answer(prepared, run(prepared, columns(prepared, [{parameter: float(value)} for value in grid])))
    turns = np.nonzero(np.diff(np.sign(found)) != 0)[0]
    if turns.shape[0] == 0:
        return None
    place = int(turns[0])
    share = found[place] / (found[place] - found[place + 1])
    return float(grid[place] + share * (grid[place + 1] - grid[place]))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall: a figure, its old and new value, and what changing it did to the answer."""

    id: str
    old: float
    new: float
    effect: float


def what_changed(old: Prepared, new: Prepared, answer: Answer) -> list[Step]:
    """From one answer to another, figure by figure in the order of the parameters; what the figures do not
    explain (another caseload, arm or setting) comes last as ``everything else``. The effects add up to the
    whole difference.
    """
    names = [
        name
        for name, parameter in new.parameters.items()
        if name in old.parameters and old.parameters[name].value not in (None, parameter.value)
        if parameter.value is not None
    ]
    changes: list[dict[str, float]] = [{}]
    for name in names:
        changes.append({**changes[-1], name: float(new.parameters[name].value or 0.0)})
    found = answer(old, run(old, columns(old, changes)))
    steps = [
        Step(
            name,
            float(old.parameters[name].value or 0.0),
            float(new.parameters[name].value or 0.0),
            float(found[position + 1] - found[position]),
        )
        for position, name in enumerate(names)
    ]
    final = float(answer(new, run(new, columns(new, [{}])))[0])
    rest = final - float(found[-1])
    return (
        [*steps, Step("everything else", 0.0, 0.0, rest)] if abs(rest) > 1e-9 * max(abs(final), 1) else steps
    )
