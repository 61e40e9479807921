"""The measures of one service: their one definition (`quality`), compiled for this database and run on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from openfls.quality import MeasureSet, measure_set, people_sql, sql
from openfls.service.models import Service

SET = "flsdb"
_DIALECT = {"sqlite": "sqlite", "postgresql": "postgres"}


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of a service over all its time. ``value`` is a percentage."""

    key: str
    title: str
    words: str
    numerator: float
    denominator: float
    not_eligible: int
    unknown: int
    value: float | None
    rating: str
    has_people: bool


@dataclass(frozen=True, slots=True)
class PersonState:
    """What a measure says about one episode, and why."""

    record_id: str
    state: str
    reason: str


def standing_set() -> MeasureSet:
    """The measure set that the pages show."""
    return measure_set(SET)


def measures_of(service: Service, as_of: date) -> list[MeasureRow]:
    """Every measure of the set, over all confirmed episodes of the service."""
    chosen = standing_set()
    statement = sql(
        SET,
        _DIALECT[connection.vendor],
        service=service.code,
        as_of=as_of,
        by="all",
        caseload=service.expected_caseload,
    )
    found = {row["measure"]: row for row in _run(statement)}
    rows = []
    for measure in chosen.measures:
        row = found.get(measure.id)
        value = row["value"] if row else None
        rows.append(
            MeasureRow(
                key=measure.id,
                title=measure.title,
                words=measure.numerator.replace("`", ""),
                numerator=row["numerator"] if row else 0,
                denominator=row["denominator"] if row else 0,
                not_eligible=row["not_eligible"] if row else 0,
                unknown=row["unknown"] if row else 0,
                value=None if value is None else float(value) * 100,
                rating=(row["rating"] if row else "") or "",
                has_people=measure.basis == "people",
            )
        )
    return rows


def people_of(service: Service, key: str, as_of: date) -> list[PersonState]:
    """The state of every episode of the service in one measure, with the reason."""
    statement = people_sql(
        SET, _DIALECT[connection.vendor], service=service.code, as_of=as_of, measures=(key,)
    )
    return [PersonState(row["record_id"], row["state"], row["reason"]) for row in _run(statement)]


def _run(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
