"""Errors that a user can mend."""

from __future__ import annotations


class BadInput(Exception):
    """What came in cannot be used. The message is one line that names the file, row, field and reason."""

    def __init__(self, reason: str, *, where: str = "", row: int | None = None, field: str = "") -> None:
        places = [where, f"row {row}" if row is not None else "", field]
        place = ", ".join(part for part in places if part)
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.field = field
