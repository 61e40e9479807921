"""Kidney function for drug doses, adjusted calcium, and how long a result may be used.

Creatinine clearance (Cockcroft-Gault, mL/min) and eGFR (mL/min/1.73 m²) are different quantities: drug
limits are given in the first, and neither is ever put in place of the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openfls.investigation.fractures import months_before
from openfls.investigation.ranges import Verdict, check_value
from openfls.record.advice import Confidence
from openfls.record.errors import BadInput
from openfls.record.people import Sex
from openfls.record.picture import Picture

_FACTOR = {Sex.FEMALE: 1.04, Sex.MALE: 1.23}
CRCL_SOURCE = "Cockcroft-Gault, (140 - age) x kg x 1.04 (women) or 1.23 (men) / creatinine in µmol/L"
CRCL_CONFIDENCE = Confidence.SECOND_HAND
CALCIUM_SOURCE = "calcium + 0.02 x (40 - albumin in g/L); the laboratory's own adjusted value goes before it"
CALCIUM_CONFIDENCE = Confidence.RECALLED_HIGH


@dataclass(frozen=True, slots=True)
class Clearance:
    """Creatinine clearance in mL/min; None where an input is ``missing``."""

    ml_min: float | None
    missing: tuple[str, ...] = ()


def creatinine_clearance(age: int, weight_kg: float, sex: Sex, creatinine_umol_l: float) -> float:
    """Cockcroft-Gault clearance in mL/min.

    Raises:
        BadInput: the sex is unknown, or a value is impossible.
    """
    if sex not in _FACTOR:
        raise BadInput("needed for the creatinine clearance", field="sex")
    values = {"age": age, "weight_kg": weight_kg, "creatinine_umol_l": creatinine_umol_l}
    for field, value in values.items():
        check = check_value(field, value)
        if check.verdict is Verdict.REFUSE:
            raise BadInput(check.message, field=field)
    return (140 - age) * weight_kg * _FACTOR[sex] / creatinine_umol_l


def clearance(picture: Picture) -> Clearance:
    """The clearance of a picture. It is never derived from the eGFR."""
    age, weight, creatinine = picture.age, picture.weight_kg, picture.creatinine_umol_l
    missing = [
        name
        for name, known in (
            ("age", age is not None),
            ("sex", picture.sex is not Sex.UNKNOWN),
            ("weight_kg", weight is not None),
            ("creatinine_umol_l", creatinine is not None),
        )
        if not known
    ]
    if age is None or weight is None or creatinine is None or missing:
        return Clearance(None, tuple(missing))
    return Clearance(creatinine_clearance(age, weight, picture.sex, creatinine))


def adjusted_calcium(total_mmol_l: float, albumin_g_l: float) -> float:
    """Calcium adjusted for albumin, mmol/L, where the laboratory gives only the total.

    Raises:
        BadInput: a value is impossible; albumin in g/dL is the usual slip.
    """
    for field, value in (("total_calcium_mmol_l", total_mmol_l), ("albumin_g_l", albumin_g_l)):
        check = check_value(field, value)
        if check.verdict is Verdict.REFUSE:
            raise BadInput(check.message, field=field)
    return total_mmol_l + 0.02 * (40 - albumin_g_l)


@dataclass(frozen=True, slots=True)
class Expiry:
    """Whether a result is out of date, the months it is good for, and how sure that limit is."""

    field: str
    expired: bool
    months: int
    confidence: Confidence


@cache
def _expiry() -> tuple[Mapping[str, int], Confidence]:
    text = (files("openfls.investigation") / "data" / "expiry.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return table["months"], Confidence(table["confidence"])


def expiry(field: str, taken: date, today: date, months: Mapping[str, int] | None = None) -> Expiry | None:
    """Whether a result ``taken`` on a day may still be used ``today``; None for a field without a limit.

    ``months`` are a service's own limits in place of the data file's, which are (recalled, low).
    """
    defaults, confidence = _expiry()
    limit = {**defaults, **(months or {})}.get(field)
    if limit is None:
        return None
    return Expiry(field, taken < months_before(today, limit), limit, confidence)
