"""The FLS-DB row as the engines see it, and the row prepared for the rules.

The rules do arithmetic on whole days only, so that a rule is the same for every engine. What differs between
engines, how a date becomes a number of days, is here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis

from openfls.quality.dialects import EPOCH, Dialect
from openfls.quality.states import Expression
from openfls.record.flsdb import COLUMNS, DRUGS, JOINER, REFERRED, ColumnKind

MINIMUM_AGE = 50
_JULIAN_DAY_OF_EPOCH = 2_440_587.5


_TYPES = {
    ColumnKind.TEXT: "string",
    ColumnKind.DATE: "date",
    ColumnKind.INTEGER: "int64",
    ColumnKind.NUMBER: "float64",
    ColumnKind.CHOICE: "string",
    ColumnKind.CHOICES: "string",
}


def flat_row(name: str = "flsdb_row") -> ibis.Table:
    """The table ``name`` with every column of the FLS-DB row, not bound to any database."""
    return ibis.table({column.name: _TYPES[column.kind] for column in COLUMNS}, name=name)


@ibis.udf.scalar.builtin(name="julianday")  # type: ignore[untyped-decorator]
def _julianday(_day: date) -> float:  # type: ignore[empty-body]
    """SQLite's own function: the Julian day number of a date kept as ISO text."""


def day_number(value: Expression, dialect: Dialect) -> Expression:
    """Days since 1 January 1970 as an integer; null for null."""
    if dialect is Dialect.SQLITE:
        return (_julianday(value) - _JULIAN_DAY_OF_EPOCH).cast("int64")
    return value.delta(ibis.literal(EPOCH), unit="day").cast("int64")


def names_one_of(value: Expression, options: tuple[str, ...]) -> Expression:
    """Whether a ``choices`` value holds one of the options, alone or joined with others. Null for null.

    No option is a part of another, so looking for the words is enough in a joined value.
    """
    joined = ibis.or_(*(value.contains(option) for option in options))
    return ibis.cases((value.contains(JOINER), joined), else_=value.isin(options))


_NOT_A_REFERRAL = ("None", "No", "Not referred", "Don't know")

_WORDS = tuple(
    column.name
    for column in COLUMNS
    if column.kind in (ColumnKind.TEXT, ColumnKind.CHOICE, ColumnKind.CHOICES) and column.name != "record_id"
)

_AGE_BANDS = ((64, "50 to 64"), (74, "65 to 74"), (84, "75 to 84"), (200, "85 and over"))
_FIFTHS = ((2, "1, most deprived"), (4, "2"), (6, "3"), (8, "4"), (10, "5, least deprived"))


def _banded(value: Expression, bands: tuple[tuple[int, str], ...], least: int) -> Expression:
    """The words of the band that a number is in; null for none, and below ``least``."""
    return ibis.cases((value < least, None), *((value <= last, words) for last, words in bands), else_=None)


_EVENTS = {
    "assessment_day": "fls_assessment_date",
    "dxa_day": "dxa_date",
    "review_16_day": "follow_up_16_weeks_date",
    "review_52_day": "follow_up_52_weeks_date",
    "death_day": "death_date",
    "information_day": "information_given_date",
    "start_day": "bone_therapy_started_date",
    "gp_letter_day": "gp_letter_date",
    "patient_letter_day": "patient_letter_date",
}


GAPS = tuple(name.removesuffix("day") + "gap" for name in _EVENTS)
"""Columns of the prepared row: days from the index diagnosis to an event."""


def prepare(
    row: ibis.Table, dialect: Dialect, as_of: date, columns: Sequence[str] | None = None
) -> ibis.Table:
    """The row with what the rules ask for; only the ``columns`` that are named, or all.

    Added: ``index_day`` and the days in ``_EVENTS`` (days since 1970; an event dated after ``as_of`` has not
    happened and is null), ``elapsed`` (days from index diagnosis to ``as_of``), ``*_gap`` (days from index
    diagnosis to the event), ``year`` and ``month`` of the index diagnosis, and whether fields 4.01, 6.05 and
    7.05 name a drug or a referral, and ``due_*``, whether a field is due by now (`completeness`).
    A blank that a database keeps as the empty string is null.
    """
    today = (as_of - EPOCH).days
    index_day = day_number(row.index_diagnosis_date, dialect)
    days = {}
    for name, column in _EVENTS.items():
        day = day_number(row[column], dialect)
        days[name] = ibis.cases((day <= today, day), else_=None)
    words = {name: row[name].nullif("") for name in _WORDS}
    made = {
        "index_day": index_day,
        "elapsed": today - index_day,
        "year": row.index_diagnosis_date.year().cast("int64"),
        "month": row.index_diagnosis_date.month().cast("int64"),
        "dead": days["death_day"].notnull() | (row.deceased == "Yes") | (row.followed_up_16_weeks == "Died"),
        "recommended": names_one_of(row.bone_therapy, DRUGS),
        "referred": names_one_of(row.bone_therapy, REFERRED),
        "on_drug_16": names_one_of(row.bone_therapy_16_weeks, DRUGS),
        "on_drug_52": names_one_of(row.bone_therapy_52_weeks, DRUGS),
        "falls_referral": words["referrals"].notin(_NOT_A_REFERRAL),
        "age_band": _banded(row.age, _AGE_BANDS, MINIMUM_AGE),
        "deprivation_fifth": _banded(row.deprivation_decile, _FIFTHS, 1),
        **days,
        **{name.removesuffix("day") + "gap": day - index_day for name, day in days.items()},
    }
    alive_on_drug = ~made["dead"].fill_null(False) & made["recommended"].fill_null(False)
    inside = ~((row.age < MINIMUM_AGE).fill_null(False) | (made["elapsed"] < 0).fill_null(False))
    due = {
        "always": inside,
        "day_90": inside & (made["elapsed"] > 90) & ~made["dead"].fill_null(False),
        "day_112": inside & (made["elapsed"] > 112) & alive_on_drug,
        "reviewed_16": inside & (row.followed_up_16_weeks == "Yes"),
        "day_392": inside & (made["elapsed"] > 392) & alive_on_drug,
        "reviewed_52": inside & (row.followed_up_52_weeks == "Yes"),
    }
    made |= {f"due_{name}": condition for name, condition in due.items()}
    kept = {column.name: words.get(column.name, row[column.name]) for column in COLUMNS}
    everything = {**kept, **made}
    return row.select(**{name: everything[name] for name in columns or everything})
