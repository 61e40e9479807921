"""The cells of one row of a hospital's table, by field."""

from __future__ import annotations

from datetime import date

from openfls.identification.feeds.csvfile.columns import Columns
from openfls.identification.feeds.csvfile.dates import read_date

_ABSENT = frozenset({"", "null", "\\n"})


class Row:
    """One row's values by field."""

    def __init__(self, values: list[str], columns: Columns) -> None:
        self.values = [value.strip() for value in values]
        self.columns = columns

    def all(self, field: str) -> list[str]:
        """Every value under the field's columns."""
        values, width = self.values, len(self.values)
        listed = [values[at] for at in self.columns.get(field, ()) if at < width]
        return [value for value in listed if value.lower() not in _ABSENT]

    def one(self, field: str) -> str:
        """The first value, empty for none."""
        return next(iter(self.all(field)), "") if field in self.columns else ""


class FieldFault(ValueError):
    """A value that cannot be used, with the field's name before the reason."""


def date_of(row: Row, field: str, not_after: date | None = None) -> date | None:
    """The day in a field, None where it is empty. Raises `FieldFault` where it is no day."""
    value = row.one(field)
    if not value:
        return None
    try:
        return read_date(value, not_after)
    except (ValueError, OverflowError) as error:
        raise FieldFault(f"{field}: {error}") from error
