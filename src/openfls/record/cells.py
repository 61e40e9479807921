"""Text that goes into a cell of a file which somebody will open in a spreadsheet."""

from __future__ import annotations


def safe_cell(value: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else value
