"""From the definitions to SQL text: Ibis at work. Everything here is kept by the engine once it is made.

The day of the count stands in the text as the number of a day that no rule has (`dialects.LATER`); the engine puts the
day of the count in its place.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis.expr import operations as ops

import openfls.quality.completeness
import openfls.quality.local_rules
import openfls.quality.pathway_rules  # noqa: F401  all three register their rules
from openfls.quality.branches import Rule
from openfls.quality.completeness import empty_fields
from openfls.quality.dialects import EPOCH, LATER, Dialect
from openfls.quality.packs import Measure
from openfls.quality.question import Question
from openfls.quality.row import flat_row, prepare
from openfls.quality.rules import RULES
from openfls.quality.states import Expression

Stage = tuple[tuple[str, ...], str]
"""The columns of the prepared row that a stage reads, and its SQL."""


def prepared_text(dialect: Dialect, columns: Sequence[str]) -> str:
    """The rows of ``asked`` made ready for the rules."""
    return _compiled(prepare(flat_row("asked"), dialect, LATER, columns), dialect)


def judged_stage(question: Question, dialect: Dialect, gaps: Sequence[str] | None = None) -> Stage:
    """The rows of ``prepared`` with the number of a state for each measure; with ``gaps`` also their keys and days."""
    prepared = _shape(dialect)
    also = {} if gaps is None else {name: prepared[name] for name in ("record_id", "index_day", *gaps)}
    judged = _judged(question, prepared, **also)
    return tuple(_read_by(judged, "prepared")), _compiled(judged, dialect)


def people_stage(question: Question, dialect: Dialect) -> Stage:
    """Person by measure, with state and reason, from the rows of ``prepared``."""
    people = _people(question, _shape(dialect))
    return tuple(_read_by(people, "prepared")), _compiled(people, dialect)


def _rule(question: Question, prepared: ibis.Table, measure: Measure) -> Rule:
    return RULES[measure.rule](prepared, measure, question.settings)


def _shape(dialect: Dialect) -> ibis.Table:
    """The prepared row as a table that later stages read by name."""
    return ibis.table(prepare(flat_row(), dialect, EPOCH).schema(), name="prepared")


def _read_by(expression: ibis.Table, name: str) -> list[str]:
    """The columns of the table ``name`` that the expression reads."""
    fields = expression.op().find(ops.Field)
    return sorted({node.name for node in fields if getattr(node.rel, "name", "") == name})


def _judged(question: Question, prepared: ibis.Table, **also: Expression) -> ibis.Table:
    """The prepared row with a state code for each measure, and what else is to be counted."""
    columns: dict[str, Expression] = {
        "year": prepared.year.cast("int16"),
        "month": prepared.month.cast("int16"),
        **{name: prepared[name] for name in question.split},
        "hip": prepared.due_always & (prepared.index_site == "Hip"),
    }
    for measure in question.chosen:
        columns[f"{measure.id}_state"] = _rule(question, prepared, measure).code().cast("int16")
    if question.counts_fields:
        for item, empty in empty_fields(prepared).items():
            columns[f"due_{item.due}"] = prepared[f"due_{item.due}"]
            columns[f"empty_{item.column}"] = empty
    return prepared.select(**also, service=prepared.service.fill_null(""), **columns)


def _people(question: Question, prepared: ibis.Table) -> ibis.Table:
    parts = []
    for measure in question.chosen:
        rule = _rule(question, prepared, measure)
        parts.append(
            prepared.select(
                record_id=prepared.record_id,
                measure=ibis.literal(measure.id),
                state=rule.state(),
                reason=rule.reason(),
            )
        )
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _compiled(expression: ibis.Table, dialect: str) -> str:
    # Merging the nested selects would take a second and write the prepared columns out again in every rule.
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        return str(ibis.to_sql(expression, dialect=dialect))
    finally:
        ibis.options.sql.fuse_selects = fused
