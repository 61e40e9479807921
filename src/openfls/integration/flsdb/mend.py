"""Reading one value of an FLS-DB file, however it was written: options, dates, numbers."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from math import isfinite

from openfls.record.flsdb import COLUMNS, JOINER, Column, ColumnKind

# The right single quote (byte 92 in Windows-1252) as other code pages read it, and the sign for a lost character.
_BROKEN_APOSTROPHES = ("â€™", "â\x80\x99", "‚Äô", "ï¿½", "í", "Õ", "\x92", "’", "‘", "´", "`", "\ufffd", "?")
_DATE_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d/%m/%y", "%d-%b-%y")
_BLANKS = frozenset(
    ("na", "n/a", "#n/a", "null", "nan", "nat", "-", "--", ".", "not recorded", "(blank)", "blank", "missing")
)
"""What others write for a blank; a field of which it is an option takes it as that."""
_SPREADSHEET_ERRORS = ("#REF!", "#VALUE!", "#NAME?", "#NULL!", "#DIV/0!", "#NUM!")
_JOINED_OTHERWISE = re.compile(r"\s*(?:[;,|/+&\n]|\band\b)\s*")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?$", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"(?:0?[1-9]|1[0-2])[/.-](?:1[3-9]|2\d|3[01])[/.-]\d{2,4}")
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_SPREADSHEET_DAYS = range(36_526, 73_051)  # the years 2000 to 2099


@dataclass(frozen=True, slots=True)
class Mended:
    """What a raw value was read as: ``value`` as text (dates in ISO form), None if it cannot be used.

    ``problem`` says what was wrong with it, empty if nothing was.
    """

    value: str | None
    problem: str = ""


def mend(column: Column, raw: str) -> Mended:
    """Read a raw value of a column. A blank is None and no problem."""
    text = raw.strip()
    if not text or (text.lower() in _BLANKS and text not in column.all_options):
        return Mended(None)
    if text.upper() in _SPREADSHEET_ERRORS:
        return Mended(None, "an error of a spreadsheet")
    if column.kind is ColumnKind.TEXT or not (column.all_options or column.kind in _READERS):
        return Mended(text)
    if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    if column.kind in _READERS:
        return _READERS[column.kind](text)
    if column.kind is ColumnKind.CHOICES:
        return _mend_joined(column, text)
    return _mend_option(column, text)


def _mend_date(text: str) -> Mended:
    plain = text.split(".", maxsplit=1)[0] if re.match(r"\d{4}-", text) else text
    for form in (
        "%Y-%m-%d",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y/%m/%d",
        "%Y%m%d",
    ):
        try:
            return Mended(datetime.strptime(plain.removesuffix("Z"), form).date().isoformat())
        except ValueError:
            continue
    written = _TIME_OF_DAY.sub("", _ORDINAL.sub(r"\1", _WEEKDAY.sub("", text)))
    for form in _DATE_FORMS:
        try:
            day = datetime.strptime(written, form).date()
        except ValueError:
            continue
        return Mended(day.isoformat(), "date not in ISO form, read with the day first")
    number = text.removesuffix(".0")
    if number.isdigit() and int(number) in _SPREADSHEET_DAYS:
        day = _SPREADSHEET_EPOCH + timedelta(days=int(number))
        return Mended(day.isoformat(), "spreadsheet day number read as a date")
    if _MONTH_FIRST.fullmatch(written):
        return Mended(None, "not a date: there is no such month; is the month written first?")
    return Mended(None, "not a date")


def _mend_number(text: str) -> Mended:
    try:
        if isfinite(float(text)):
            return Mended(repr(float(text)))
    except ValueError:
        pass
    match = re.fullmatch(
        r"([+-]?\d+(?:[.,]\d+)?)\s*(?:cm|kg|years? old|years?|yrs?|y/o|yo|y)?", text, re.IGNORECASE
    )
    if match:
        return Mended(repr(float(match.group(1).replace(",", "."))), "number with a unit or a comma")
    return Mended(None, "not a number")


def _mend_integer(text: str) -> Mended:
    number = _mend_number(text)
    if number.value is None:
        return Mended(None, "not a whole number")
    value = float(number.value)
    if not value.is_integer():
        return Mended(None, "not a whole number")
    if value < 0:
        return Mended(None, "below nought")
    return Mended(str(int(value)), number.problem)


_READERS = {
    ColumnKind.DATE: _mend_date,
    ColumnKind.NUMBER: _mend_number,
    ColumnKind.INTEGER: _mend_integer,
}


def fold(text: str) -> str:
    """The letters and digits of ``text``, without case, accents, and broken apostrophes."""
    for broken in _BROKEN_APOSTROPHES:
        text = text.replace(broken, "'")
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain.lower() if character.isalnum() and character.isascii())


@cache
def _folded_options() -> dict[str, dict[str, str]]:
    text = (
        files("openfls.integration.flsdb").joinpath("data", "value_aliases.csv").read_text(encoding="utf-8")
    )
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["list"], {})[fold(row["value"])] = row["option"]
    for column in COLUMNS:
        if column.option_list:
            for option in column.all_options:
                found.setdefault(column.option_list, {})[fold(option)] = option
    return found


def _mend_option(column: Column, text: str) -> Mended:
    if text in column.all_options:
        return Mended(text)
    option = _folded_options()[column.option_list].get(fold(text))
    if option is None:
        return Mended(None, "not one of the options")
    return Mended(option, "written differently")


def _mend_joined(column: Column, text: str) -> Mended:
    whole = _mend_option(column, text)
    if whole.value is not None:
        return whole
    # An option may hold one of these signs: first only the export's own sign tells the parts.
    parts = _parts(column, text.split(JOINER))
    otherwise = _parts(column, _JOINED_OTHERWISE.split(text))
    differs = otherwise.known > parts.known
    read = otherwise if differs else parts
    if read.unknown:
        return Mended(
            read.joined or None,
            "not every part is one of the options" if read.joined else "not one of the options",
        )
    if differs:
        return Mended(read.joined, "options joined in another way")
    return Mended(read.joined, "" if read.joined == text else "written differently")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The options among the parts of a joined value, and how many of its parts are options, or none."""

    joined: str
    known: int
    unknown: int


def _parts(column: Column, texts: Sequence[str]) -> _Parts:
    read = [_mend_option(column, part.strip()).value for part in texts if part.strip()]
    found = [value for value in read if value is not None]
    return _Parts(JOINER.join(dict.fromkeys(found)), len(found), len(read) - len(found))
