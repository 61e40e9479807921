"""Which rows of a table are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openfls.quality.aggregate import literal, quoted
from openfls.quality.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows of a table: of one service, with these keys, diagnosed from a day to a day; None asks for all."""

    table: str
    service: str | None = None
    record_ids: Sequence[str] | None = None
    since: date | None = None
    until: date | None = None

    def sql(self, dialect: Dialect) -> str:
        """The rows as a query. A day is written as ISO text, which every database compares with a date."""
        conditions = []
        if self.service is not None:
            # SQLite has no statistics: the sign keeps it from reading the whole service where the keys are named.
            sign = "+" if dialect is Dialect.SQLITE and self.record_ids is not None else ""
            conditions.append(f"{sign}{quoted('service', dialect)} = {literal(self.service)}")
        if self.record_ids is not None:
            listed = ", ".join(map(literal, self.record_ids)) or "NULL"
            conditions.append(f"{quoted('record_id', dialect)} IN ({listed})")
        for sign, day in ((">=", self.since), ("<=", self.until)):
            if day is not None:
                conditions.append(f"{quoted('index_diagnosis_date', dialect)} {sign} '{day.isoformat()}'")
        where = f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT * FROM {quoted(self.table, dialect)}{where}"
