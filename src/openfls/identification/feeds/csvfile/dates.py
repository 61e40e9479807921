"""UK dates in any sane form. The day comes before the month; a date that only makes sense otherwise is
refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_TIME = r"(?:[T ,]+\d{1,2}[:.]?\d{2}.*)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?\d{4,6}.*)?")
_UK = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})" + _TIME)
_WORDS = re.compile(
    r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})\.?,?[-/. ]*(\d{4}|\d{2})" + _TIME, re.I
)
_WORDS_ENGLISH = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME, re.I)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_EXCEL_DAY_0 = date(1899, 12, 30)


def read_date(text: str, not_after: date | None = None) -> date:
    """The day that ``text`` means. Raises ValueError with the reason.

    A year of two digits is the latest that is not after ``not_after`` (a birth is not after the fracture);
    without one, 00 to 68 are of this century. A five-digit number is a spreadsheet's day count.
    """
    plain = " ".join(text.replace("\u00a0", " ").split())
    if match := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _UK.fullmatch(plain):
        return _day(_year(match[3], not_after), int(match[2]), int(match[1]), text)
    if match := _WORDS.fullmatch(plain):
        return _day(_year(match[3], not_after), _month(match[2], text), int(match[1]), text)
    if match := _WORDS_ENGLISH.fullmatch(plain):
        return _day(int(match[3]), _month(match[1], text), int(match[2]), text)
    if match := _SERIAL.fullmatch(plain):
        return _EXCEL_DAY_0 + timedelta(days=int(match[1]))
    raise ValueError(f"{text!r} is no date that we know")


def read_birth(text: str, not_after: date) -> date:
    """The day of a birth. A year of two digits is the latest that is not after ``not_after``; the last century's where
    nothing is known (`date.max`). Raises ValueError with the reason."""
    day = read_date(text, not_after if not_after != date.max else date(1999, 12, 31))
    if day > not_after and is_short(text):
        return _day(day.year - 100, day.month, day.day, text)
    return day


def is_short(text: str) -> bool:
    """Whether a date's year is written in two digits."""
    plain = " ".join(text.replace("\u00a0", " ").split())
    match = _UK.fullmatch(plain) or _WORDS.fullmatch(plain)
    return match is not None and len(match[3]) == 2


def _year(digits: str, not_after: date | None) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    if not_after is None:
        return 2000 + year if year < 69 else 1900 + year
    return 2000 + year if 2000 + year <= not_after.year else 1900 + year


def _month(name: str, text: str) -> int:
    month = _MONTHS.get(name[:3].casefold())
    if month is None:
        raise ValueError(f"{text!r} names no month")
    return month


def _day(year: int, month: int, day: int, text: str) -> date:
    if month > 12 >= day:
        raise ValueError(f"{text!r} puts the month first; the day comes first here")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar") from error
