"""Transition probabilities: tables of named cells, tunnel states, and the check that every row sums to
one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from openfls.toolkit.engine.values import Array, Clock, ModelError, Value, When, evaluate

TOLERANCE = 1e-9
"""How far a row may be from one before the model is refused."""


class _Rest:
    """The type of `REST`."""

    def __repr__(self) -> str:
        return "REST"


REST: Final = _Rest()
"""In a table of cells: whatever the other cells of the row leave over, the complement to one."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A state that remembers how long ago it was entered, written once and unrolled into ``steps`` states.

    The unrolled states are called ``"name 1"`` (on arrival) to ``"name n"``. In a table of cells the plain
    name means: as a destination from elsewhere, the first step; as an origin, every step; from itself to itself,
    on to the next.

    Attributes:
        name: the state as written in the table.
        steps: cycles that are told apart.
        then: where those who stay go after the last step. None: they remain in the last step, which so means
            "this long or longer" (the usual form for a hazard that depends on time in the state).
    """

    name: str
    steps: int
    then: str | None = None

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ModelError(f"tunnel state '{self.name}' needs at least one step, got {self.steps}")

    def names(self) -> tuple[str, ...]:
        """The unrolled states, in order."""
        return tuple(f"{self.name} {step}" for step in range(1, self.steps + 1))


@dataclass(frozen=True, slots=True)
class Layout:
    """The states of a model: as written, and as unrolled.

    Attributes:
        states: the unrolled names, in the order of every state axis.
        groups: for each written or unrolled name, the positions it stands for.
        steps: the tunnel step of each unrolled state, 0 outside tunnels.
    """

    states: tuple[str, ...]
    groups: Mapping[str, tuple[int, ...]]
    steps: tuple[int, ...]
    tunnels: tuple[Tunnel, ...] = ()

    @classmethod
    def of(cls, states: Sequence[str | Tunnel]) -> Layout:
        """The layout of these states. Raises `ModelError` where a name occurs twice or none is given."""
        names: list[str] = []
        steps: list[int] = []
        groups: dict[str, tuple[int, ...]] = {}
        for state in states:
            members = state.names() if isinstance(state, Tunnel) else (state,)
            start = len(names)
            names.extend(members)
            steps.extend(range(len(members)))
            if isinstance(state, Tunnel):
                groups[state.name] = tuple(range(start, len(names)))
        twice = sorted({name for name in names if names.count(name) > 1 or (name in groups)})
        if twice or not names:
            raise ModelError(
                f"state '{twice[0]}' is named twice" if twice else "a model needs at least one state"
            )
        groups.update({name: (position,) for position, name in enumerate(names)})
        return cls(tuple(names), groups, tuple(steps), tuple(s for s in states if isinstance(s, Tunnel)))

    def positions(self, name: str) -> tuple[int, ...]:
        """Where a written or unrolled name stands. Raises `ModelError` for a name that is no state."""
        found = self.groups.get(name)
        if found is None:
            raise ModelError(f"'{name}' is no state of this model; its states are {', '.join(self.states)}")
        return found

    def destination(self, origin: int, name: str) -> int:
        """Where a move from the state at ``origin`` to ``name`` arrives: for a tunnel its first, or its next,
        step."""
        positions = self.positions(name)
        if len(positions) == 1 or origin not in positions:
            return positions[0]
        tunnel = next(tunnel for tunnel in self.tunnels if tunnel.name == name)
        if origin < positions[-1]:
            return origin + 1
        return origin if tunnel.then is None else self.positions(tunnel.then)[0]


Source = Callable[[When], ArrayLike] | Array | None
Cells = Mapping[tuple[int, int], Array]
"""The moves of a table that are possible, ``{(from, to): [cycle or 1, draw or 1]}``; checked when the table is made."""


@dataclass(frozen=True, slots=True)
class Transitions:
    """The transition probabilities of a model, ready to be stepped through: ``at(k)`` has shape ``[draw or 1,
    from, to]``.

    Made by `transition_table` from named cells, or by `CohortModel` from an array or function given to it.
    """

    layout: Layout
    clock: Clock
    source: Source
    cells: Cells | None = None

    def moves(self, cycle: int) -> Callable[[int, int], Array]:
        """The probability of a move in a cycle, as a function of from and to that returns ``[draw or 1]``."""
        if self.cells is None:
            matrix = self.at(cycle)
            return lambda origin, target: matrix[:, origin, target]
        cells = self.cells

        def move(origin: int, target: int) -> Array:
            cell = cells.get((origin, target))
            return np.zeros(1) if cell is None else cell[min(cycle, cell.shape[0] - 1)]

        return move

    def at(self, cycle: int) -> Array:
        """The matrix of one cycle (0 is the first), checked. Raises `ModelError`, see `check`."""
        if self.cells is not None:
            return self._dense(cycle)
        if callable(self.source):
            matrix = np.asarray(self.source(self.clock.when(cycle)), dtype=float)
            matrix = matrix[np.newaxis] if matrix.ndim == 2 else matrix
        else:
            source = np.asarray(self.source)
            matrix = source[:, min(cycle, source.shape[1] - 1)]
        size = len(self.layout.states)
        if matrix.ndim != 3 or matrix.shape[1:] != (size, size):
            raise ModelError(
                f"cycle {cycle + 1}: the transition matrix has shape {matrix.shape}, "
                f"needed is ({size}, {size}) or (draws, {size}, {size})"
            )
        check(matrix, self.layout.states, cycle)
        return matrix

    def _dense(self, cycle: int) -> Array:
        cells = self.cells or {}
        size = len(self.layout.states)
        matrix = np.zeros((max(cell.shape[1] for cell in cells.values()), size, size))
        for (origin, target), cell in cells.items():
            matrix[:, origin, target] = cell[min(cycle, cell.shape[0] - 1)]
        return matrix


def check(matrix: Array, states: Sequence[str], cycle: int) -> None:
    """Refuse a matrix ``[draw, from, to]`` that holds no probabilities or whose rows do not sum to one.

    Raises:
        ModelError: names the state, the cycle (counted from 1), the draw where there are several, and the
        sum.
    """
    impossible = ~((matrix >= -TOLERANCE) & (matrix <= 1 + TOLERANCE))
    if impossible.any():
        draw, origin, target = (int(i) for i in np.argwhere(impossible)[0])
        raise ModelError(
            f"the probability from state '{states[origin]}' to '{states[target]}' in cycle {cycle + 1}"
            f"{_draw(matrix, draw)} is {matrix[draw, origin, target]:.6g}, not between 0 and 1"
        )
    sums = matrix.sum(axis=-1)
    wrong = np.abs(sums - 1) > TOLERANCE
    if wrong.any():
        draw, origin = (int(i) for i in np.argwhere(wrong)[0])
        raise ModelError(
            f"the transition probabilities from state '{states[origin]}' in cycle {cycle + 1}"
            f"{_draw(matrix, draw)} sum to {sums[draw, origin]:.10g}, not to 1"
        )


def _draw(matrix: Array, draw: int) -> str:
    return f" (draw {draw})" if matrix.shape[0] > 1 else ""


def from_array(array: ArrayLike, layout: Layout, clock: Clock) -> Transitions:
    """Transitions from an array ``[from, to]``, ``[cycle, from, to]`` or ``[draw, cycle or 1, from, to]``.

    Raises:
        ModelError: another shape, or fewer matrices than cycles.
    """
    source = np.asarray(array, dtype=float)
    if source.ndim not in (2, 3, 4):
        raise ModelError(
            "transition probabilities are [from, to], [cycle, from, to] or [draw, cycle, from, to], "
            f"got an array of shape {source.shape}"
        )
    source = source.reshape((1,) * (4 - source.ndim) + source.shape)
    if source.shape[1] not in (1, clock.cycles):
        raise ModelError(
            f"{source.shape[1]} transition matrices for {clock.cycles} cycles "
            "(matrices of several draws that never change have shape [draw, 1, from, to])"
        )
    return Transitions(layout, clock, source)


def transition_table(
    states: Sequence[str | Tunnel],
    cells: Mapping[tuple[str, str], Value | _Rest],
    *,
    cycles: int,
    cycle_length: float = 1.0,
    age: float | None = None,
) -> Transitions:
    """Transition probabilities from named cells; a cell that is not named is zero.

    Args:
        states: names, and `Tunnel` for a state that remembers when it was entered.
        cells: ``(from, to)`` → probability per cycle as a `Value` (it may depend on cycle, age, time in a
            tunnel and draw), or `REST`. A row that names no cell stays where it is (an absorbing state).
        cycles, cycle_length, age: as in `CohortModel`; the length in years, the age at the start.

    Returns:
        Transitions over the unrolled states; only the named moves are kept and stepped, so that many states and draws
        cost little.

    Raises:
        ModelError: an unknown state, two `REST` in one row, or a row that cannot sum to one, with state and
        cycle.
    """
    layout, clock = Layout.of(states), Clock(cycles, cycle_length, age)
    size = len(layout.states)
    placed: dict[tuple[int, int], list[Array]] = {}
    rests: dict[int, int] = {}
    for (origin_name, target_name), value in cells.items():
        for origin in layout.positions(origin_name):
            target = layout.destination(origin, target_name)
            if isinstance(value, _Rest):
                if origin in rests:
                    raise ModelError(f"state '{layout.states[origin]}' has two REST cells")
                rests[origin] = target
                continue
            name = f"transition '{layout.states[origin]}' to '{target_name}'"
            found = evaluate(
                value, clock, points=cycles, step=layout.steps[origin], name=name, only_cycles=True
            )
            placed.setdefault((origin, target), []).append(found)
    cells_found = {pair: _added(arrays, layout.states[pair[0]]) for pair, arrays in placed.items()}
    for row in range(size):
        mine = {pair: cell for pair, cell in cells_found.items() if pair[0] == row}
        if row in rests:
            rest = 1 - _added(list(mine.values()), layout.states[row]) if mine else np.ones((1, 1))
            pair = (row, rests[row])
            cells_found[pair] = _added([rest, mine[pair]], layout.states[row]) if pair in mine else rest
        elif not mine:
            cells_found[row, row] = np.ones((1, 1))
        _check_row(
            {pair[1]: cell for pair, cell in cells_found.items() if pair[0] == row}, row, layout.states
        )
    _added(list(cells_found.values()), "any")  # every state must have the same draws
    return Transitions(
        layout, clock, None, {pair: np.ascontiguousarray(c.T) for pair, c in cells_found.items()}
    )


def _added(cells: Sequence[Array], state: str) -> Array:
    """The sum of cells ``[draw or 1, cycle or 1]``."""
    draws = sorted({cell.shape[0] for cell in cells} - {1})
    if len(draws) > 1:
        raise ModelError(f"state '{state}': a cell has {draws[0]} draws where others have {draws[1]}")
    total = np.zeros((1, 1))
    for cell in cells:
        total = total + cell
    return total


def _check_row(cells: Mapping[int, Array], row: int, states: Sequence[str]) -> None:
    """`check` for one row of a table, all cycles at once; the first cycle at fault is reported."""
    targets, arrays = list(cells), np.broadcast_arrays(*cells.values())
    total = sum(arrays, np.zeros((1, 1)))
    wrong = np.abs(total - 1) > TOLERANCE
    for array in arrays:
        wrong = wrong | ~((array >= -TOLERANCE) & (array <= 1 + TOLERANCE))
    if wrong.any():
        cycle = int(np.argwhere(wrong.any(axis=0))[0, 0])
        matrix = np.tile(np.eye(len(states)), (total.shape[0], 1, 1))
        matrix[:, row] = 0
        for target, array in zip(targets, arrays, strict=True):
            matrix[:, row, target] = array[:, cycle]
        check(matrix, states, cycle)
