"""Which fields of a row are due, and which of those are empty."""

from __future__ import annotations

import ibis

from openfls.quality.branches import Branch, Rule
from openfls.quality.fields import DueField, due_fields
from openfls.quality.packs import Measure
from openfls.quality.rules import MET, NOT_MET, Settings, outside, rule
from openfls.quality.states import Expression


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
