"""The engine: one prepared row, the rules of a set, and from them people and summaries, for any backend.

The definitions become SQL in stages (``WITH asked, prepared, judged, counted``); nothing is executed here, the SQL
runs where the rows are. In stages, because a database that keeps the prepared row once (SQLite, PostgreSQL) is several
times faster than one that works it out again in every branch of every rule.

A stage is compiled once for a question and a database (`kept`): which rows are asked for, and the day of the count, are
put into its text afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from openfls.quality import kept
from openfls.quality.aggregate import counted_sql, measured_sql, results_sql
from openfls.quality.asked import Asked
from openfls.quality.dialects import EPOCH, LATER, Dialect
from openfls.quality.question import Question

_ONCE = "AS MATERIALIZED"


def _first_stages(asked: Asked, dialect: Dialect, as_of: date, columns: Sequence[str]) -> str:
    """``asked``, the rows that are asked for, and ``prepared``, the same for the rules."""
    text = kept.prepared(dialect, tuple(columns)).replace(_number(LATER), _number(as_of))
    return f"asked AS (\n{asked.sql(dialect)}\n), prepared {_keeps(dialect)} (\n{text}\n)"


def _number(day: date) -> str:
    return str((day - EPOCH).days)


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
    since: date | None = None,
    until: date | None = None,
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
        since: only rows whose index diagnosis is on or after this day; without a date they are left out.
        until: the same for the last day. With both, a caseload is that of the time between them, not of a year.
    """
    question = Question.ask(set_id, as_of, by, switches, caseload, split, measures, since, until)
    asked = Asked(table, service, None, since, until)
    engine = Dialect(dialect)
    columns, judged = kept.judged(_without_day(question), engine)
    # Kept everywhere: a column store would work every rule out again for each state that is counted.
    once = "AS" if engine is Dialect.SPARK else _ONCE
    return (
        f"WITH {_first_stages(asked, engine, as_of, columns)}, "
        f"judged {once} (\n{judged}\n), "
        f"counted {once} (\n{counted_sql(question, engine)}\n), "
        f"measured AS (\n{measured_sql(question, engine)}\n)\n{results_sql(question, engine)}"
    )


def people_sql(
    set_id: str,
    dialect: str,
    table: str = "flsdb_row",
    *,
    as_of: date,
    switches: Mapping[str, str] | None = None,
    measures: Sequence[str] = (),
    record_id: str | None = None,
    record_ids: Sequence[str] | None = None,
    service: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> str:
    """The SQL of person by measure, ``record_id, measure, state, reason``.

    Of one person with ``record_id`` or of several, of the rows of one service with ``service``, of those with an index
    diagnosis from ``since`` to ``until``.
    """
    question = Question.ask(set_id, as_of, switches=switches, measures=measures)
    engine = Dialect(dialect)
    columns, people = kept.people(_without_day(question), engine)
    asked = Asked(table, service, record_ids if record_id is None else (record_id,), since, until)
    return f"WITH {_first_stages(asked, engine, as_of, columns)}\n{people}"


def states_sql(
    set_id: str,
    dialect: str,
    table: str = "flsdb_row",
    *,
    as_of: date,
    switches: Mapping[str, str] | None = None,
    split: Sequence[str] = (),
    measures: Sequence[str] = (),
    gaps: Sequence[str] = (),
    record_ids: Sequence[str] | None = None,
    service: str | None = None,
) -> str:
    """The SQL of the judged rows: one a record, with a number for the state of each measure (`State.code`).

    Columns ``record_id, index_day, service, year, part`` (the month), those of ``split``, ``hip``, ``MEASURE_state``
    and, where a measure of the set divides by fields, ``due_*`` and ``empty_*``: what `counting` counts. ``gaps`` names
    columns of the prepared row with days from the index diagnosis to an event (`row.GAPS`).
    """
    question = Question.ask(set_id, as_of, "month", switches, None, split, measures)
    engine = Dialect(dialect)
    columns, judged = kept.judged(_without_day(question), engine, tuple(gaps))
    asked = Asked(table, service, record_ids)
    return f"WITH {_first_stages(asked, engine, as_of, columns)}\n{judged}"


def _keeps(dialect: Dialect) -> str:
    """Whether a stage over every row is kept: a column store reads on instead, in flat memory."""
    return _ONCE if dialect in (Dialect.SQLITE, Dialect.POSTGRES) else "AS"


def _without_day(question: Question) -> Question:
    """What a compiled stage depends on: neither the day, nor the periods, nor the caseload."""
    return replace(question, as_of=EPOCH, by="all", caseload=(), years=1.0)
