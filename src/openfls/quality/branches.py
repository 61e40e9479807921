"""The one definition from which a person's state and its reason both come: branches over the prepared row."""

from __future__ import annotations

from dataclasses import dataclass

import ibis

from openfls.quality.states import Expression, State


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
