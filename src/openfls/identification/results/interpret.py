"""One result as sent to a value in our unit, or the reason why it cannot be used. Nothing is guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from openfls.identification.results.catalogue import Catalogue, Quantity, bare, unit_key

_NUMBER = re.compile(r"([<>]?)=?\s*([-+−]?\d{1,7}(?:[.,]\d{1,20})?)")
_THOUSANDS = re.compile(r"[<>]?=?\s*[-+−]?\d{1,3},\d{3}")
_NOT_BLOOD = re.compile(
    r"\b(?:urin\w*|ur|uri|ru|u24|csf|cerebrospinal|fluid|fld|saliva\w*|sal|stl|stool|faec\w*|sweat)\b", re.I
)
"""A specimen that is not blood: words, and codes of HL7 tables 0070 and 0487."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Raw:
    """A result as it was sent: ``codings`` are ``(system, code, name)``; ``specimen`` what it was measured in."""

    codings: tuple[tuple[str, str, str], ...]
    value: str
    unit: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    specimen: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A result in our terms. ``comparator`` is ``<`` or ``>`` where the limit of the test was sent."""

    field: str
    value: float | int | str
    comparator: str = ""


class CannotUse(ValueError):
    """The result cannot be used; the message says why, without the value."""


class UnknownUnit(CannotUse):
    """Its unit is none that is converted for it, or none was sent."""


def interpret(raw: Raw, catalogue: Catalogue) -> Understood | None:
    """What a result says; None where it is of no kind that we read.

    Raises:
        CannotUse: it is one, but its site, value or unit leaves something open.
    """
    name = catalogue.field_of(raw.codings, raw.own)
    if name is None:
        return None
    if not name:
        raise CannotUse("the code does not say which part of the hip was measured, and neither do its words")
    quantity = catalogue.quantity(name)
    value = raw.value.strip()
    if not value:
        raise CannotUse("no value was sent")
    if quantity.words:
        return Understood(name, value[:LONGEST])
    if _NOT_BLOOD.search(raw.specimen):
        raise CannotUse("it was not measured in blood")
    if quantity.grades is not None:
        return Understood(name, _grade(value, quantity.grades))
    return _number(name, value, raw.unit, quantity)


def _grade(value: str, grades: Mapping[str, str]) -> str:
    grade = grades.get(bare(value))
    if grade is None:
        raise CannotUse("not a Genant grade (none, mild, moderate, severe, or 0 to 3)")
    return grade


def _number(name: str, value: str, unit: str, quantity: Quantity) -> Understood:
    match = _NUMBER.fullmatch(value)
    if match is None:
        raise CannotUse("the value is not a number")
    if _THOUSANDS.fullmatch(value):
        raise CannotUse("the comma may stand for thousands or for a decimal point")
    if match[1] and match[1] not in quantity.limits:
        raise CannotUse("a limit was sent and not a value")
    factor = quantity.factors.get(unit_key(unit))
    if factor is None:
        shown = (
            f"the unit {unit.strip()!r} is not one that we convert" if unit.strip() else "no unit was sent"
        )
        known = ", ".join(key for key in quantity.factors if key)
        raise UnknownUnit(f"{shown} ({known})" if known else shown)
    # A computed value comes with all the digits of a double ("97.21355749214675"): no lab measured the seventh.
    number = round(float(match[2].replace("−", "-").replace(",", ".")), 6)
    converted = number * factor
    if factor != 1:
        converted = _rounded(converted)
    if name.endswith("_vertebrae"):
        if not converted.is_integer():
            raise CannotUse("not a whole number of vertebrae")
        return Understood(name, int(converted), match[1])
    return Understood(name, converted, match[1])


def _rounded(value: float) -> float:
    """Four significant digits: a conversion adds no precision."""
    if value == 0:
        return 0.0
    return round(value, max(0, 3 - math.floor(math.log10(abs(value)))))
