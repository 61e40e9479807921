"""Bank holidays of England by their rule, for any year: worked out, never listed.

The rule is that of the Banking and Financial Dealings Act 1971 with the days that are proclaimed each year (New Year's
Day, Good Friday and Christmas Day by common law or custom, the first Monday in May). One that falls on a weekend has a
substitute on the next weekday that is free. A day that is proclaimed once, or moved, is not known here: the service
adds it to its own closed days, or says that it works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

_MONDAY, _SATURDAY = 0, 5


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (the rule of the ecclesiastical moon)."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    full = epact - (epact // 28) * (1 - (epact // 28) * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + full + 2 - century + century // 4) % 7
    days = full - weekday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """Each bank holiday of a year with its name, in the order of the year."""
    sunday = easter(year)
    named = [
        (date(year, 1, 1), "New Year’s Day"),
        (sunday - timedelta(days=2), "Good Friday"),
        (sunday + timedelta(days=1), "Easter Monday"),
        (_monday_from(date(year, 5, 1)), "Early May bank holiday"),
        (_monday_from(date(year, 5, 25)), "Spring bank holiday"),
        (_monday_from(date(year, 8, 25)), "Summer bank holiday"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    ]
    on_weekdays = {day: name for day, name in named if day.weekday() < _SATURDAY}
    found = dict(on_weekdays)
    for day, name in named:
        if day.weekday() >= _SATURDAY:
            found[_next_free(day, found)] = f"{name} (substitute day)"
    return dict(sorted(found.items()))


def holiday_name(day: date) -> str:
    """The bank holiday that a day is; empty for any other day."""
    return bank_holidays(day.year).get(day, "")


def between(first: date, last: date) -> Iterator[tuple[date, str]]:
    """The bank holidays from one day to another, both included."""
    for year in range(first.year, last.year + 1):
        yield from ((day, name) for day, name in bank_holidays(year).items() if first <= day <= last)


def _monday_from(day: date) -> date:
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _next_free(day: date, taken: Mapping[date, str]) -> date:
    while day.weekday() >= _SATURDAY or day in taken:
        day += timedelta(days=1)
    return day
