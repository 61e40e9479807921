"""The day and the way of a sending, as a page's form gives them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openfls.record.pathway import NotPossible
from openfls.record.written_dates import read_date


def sent_on(given: Mapping[str, str]) -> tuple[date, str]:
    """The day and the way. Raises `NotPossible` where the day cannot be read."""
    on = read_date(given.get("on", ""))
    if on is None:
        raise NotPossible("Enter the day on which it was sent, for example 27 3 2026.")
    return on, given.get("way", "")
