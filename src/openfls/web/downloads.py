"""Files that leave through a page."""

from __future__ import annotations


class Echo:
    """A file that hands back what is written, so that a CSV streams line by line."""

    def write(self, value: str) -> str:
        """Return ``value``."""
        return value


def safe_cell(value: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else value
