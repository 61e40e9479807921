"""The engine: one prepared row, the rules of a set, and from them people and summaries, for any backend.

Ibis expressions become SQL in stages (``WITH prepared, judged, counted``); nothing is executed here, the SQL runs
where the rows are. In stages, because a database that keeps the prepared row once (SQLite, PostgreSQL) is several
times faster than one that works it out again in every branch of every rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import ibis
from ibis.expr import operations as ops

import openfls.quality.completeness
import openfls.quality.local_rules  # noqa: F401  both register their rules
from openfls.quality.aggregate import counted_sql, measured_sql, results_sql
from openfls.quality.completeness import empty_fields
from openfls.quality.periods import period_columns
from openfls.quality.question import Question
from openfls.quality.row import EPOCH, Dialect, flat_row, prepare
from openfls.quality.states import Expression

_ANY_DAY = EPOCH
_ONCE = "AS MATERIALIZED"


def _shape(dialect: Dialect) -> ibis.Table:
    """The prepared row as a table that later stages read by name."""
    return ibis.table(prepare(flat_row(), dialect, _ANY_DAY).schema(), name="prepared")


def _read_by(expression: ibis.Table, name: str) -> list[str]:
    """The columns of the table ``name`` that the expression reads."""
    fields = expression.op().find(ops.Field)
    return sorted({node.name for node in fields if getattr(node.rel, "name", "") == name})


def _judged(question: Question, prepared: ibis.Table) -> ibis.Table:
    """The prepared row with a state code for each measure, and what else is to be counted."""
    columns: dict[str, Expression] = {
        **period_columns(prepared, question.by),
        **{name: prepared[name] for name in question.split},
        "hip": prepared.due_always & (prepared.index_site == "Hip"),
    }
    for measure in question.chosen:
        columns[f"{measure.id}_state"] = question.rule(prepared, measure).code().cast("int16")
    if question.counts_fields:
        for item, empty in empty_fields(prepared).items():
            columns[f"due_{item.due}"] = prepared[f"due_{item.due}"]
            columns[f"empty_{item.column}"] = empty
    return prepared.select(service=prepared.service.fill_null(""), **columns)


def _people(question: Question, prepared: ibis.Table) -> ibis.Table:
    parts = []
    for measure in question.chosen:
        rule = question.rule(prepared, measure)
        parts.append(
            prepared.select(
                record_id=prepared.record_id,
                measure=ibis.literal(measure.id),
                state=rule.state(),
                reason=rule.reason(),
            )
        )
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _prepared_sql(
    table: str,
    dialect: Dialect,
    as_of: date,
    columns: Sequence[str],
    record_id: str | None = None,
    service: str | None = None,
) -> str:
    row = flat_row(table)
    if service is not None:
        row = row.filter(row.service == service)
    if record_id is not None:
        row = row.filter(row.record_id == record_id)
    return _compiled(prepare(row, dialect, as_of, columns), dialect)


@lru_cache(maxsize=128)
def _summary_stages(question: Question, dialect: Dialect) -> tuple[tuple[str, ...], str]:
    """The columns of the prepared row that are read, and the SQL after it."""
    judged = _judged(question, _shape(dialect))
    # Kept everywhere: a column store would work every rule out again for each state that is counted.
    once = "AS" if dialect is Dialect.SPARK else _ONCE
    stages = (
        f"judged {once} (\n{_compiled(judged, dialect)}\n), "
        f"counted {once} (\n{counted_sql(question, dialect)}\n), "
        f"measured AS (\n{measured_sql(question, dialect)}\n)\n{results_sql(question, dialect)}"
    )
    return tuple(_read_by(judged, "prepared")), stages


@lru_cache(maxsize=128)
def _people_stage(question: Question, dialect: Dialect) -> tuple[tuple[str, ...], str]:
    people = _people(question, _shape(dialect))
    return tuple(_read_by(people, "prepared")), _compiled(people, dialect)


def sql(
    set_id: str,
    dialect: str,
    table: str = "flsdb_row",
    *,
    as_of: date,
    by: str = "quarter",
    switches: Mapping[str, str] | None = None,
    caseload: float | Mapping[str, float] | None = None,
    split: Sequence[str] = (),
    measures: Sequence[str] = (),
    service: str | None = None,
) -> str:
    """The SQL of a summary over ``table``, for ``duckdb``, ``sqlite``, ``postgres`` or ``pyspark``.

    Columns ``set, measure, service, period`` (then those of ``split``), ``numerator, denominator, not_eligible,
    unknown, value, rating``. ``value`` is numerator by denominator (0 to 1), null where there is nothing to
    divide by. Only functions that each database has of its own are used; on SQLite the dates are ISO text.

    Args:
        table: a table or view with the columns of `openfls.record.flsdb.COLUMNS`.
        as_of: the day of the count; an event dated later has not happened.
        caseload: fractures that a service expects in a year, for all or by service name; a service without one
            gets five times its hip fractures.
        split: columns of the row by which the counts are divided besides service and period.
        measures: only these, by id.
        service: only the rows of this service.
    """
    question = Question.ask(set_id, as_of, by, switches, caseload, split, measures)
    engine = Dialect(dialect)
    # Only the part of a period that has gone by depends on the day; the stages are kept from day to day without.
    kept = question if question.caseload else replace(question, as_of=_ANY_DAY)
    columns, stages = _summary_stages(kept, engine)
    prepared = _prepared_sql(table, engine, as_of, columns, service=service)
    return f"WITH prepared {_keeps(engine)} (\n{prepared}\n), {stages}"


def people_sql(
    set_id: str,
    dialect: str,
    table: str = "flsdb_row",
    *,
    as_of: date,
    switches: Mapping[str, str] | None = None,
    measures: Sequence[str] = (),
    record_id: str | None = None,
    service: str | None = None,
) -> str:
    """The SQL of person by measure, ``record_id, measure, state, reason``.

    Of one person with ``record_id``, of the rows of one service with ``service``.
    """
    question = Question.ask(set_id, as_of, switches=switches, measures=measures)
    engine = Dialect(dialect)
    columns, people = _people_stage(replace(question, as_of=_ANY_DAY), engine)
    prepared = _prepared_sql(table, engine, as_of, columns, record_id, service)
    return f"WITH prepared {_keeps(engine)} (\n{prepared}\n)\n{people}"


def _keeps(dialect: Dialect) -> str:
    """Whether a stage over every row is kept: a column store reads on instead, in flat memory."""
    return _ONCE if dialect in (Dialect.SQLITE, Dialect.POSTGRES) else "AS"


def _compiled(expression: ibis.Table, dialect: str) -> str:
    # Merging the nested selects would take a second and write the prepared columns out again in every rule.
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        return str(ibis.to_sql(expression, dialect=dialect))
    finally:
        ibis.options.sql.fuse_selects = fused
