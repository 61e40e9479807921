"""The fields of a row that are looked at for completeness, and when each is due.

The audit looks at seventeen fields; which ones was not found, so the list (``data/completeness.csv``) is ours.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openfls.record.flsdb import BY_NAME


@dataclass(frozen=True, slots=True)
class DueField:
    """A field that is looked at, and when it is due (a ``due_*`` column of the prepared row)."""

    column: str
    due: str

    @property
    def label(self) -> str:
        """For example ``1.05 care home``."""
        column = BY_NAME[self.column]
        return f"{column.field} {column.name.replace('_', ' ')}".strip()


@cache
def due_fields() -> tuple[DueField, ...]:
    """The fields that are looked at."""
    text = files("openfls.quality").joinpath("data", "completeness.csv").read_text(encoding="utf-8")
    return tuple(DueField(row["column"], row["due"]) for row in csv.DictReader(text.splitlines()))
