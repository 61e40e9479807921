"""Reading one value of an FLS-DB file, however it was written: options, dates, numbers."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from openfls.record.flsdb import COLUMNS, JOINER, Column, ColumnKind

# The right single quote (byte 92 in Windows-1252) as other code pages read it, and the sign for a lost character.
_BROKEN_APOSTROPHES = ("â€™", "‚Äô", "ï¿½", "í", "Õ", "\x92", "’", "‘", "´", "`", "\ufffd", "?")
_DATE_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d/%m/%y", "%d-%b-%y")
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
    if not text or text.lower() in ("na", "n/a", "null", "nan", "nat"):
        return Mended(None)
    if column.kind is ColumnKind.TEXT or not (column.all_options or column.kind in _READERS):
        return Mended(text)
    if column.kind in _READERS:
        return _READERS[column.kind](text)
    if column.kind is ColumnKind.CHOICES:
        return _mend_joined(column, text)
    return _mend_option(column, text)


def _mend_date(text: str) -> Mended:
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d"):
        try:
            return Mended(datetime.strptime(text.split(".", maxsplit=1)[0], form).date().isoformat())
        except ValueError:
            continue
    for form in _DATE_FORMS:
        try:
            day = datetime.strptime(text.removesuffix(" 00:00").removesuffix(" 00:00:00"), form).date()
        except ValueError:
            continue
        return Mended(day.isoformat(), "date not in ISO form, read with the day first")
    if text.isdigit() and int(text) in _SPREADSHEET_DAYS:
        day = _SPREADSHEET_EPOCH + timedelta(days=int(text))
        return Mended(day.isoformat(), "spreadsheet day number read as a date")
    return Mended(None, "not a date")


def _mend_number(text: str) -> Mended:
    try:
        return Mended(repr(float(text)))
    except ValueError:
        pass
    match = re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)\s*(?:cm|kg|years?|yrs?|y)?", text, re.IGNORECASE)
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
    read = [_mend_option(column, part.strip()) for part in text.split(JOINER) if part.strip()]
    kept = JOINER.join(dict.fromkeys(part.value for part in read if part.value is not None))
    if any(part.value is None for part in read):
        return Mended(
            kept or None, "not every part is one of the options" if kept else "not one of the options"
        )
    return Mended(kept, "" if kept == text else "written differently")
