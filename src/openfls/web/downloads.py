"""Files that leave through a page."""

from __future__ import annotations


class Echo:
    """A file that hands back what is written, so that a CSV streams line by line."""

    def write(self, value: str) -> str:
        """Return ``value``."""
        return value
