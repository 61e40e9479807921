"""Impossible and unlikely values, in words a nurse understands. The limits are data (data/ranges.toml)."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.record.errors import BadInput


class Verdict(StrEnum):
    """What to do with a value that was typed or sent."""

    ACCEPT = "accept"
    QUERY = "query"  # possible but unlikely: ask whether it is right
    REFUSE = "refuse"  # impossible


@dataclass(frozen=True, slots=True)
class Range:
    """The limits of one field; outside ``refuse`` a value is impossible, outside ``query`` unlikely."""

    field: str
    label: str
    unit: str
    refuse_below: float
    refuse_above: float
    query_below: float
    query_above: float
    hint: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one value and the words to show; empty where it is accepted."""

    verdict: Verdict
    message: str = ""


@cache
def ranges() -> dict[str, Range]:
    """Every field with limits, by name."""
    text = (files("openfls.investigation") / "data" / "ranges.toml").read_text(encoding="utf-8")
    return {name: _range(name, one) for name, one in tomllib.loads(text).items()}


def _range(name: str, one: dict[str, Any]) -> Range:
    (impossible_below, impossible_above), (unlikely_below, unlikely_above) = one["refuse"], one["query"]
    return Range(
        field=name,
        label=one["label"],
        unit=one["unit"],
        refuse_below=float(impossible_below),
        refuse_above=float(impossible_above),
        query_below=float(unlikely_below),
        query_above=float(unlikely_above),
        hint=one.get("hint", ""),
        whole=one.get("whole", False),
    )


def check_value(field: str, value: float) -> Check:
    """Whether ``value`` can be, for a field of the data file.

    Raises:
        BadInput: the field has no limits.
    """
    known = ranges().get(field)
    if known is None:
        raise BadInput("no plausible range is known for this field", field=field)
    unit = f" {known.unit}" if known.unit else ""
    shown = f"{known.label} {value:g}{unit}"
    hint = f" {known.hint}" if known.hint else ""
    if not math.isfinite(value) or not known.refuse_below <= value <= known.refuse_above:
        limits = f"{known.refuse_below:g} and {known.refuse_above:g}{unit}"
        return Check(Verdict.REFUSE, f"{shown} cannot be right: it lies between {limits}.{hint}")
    if known.whole and value != int(value):
        return Check(Verdict.REFUSE, f"{shown} cannot be right: it is a whole number.")
    if not known.query_below <= value <= known.query_above:
        return Check(Verdict.QUERY, f"{shown} is unusual. Please check it.{hint}")
    return Check(Verdict.ACCEPT)


def check_date(label: str, on: date, today: date, birth_date: date | None = None) -> Check:
    """Whether a day in the past can be: not after ``today``, not before birth."""
    if on > today:
        return Check(Verdict.REFUSE, f"{label} {on:%d/%m/%Y} is after today. Please check the date.")
    if birth_date is not None and on < birth_date:
        return Check(
            Verdict.REFUSE, f"{label} {on:%d/%m/%Y} is before the person was born. Please check the date."
        )
    return Check(Verdict.ACCEPT)
