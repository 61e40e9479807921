"""Dates as people in the UK type them: ``27/3/2026``, ``27 Mar 2026``, ``27.03.26``, ``2026-03-27``."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY_FIRST = re.compile(r"(\d{1,2})[\s/.\-]+(\d{1,2}|[a-z]{3,9})[\s/.,\-]+(\d{4}|\d{2})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def read_date(typed: str, *, century: int = 2000) -> date | None:
    """The day, or None where it is none. Day before month, always; two digits of a year mean ``century``."""
    typed = typed.strip()
    if iso := _ISO.fullmatch(typed):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    parts = _DAY_FIRST.fullmatch(typed)
    if parts is None:
        return None
    month = int(parts[2]) if parts[2].isdigit() else _month(parts[2].lower())
    year = int(parts[3]) + (century if len(parts[3]) == 2 else 0)
    return _day(year, month, int(parts[1]))


def _month(word: str) -> int:
    """The month that ``word`` begins, in three letters or more; 0 for any other word."""
    return next((number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word)), 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
