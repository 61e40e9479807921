"""Which fields of a row are due, and which of those are empty.

The audit looks at seventeen fields; which ones was not found, so the list (``data/completeness.csv``) is ours.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import ibis

from openfls.quality.packs import Measure
from openfls.quality.rules import MET, NOT_MET, Settings, outside, rule
from openfls.quality.states import Branch, Expression, Rule
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


def empty_fields(r: ibis.Table) -> dict[DueField, Expression]:
    """For each field, whether it is due by now and empty."""
    return {field: r[f"due_{field.due}"] & r[field.column].isnull() for field in due_fields()}


@rule("complete")
def complete(r: ibis.Table, m: Measure, settings: Settings) -> Rule:
    """Every field that is due is recorded. *Don't know* is an answer, blank is not."""
    empty = empty_fields(r)
    named = [ibis.cases((missing, f", {field.label}"), else_="") for field, missing in empty.items()]
    words = named[0]
    for name in named[1:]:
        words = words + name
    return Rule(
        (
            *outside(r),
            Branch(ibis.or_(*empty.values()), NOT_MET, ibis.literal("missing: ") + words.substr(2)),
        ),
        (MET, "every field that is due is recorded"),
    )
