"""A period whose windows are not all over gives figures so far, the day up to which it is open, and no rating."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openfls.quality.aggregate import literal
from openfls.quality.periods import Period
from openfls.quality.question import Question
from openfls.quality.windows import last_day

COLUMN = "open_until"
"""The last day on which the period of a result is still open; blank where it is final."""


def without_open_ratings(
    query: str,
    set_id: str,
    as_of: date,
    by: Period | str,
    until: date | None = None,
    switches: Mapping[str, str] | None = None,
    table: str = "flsdb_row",
) -> str:
    """The SQL (DuckDB) of results, with `COLUMN` besides, and no rating where it says a day.

    ``by`` and ``until`` are those of the question; all time ends with the newest diagnosis in ``table``.
    """
    question = Question.ask(set_id, as_of, switches=switches)
    year = "TRY_CAST(substr(period, 1, 4) AS INTEGER)"
    ends = {
        "year": f"make_date({year}, 12, 31)",
        "quarter": f"last_day(make_date({year}, 3 * TRY_CAST(substr(period, 7, 1) AS INTEGER), 1))",
        "month": f"last_day(make_date({year}, TRY_CAST(substr(period, 6, 2) AS INTEGER), 1))",
        "all": f"DATE '{until}'" if until else _newest(table, as_of),
    }
    end = ends[by] if until is None or by == "all" else f"least({ends[by]}, DATE '{until}')"
    days = " ".join(f"WHEN {literal(each.id)} THEN {last_day(each)}" for each in question.chosen)
    closes = f"CAST({end} + CAST(CASE measure {days} END AS INTEGER) AS DATE)"
    # The undated lie in no period, and no day closes it; nor what is not counted.
    dated = "period <> 'undated' AND numerator IS NOT NULL"
    known = f"SELECT *, CASE WHEN {dated} THEN {closes} END AS closes FROM ({query})"
    still = f"closes >= DATE '{as_of}'"
    return (
        f"SELECT * EXCLUDE closes REPLACE (CASE WHEN {still} THEN NULL ELSE rating END AS rating), "
        f"CASE WHEN {still} THEN closes END AS {COLUMN} FROM ({known})"
    )


def _newest(table: str, as_of: date) -> str:
    day = f"DATE '{as_of}'"
    return f"least(COALESCE((SELECT max(index_diagnosis_date) FROM {table}), {day}), {day})"
