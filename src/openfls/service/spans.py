"""The period that a page of figures speaks of: whole months of the index diagnosis, named the same everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from openfls.quality.periods import years_between

_KEY = re.compile(r"(\d{4})-(\d{2})\.(\d{4})-(\d{2})")
ALL = "all"
LAST_QUARTERS = 4
_MONTHS = 12
_EARLIEST = 1900


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both included; None on both ends is all time."""

    since: date | None
    until: date | None

    @property
    def key(self) -> str:
        """For an address: ``2025-06.2026-05``, or ``all``."""
        if self.since is None or self.until is None:
            return ALL
        return f"{self.since:%Y-%m}.{self.until:%Y-%m}"

    @property
    def words(self) -> str:
        """``June 2025 to May 2026``, with the word for fractures' dates left to the page."""
        if self.since is None or self.until is None:
            return "all time"
        first, last = f"{self.since:%B %Y}", f"{self.until:%B %Y}"
        return first if first == last else f"{first} to {last}"

    @property
    def years(self) -> float:
        """How many years a caseload counts for; all time is taken as one, as on the command line."""
        return 1.0 if self.since is None or self.until is None else years_between(self.since, self.until)

    @property
    def before(self) -> Span | None:
        """The period of the same length before it: what a trend is read against."""
        if self.since is None or self.until is None:
            return None
        months = round(self.years * _MONTHS)
        return Span(add_months(self.since, -months), self.since - timedelta(days=1))


def add_months(first: date, months: int) -> date:
    """The first day of the month so many months on from the month of ``first``."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def last_twelve_months(today: date) -> Span:
    """Twelve months to the last closed month: the period that a page shows unless asked for another."""
    running = today.replace(day=1)
    return Span(add_months(running, -_MONTHS), running - timedelta(days=1))


def complete_twelve_months(today: date, days: int) -> Span:
    """The newest twelve months all of whose windows of ``days`` are over."""
    return last_twelve_months(today - timedelta(days=days))


def offered(today: date) -> list[tuple[str, str]]:
    """The periods to choose from, as key and words."""
    running = today.replace(day=1)
    year = last_twelve_months(today)
    assert year.before is not None  # it has both ends
    found = [
        (year, f"Twelve months: {year.words}"),
        (year.before, f"The twelve months before: {year.before.words}"),
    ]
    quarter = add_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 0)
    for back in range(1, LAST_QUARTERS + 1):
        first = add_months(quarter, -3 * back)
        span = Span(first, add_months(first, 3) - timedelta(days=1))
        found.append((span, f"Quarter: {span.words}"))
    for last in (today.year - 1, today.year - 2):
        found.append((Span(date(last, 1, 1), date(last, 12, 31)), f"Calendar year {last}"))
    found.append(
        (Span(running, add_months(running, 1) - timedelta(days=1)), f"The running month, {today:%B %Y}")
    )
    found.append((Span(None, None), "All time, the running month included"))
    return [(span.key, words) for span, words in found]


def span_of(key: str, today: date) -> Span:
    """The period that an address names; the usual one where it names none that can be."""
    if key == ALL:
        return Span(None, None)
    match = _KEY.fullmatch(key)
    if match:
        first_year, first_month, last_year, last_month = map(int, match.groups())
        if (
            all(1 <= month <= _MONTHS for month in (first_month, last_month))
            and first_year >= _EARLIEST
            and last_year < 9999
        ):
            since = date(first_year, first_month, 1)
            until = add_months(date(last_year, last_month, 1), 1) - timedelta(days=1)
            if since <= until:
                return Span(since, until)
    return last_twelve_months(today)


def months_of(span: Span, today: date, most: int = 36) -> list[Span]:
    """The closed months of a period, the oldest first; of all time the last ``most``."""
    running = today.replace(day=1)
    last = running if span.until is None else min(running, add_months(span.until.replace(day=1), 1))
    first = add_months(last, -most) if span.since is None else max(span.since, add_months(last, -most))
    found = []
    while first < last:
        following = add_months(first, 1)
        found.append(Span(first, following - timedelta(days=1)))
        first = following
    return found


def quarters_to(today: date, count: int = 12) -> list[Span]:
    """The last closed quarters, the oldest first."""
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    firsts = [add_months(quarter, -3 * back) for back in range(count, 0, -1)]
    return [Span(first, add_months(first, 3) - timedelta(days=1)) for first in firsts]
