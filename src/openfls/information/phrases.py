"""Dates, numbers and lists as people in the United Kingdom read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openfls.information.words import ENGLISH, months, say
from openfls.record.people import nhs_number_digits


def uk_date(day: date | None, language: str = ENGLISH) -> str:
    """``3 March 2026``; empty when the day is not known. The system's locale has no say in it."""
    return f"{day.day} {months(language)[day.month - 1]} {day.year}" if day is not None else ""


def spaced_nhs_number(number: str) -> str:
    """``999 000 0018``: ten digits in the usual groups; anything else unchanged."""
    digits = nhs_number_digits(number)
    if len(digits) == 10 and digits.isdigit():
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return number


def joined(parts: Sequence[str], language: str = ENGLISH) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])}{say('lists.and', language)}{parts[-1]}"
