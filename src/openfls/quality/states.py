"""The four states of a person in a measure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

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
