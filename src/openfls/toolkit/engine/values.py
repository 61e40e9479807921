"""What every part of the engine speaks of: arrays, a place in time, and values that may change with it.

A *value* (`Value`) is a probability, a cost or a utility. It may be

* a number: the same in every cycle and draw;
* a one-dimensional array ``[cycle]``;
* a two-dimensional array ``[draw, cycle]``, where either axis may have length one (``[draw, 1]`` is drawn
once);
* a `BySteps`: one value for each cycle spent in a tunnel state;
* a function of `When`, returning a number or an array ``[draw]``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class ModelError(ValueError):
    """The model as written cannot be run; the message names the state, the cycle and the reason."""


@dataclass(frozen=True, slots=True)
class When:
    """One cycle of a model, as a time-dependent value sees it.

    Attributes:
        cycle: 0 for the first cycle. For a reward that is counted at points, the point: 0 is the start of the
            model.
        time: years from the start of the model to the start of this cycle.
        cycle_length: years.
        age: age in years at the start of the cycle; None where the model was given no starting age.
        step: whole cycles already spent in a tunnel state, 0 on arrival; 0 in every other state.
    """

    cycle: int
    time: float
    cycle_length: float
    age: float | None = None
    step: int = 0

    @property
    def number(self) -> int:
        """The cycle counted from 1, as the textbooks do."""
        return self.cycle + 1

    @property
    def end(self) -> float:
        """Years from the start of the model to the end of this cycle."""
        return self.time + self.cycle_length

    @property
    def time_in_state(self) -> float:
        """Years already spent in the tunnel state at the start of this cycle."""
        return self.step * self.cycle_length


@dataclass(frozen=True, slots=True)
class BySteps:
    """One value for each step of a tunnel state: element 0 on arrival, the last one for the last step.

    Each element is a number or an array as in `Value`.
    """

    values: Sequence[ArrayLike]


Value = float | int | Sequence[float] | NDArray[Any] | BySteps | Callable[[When], ArrayLike]


@dataclass(frozen=True, slots=True)
class Clock:
    """The time grid of a model: how many cycles, how long each is (years), and the age at the start, if
    any."""

    cycles: int
    cycle_length: float = 1.0
    age: float | None = None

    def __post_init__(self) -> None:
        if self.cycles < 1:
            raise ModelError(f"a model needs at least one cycle, got {self.cycles}")
        if not self.cycle_length > 0:
            raise ModelError(f"the cycle length must be above zero years, got {self.cycle_length}")

    def when(self, cycle: int, step: int = 0) -> When:
        """The place in time of one cycle."""
        time = cycle * self.cycle_length
        return When(cycle, time, self.cycle_length, None if self.age is None else self.age + time, step)


def evaluate(
    value: Value, clock: Clock, *, points: int, step: int = 0, name: str, only_cycles: bool = False
) -> Array:
    """A value as an array ``[draw or 1, points or 1]``.

    Args:
        value: see the module text.
        points: how many cycles (or points) are wanted. An array by cycle serves points too: its last element is
            then that of the last point. An array by point is returned whole where cycles are wanted.
        step: of a tunnel state.
        name: what the value is, for the error.
        only_cycles: an array by point is refused: the value belongs to a move within a cycle.

    Raises:
        ModelError: the array's length fits neither the cycles nor the draws.
    """
    if isinstance(value, BySteps):
        chosen = value.values[min(step, len(value.values) - 1)]
        return evaluate(
            np.asarray(chosen, dtype=float), clock, points=points, name=name, only_cycles=only_cycles
        )
    if callable(value):
        columns = [np.atleast_1d(np.asarray(value(clock.when(t, step)), dtype=float)) for t in range(points)]
        if any(column.ndim != 1 for column in columns):
            raise ModelError(
                f"{name}: a function of time must return a number or a one-dimensional array of draws"
            )
        return np.stack(np.broadcast_arrays(*columns), axis=-1)
    array = np.asarray(value, dtype=float)
    if array.ndim > 2:
        raise ModelError(f"{name}: at most two axes (draw, cycle) are possible, got shape {array.shape}")
    array = np.atleast_2d(array)
    length = array.shape[-1]
    if length in (1, points):
        return array
    if points == clock.cycles + 1 and length == clock.cycles:
        return np.concatenate([array, array[:, -1:]], axis=1)
    if points == clock.cycles and length == clock.cycles + 1 and not only_cycles:
        return array
    hint = (
        f" (constants of {length} draws are written with shape ({length}, 1))" if np.ndim(value) == 1 else ""
    )
    raise ModelError(f"{name}: {length} values for {clock.cycles} cycles{hint}")
