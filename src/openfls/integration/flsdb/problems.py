"""What is wrong in a file or a row: the checks of the row, and the problem as it is reported."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openfls.integration.flsdb.columns_sql import identifier, literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and what was done about it.

    ``row`` counts as a spreadsheet does: the headings are row 1. It is None where the whole file is meant.
    ``count`` is the number of rows with the same problem, ``row`` then the first of them.
    """

    row: int | None
    record_id: str
    column: str
    value: str
    problem: str
    action: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """A rule between the columns of a row. ``condition`` (SQL over the row, ``$as_of`` the day) is the problem.

    An ``error`` is to be mended before an export; a ``warning`` may be right as it is. The checks are ours: the
    audit's own validation was not found.
    """

    id: str
    column: str
    level: str
    problem: str
    condition: str

    def on(self, day: date) -> str:
        """The condition with the day of the count put in."""
        return f"({self.condition.replace('$as_of', f'DATE {literal(day.isoformat())}')})"


@cache
def checks() -> tuple[Check, ...]:
    """Every check."""
    text = files("openfls.integration.flsdb").joinpath("data", "checks.csv").read_text(encoding="utf-8")
    return tuple(Check(**row) for row in csv.DictReader(text.splitlines()))


def held(day: date, chosen: tuple[Check, ...] | None = None) -> str:
    """SQL: a list that says of each check whether the row breaks it."""
    listed = checks() if chosen is None else chosen
    return "[" + ", ".join(f"coalesce({check.on(day)}, FALSE)" for check in listed) + "]"


def shown(chosen: tuple[Check, ...] | None = None) -> str:
    """SQL: a list of the values, as text, that the checks are about."""
    listed = checks() if chosen is None else chosen
    return "[" + ", ".join(f"CAST({identifier(check.column)} AS VARCHAR)" for check in listed) + "]"
