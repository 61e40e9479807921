"""A finding as a table of text, for the pages, the PDF and the Word file alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its first row is the heading, its first column names the rows."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def numeric(self) -> tuple[int, ...]:
        """The columns, but for the first, that hold short figures only: they stand at the right."""
        body = self.rows[1:]
        return tuple(
            column
            for column in range(1, len(self.rows[0]))
            if all(len(row[column]) < 16 and any(map(str.isdigit, row[column] or "0")) for row in body)
        )
