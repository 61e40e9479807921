"""The four states of a person in a measure, and the one definition from which state and reason both come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ibis

Expression = Any
"""An Ibis value expression over the prepared row. Ibis gives its expressions no static column types."""


class State(StrEnum):
    """What a measure says about one person, as of one day."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "not_yet_known"

    @property
    def code(self) -> int:
        """A small number for the same state: what an engine counts."""
        return _CODES[self]


_CODES = {State.MET: 0, State.NOT_MET: 1, State.NOT_ELIGIBLE: 2, State.UNKNOWN: 3}


@dataclass(frozen=True, slots=True)
class Branch:
    """If ``condition`` is true (false and null are not), this state for this reason.

    ``reason`` is plain words, or an expression where the words depend on the row.
    """

    condition: Expression
    state: State
    reason: Expression


@dataclass(frozen=True, slots=True)
class Rule:
    """The definition of a measure: the first branch whose condition is true, or else ``otherwise``."""

    branches: tuple[Branch, ...]
    otherwise: tuple[State, str]

    def code(self) -> Expression:
        """The state as a small number."""
        return self._cases([branch.state.code for branch in self.branches], self.otherwise[0].code)

    def state(self) -> Expression:
        """The state as its word."""
        return self._cases([branch.state.value for branch in self.branches], self.otherwise[0].value)

    def reason(self) -> Expression:
        """The reason in words."""
        return self._cases([branch.reason for branch in self.branches], self.otherwise[1])

    def _cases(self, results: list[Expression], otherwise: int | str) -> Expression:
        pairs = [(branch.condition, result) for branch, result in zip(self.branches, results, strict=True)]
        return ibis.cases(*pairs, else_=otherwise) if pairs else ibis.literal(otherwise)
