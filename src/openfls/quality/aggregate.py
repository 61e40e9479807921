"""From judged rows to counts and results: plain SQL text, the same for every database.

Written out rather than built with Ibis: there is no definition in it, only sums, and it halves the time until the
SQL is ready.
"""

from __future__ import annotations

from collections.abc import Iterable

from openfls.quality.dialects import Dialect
from openfls.quality.fields import due_fields
from openfls.quality.packs import Basis, Measure, Threshold
from openfls.quality.periods import UNDATED, year_parts
from openfls.quality.question import HIPS_TO_CASELOAD, Question
from openfls.quality.states import State


def _real(dialect: Dialect) -> str:
    return "DOUBLE" if dialect is Dialect.SPARK else "DOUBLE PRECISION"


def _text(dialect: Dialect) -> str:
    return "STRING" if dialect is Dialect.SPARK else "TEXT"


def quoted(name: str, dialect: Dialect) -> str:
    """A column name in quotes; the names are ours, so there is nothing in them to escape."""
    return f"`{name}`" if dialect is Dialect.SPARK else f'"{name}"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _listed(items: Iterable[str]) -> str:
    return ",\n  ".join(items)


def counted_sql(question: Question, dialect: Dialect) -> str:
    """One row for each service and period (and split), with every number that any measure needs."""

    def name(text: str) -> str:
        return quoted(text, dialect)

    def number_of(condition: str) -> str:
        # DuckDB counts conditions twice as fast by its own function, which says NULL where all of them are NULL.
        return (
            f"COALESCE(COUNT_IF({condition}), 0)"
            if dialect is Dialect.DUCKDB
            else f"COUNT(CASE WHEN {condition} THEN 1 END)"
        )

    year, part = _parts(question, dialect)
    keys = [name("service"), year, part, *(name(text) for text in question.split)]
    columns = [name("service"), f"{year} AS {name('year')}", f"{part} AS {name('part')}"]
    columns += [*(name(text) for text in question.split), f"{_period(question, dialect)} AS {name('period')}"]
    columns.append(f"{number_of(name('hip'))} AS {name('hips')}")
    for measure in question.chosen:
        for state in State:
            holds = f"{name(f'{measure.id}_state')} = {state.code}"
            columns.append(f"{number_of(holds)} AS {name(f'{measure.id}_{state.code}')}")
    if question.counts_fields:
        flags = dict.fromkeys(f"due_{item.due}" for item in due_fields())
        flags |= dict.fromkeys(f"empty_{item.column}" for item in due_fields())
        columns += [f"{number_of(name(flag))} AS {name(flag)}" for flag in flags]
    grouped = [key for key in keys if key != "0"]
    return f"SELECT {_listed(columns)}\nFROM judged GROUP BY {', '.join(grouped)}"


def _parts(question: Question, dialect: Dialect) -> tuple[str, str]:
    """Year and part of the year (month, quarter) to group by; ``0`` where they are not asked for."""
    year, month = quoted("year", dialect), quoted("month", dialect)
    ends = " ".join(f"WHEN {month} <= {3 * number} THEN {number}" for number in (1, 2, 3, 4))
    quarter = f"CASE {ends} END"
    return {"all": ("0", "0"), "year": (year, "0"), "quarter": (year, quarter), "month": (year, month)}[
        question.by
    ]


def _period(question: Question, dialect: Dialect) -> str:
    """``2024-07``, ``2024-Q3``, ``2024`` or ``all``."""
    number_of_year, number_of_part = _parts(question, dialect)
    year = f"CAST({number_of_year} AS {_text(dialect)})"
    part = f"CAST({number_of_part} AS {_text(dialect)})"
    month = f"CASE WHEN {number_of_part} < 10 THEN '-0' ELSE '-' END"
    words = {
        "all": "MIN('all')",
        "year": f"COALESCE({year}, '{UNDATED}')",
        "quarter": f"COALESCE({year} || '-Q' || {part}, '{UNDATED}')",
        "month": f"COALESCE({year} || {month} || {part}, '{UNDATED}')",
    }
    return words[question.by]


def measured_sql(question: Question, dialect: Dialect) -> str:
    """One row for each measure, service and period: the numbers without value and rating."""
    return "\nUNION ALL\n".join(
        _measured(question, measure, place, dialect) for place, measure in enumerate(question.chosen)
    )


def _measured(question: Question, measure: Measure, place: int, dialect: Dialect) -> str:
    def of(state: State) -> str:
        return quoted(f"{measure.id}_{state.code}", dialect)

    basis = question.basis(measure)
    numerator = of(State.MET)
    if basis is Basis.PEOPLE:
        denominator = f"{of(State.MET)} + {of(State.NOT_MET)}"
    elif basis is Basis.CASELOAD:
        denominator = _expected(question, measure.share, dialect)
    else:
        numerator, denominator = _fields_kept(dialect)
    columns = {
        "place": str(place),
        "measure": literal(measure.id),
        **{name: quoted(name, dialect) for name in ("service", "period", *question.split)},
        "numerator": numerator,
        "denominator": f"CAST({denominator} AS {_real(dialect)})",
        "not_eligible": of(State.NOT_ELIGIBLE),
        "unknown": of(State.UNKNOWN),
    }
    listed = ", ".join(f"{sql} AS {quoted(name, dialect)}" for name, sql in columns.items())
    return f"SELECT {listed} FROM counted"


def _expected(question: Question, share: float, dialect: Dialect) -> str:
    """Fractures expected in the period; the period that holds the day of the count has its part of them."""
    real = _real(dialect)

    def number(value: float) -> str:
        return f"CAST({value!r} AS {real})"

    from_hips = f"{quoted('hips', dialect)} * {number(HIPS_TO_CASELOAD * share)}"

    def of(yearly: float) -> str:
        whole, running = year_parts(question.by, question.as_of, question.years)
        if running is None:
            return number(yearly * share * whole)
        year, part, gone = running
        now = f"{quoted('year', dialect)} = {year} AND {quoted('part', dialect)} = {part}"
        return (
            f"CASE WHEN {now} THEN {number(yearly * share * whole * gone)} "
            f"ELSE {number(yearly * share * whole)} END"
        )

    if not isinstance(question.caseload, tuple):
        return of(question.caseload)
    if not question.caseload:
        return from_hips
    service = quoted("service", dialect)
    known = " ".join(f"WHEN {service} = {literal(name)} THEN {of(each)}" for name, each in question.caseload)
    return f"CASE {known} ELSE {from_hips} END"


def _fields_kept(dialect: Dialect) -> tuple[str, str]:
    """Fields that miss in at most 20 % of the records in which they are due, and fields due in any record."""
    kept, looked_at = [], []
    for item in due_fields():
        due, empty = quoted(f"due_{item.due}", dialect), quoted(f"empty_{item.column}", dialect)
        kept.append(f"CASE WHEN {due} > 0 AND {empty} * 5 <= {due} THEN 1 ELSE 0 END")
        looked_at.append(f"CASE WHEN {due} > 0 THEN 1 ELSE 0 END")
    return " + ".join(kept), " + ".join(looked_at)


def results_sql(question: Question, dialect: Dialect) -> str:
    """The result rows, with value and rating, in the order of the set."""

    def name(text: str) -> str:
        return quoted(text, dialect)

    value = f"CAST({name('numerator')} AS {_real(dialect)}) / NULLIF({name('denominator')}, 0)"
    ratings = " ".join(
        f"WHEN {name('measure')} = {literal(measure.id)} THEN {_rating(measure.thresholds, dialect)}"
        for measure in question.chosen
    )
    columns = [
        f"{literal(question.set_id)} AS {name('set')}",
        *(name(text) for text in ("measure", "service", "period", *question.split)),
        *(name(text) for text in ("numerator", "denominator", "not_eligible", "unknown")),
        f"{value} AS {name('value')}",
        f"CASE WHEN {name('denominator')} > 0 THEN CASE {ratings} END END AS {name('rating')}",
    ]
    order = ["place", "service", "period"]
    by_split = [f"{name(text)} IS NULL, {name(text)}" for text in question.split]
    ordered = ", ".join([*(name(text) for text in order), *by_split])
    return f"SELECT {_listed(columns)}\nFROM measured ORDER BY {ordered}"


def _rating(thresholds: tuple[Threshold, ...], dialect: Dialect) -> str:
    """The first step that is reached. Compared without dividing, so that 80 of 100 is 80 everywhere."""
    numerator, denominator = quoted("numerator", dialect), quoted("denominator", dialect)
    steps = []
    for step in thresholds:
        left, right = (
            (f"{denominator} - {numerator}", f"{step.limit:g}")
            if step.of_missing
            else (f"{numerator} * 100", f"{denominator} * {step.limit:g}")
        )
        steps.append(f"WHEN {left} {step.comparison} {right} THEN {literal(step.rating)}")
    return f"CASE {' '.join(steps)} END" if steps else f"CAST(NULL AS {_text(dialect)})"
