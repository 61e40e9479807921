"""Many people at once, on NumPy columns.

Whole-number inputs meet the equations through tables: a year of age, a category or eight flags packed into a
byte each look up what they add to the sum. A table holds both outcomes as the two halves of a complex
number, so that one look-up serves both. Work goes in blocks that stay in the processor's cache.

SPDX-License-Identifier: LGPL-3.0-or-later
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openfls_qfracture.inputs import FIELDS, FIELDS_OF_ONE_SEX, FLAGS, Inputs
from openfls_qfracture.model import EQUATIONS, RANGES, SEXES
from openfls_qfracture.scalar import errors_of

FEMALE, MALE = 0, 1
BLOCK = 32_768
Floats = NDArray[np.float64]
Pairs = NDArray[np.complex128]

_CATEGORIES = ("age", "alcohol_cat6", "ethrisk", "smoke_cat", "surv")
_COMMON = tuple(name for name in FLAGS if name not in FIELDS_OF_ONE_SEX)
# Packed eight to a byte; the last byte has room for the flags of one sex.
_BYTES = (_COMMON[:8], _COMMON[8:16], (*_COMMON[16:], *FIELDS_OF_ONE_SEX))
_WOMEN_ONLY = frozenset(name for name, sex in FIELDS_OF_ONE_SEX.items() if sex == "female")


@dataclass(frozen=True, slots=True)
class ColumnScores:
    """Percentages of shape (n,), NaN where the row has an error; ``errors`` by row, joined with ``; ``."""

    osteoporotic_fracture_pct: Floats
    hip_fracture_pct: Floats
    errors: Mapping[int, str] = field(default_factory=dict)

    @property
    def shown_osteoporotic_fracture_pct(self) -> Floats:
        """The values to show: the hip's where it is higher."""
        return np.maximum(self.osteoporotic_fracture_pct, self.hip_fracture_pct)


def _pair(of: Any, *args: Any) -> Pairs:
    """Rows female, male; each value the pair (major osteoporotic, hip) as one complex number."""
    return np.array([np.array(of("mof", sex, *args)) + 1j * np.array(of("hip", sex, *args)) for sex in SEXES])


def _of_age(outcome: str, sex: str) -> list[float]:
    equation = EQUATIONS[outcome, sex]
    low, high = RANGES["age"]
    bmi_centres = -sum(term.coef * term.centre for term in equation.bmi)
    ages = range(int(low), int(high) + 1)
    return [sum(term.of(age / 10) for term in equation.age) + bmi_centres for age in ages]


def _of_byte(outcome: str, sex: str, names: tuple[str, ...]) -> list[float]:
    coefs = [EQUATIONS[outcome, sex].flags.get(name, 0.0) for name in names]
    return [sum(coef for bit, coef in enumerate(coefs) if byte >> bit & 1) for byte in range(256)]


def _of_ethnicity_and_smoking(outcome: str, sex: str) -> list[float]:
    equation = EQUATIONS[outcome, sex]
    return [ethnicity + smoking for ethnicity in equation.ethnicity for smoking in equation.smoking]


def _of_years(outcome: str, sex: str) -> list[float]:
    # Year 0 is outside the range; its survival of 0 has no logarithm.
    return [0.0, *np.log(EQUATIONS[outcome, sex].survivor[1:])]


def _of_bmi(outcome: str, sex: str, transform: str) -> list[float]:
    return [sum(term.coef for term in EQUATIONS[outcome, sex].bmi if term.transform == transform)]


_AGE = _pair(_of_age)
_FLAG_BYTES = [_pair(_of_byte, names) for names in _BYTES]
_ALCOHOL = _pair(lambda outcome, sex: EQUATIONS[outcome, sex].alcohol)
_ETHNICITY_SMOKING = _pair(_of_ethnicity_and_smoking)
_LOG_SURVIVAL = _pair(_of_years)
# BMI/10 to the power of -1 and -0.5 counts for major fractures, -2 for the hip.
_INVERSE = _pair(_of_bmi, "pow(dbmi,-1)")[:, 0].real.copy()
_ROOT = _pair(_of_bmi, "pow(dbmi,-0.5)")[:, 0].real.copy()
_SQUARE = _pair(_of_bmi, "pow(dbmi,-2)")[:, 0].imag.copy()


def _sex_codes(values: ArrayLike) -> NDArray[np.uint8]:
    """0 female, 1 male, 255 for anything else; from those codes or from the words."""
    array = np.asarray(values)
    if array.dtype == np.uint8:
        return array
    codes = np.full(array.shape, 255, np.uint8)
    if array.dtype.kind in "biuf":
        codes[array == FEMALE] = FEMALE
        codes[array == MALE] = MALE
    else:
        codes[array == "female"] = FEMALE
        codes[array == "male"] = MALE
    return codes


def _whole(values: NDArray[Any], low: int, high: int, bad: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The values less ``low`` as an index; out of range, missing or broken ones are marked in ``bad``, and
    0."""
    wrong = (values < low) | (values > high)
    if values.dtype.kind == "f":
        wrong |= values != np.floor(values)
    if wrong.any():
        bad |= wrong
        values = np.where(wrong, low, values)
    return values.astype(np.intp) - low


def _bits(values: NDArray[Any], asked: NDArray[np.bool_] | None, bad: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The flag as 0 or 1, one byte each; anything else is marked in ``bad``. ``asked``: of whom it is asked
    at all."""
    if asked is not None:
        values = np.where(asked, values, 0)
    if values.dtype in (np.uint8, np.bool_):
        bits = values.view(np.uint8)
        if bits.max(initial=0) <= 1:
            return bits
    wrong = (values != 0) & (values != 1)
    if wrong.any():
        bad |= wrong
        values = np.where(wrong, 0, values)
    return values.astype(np.uint8)


def _packed(
    block: Mapping[str, NDArray[Any]],
    names: tuple[str, ...],
    female: NDArray[np.bool_],
    bad: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    byte = np.zeros(bad.shape, np.uint8)
    for name in reversed(names):
        asked = None if name not in FIELDS_OF_ONE_SEX else female if name in _WOMEN_ONLY else ~female
        np.left_shift(byte, 1, out=byte)
        np.bitwise_or(byte, _bits(block[name], asked, bad), out=byte)
    return byte


def _score_block(
    sex: NDArray[np.uint8], block: Mapping[str, NDArray[Any]]
) -> tuple[Pairs, NDArray[np.bool_]]:
    bad = sex > MALE
    male = np.where(bad, 0, sex).astype(np.intp) if bad.any() else sex.astype(np.intp)
    bmi = block["bmi"].astype(np.float64, copy=False)
    thin = ~((bmi >= RANGES["bmi"][0]) & (bmi <= RANGES["bmi"][1]))
    if thin.any():
        bad |= thin
        bmi = np.where(thin, 25.0, bmi)
    at = {name: _whole(block[name], int(RANGES[name][0]), int(RANGES[name][1]), bad) for name in _CATEGORIES}
    female = male == FEMALE

    def look_up(table: Pairs, index: NDArray[np.intp]) -> Pairs:
        found: Pairs = table.ravel().take(index + male * table.shape[1], mode="clip")
        return found

    a = look_up(_AGE, at["age"])
    a += look_up(_ALCOHOL, at["alcohol_cat6"])
    a += look_up(_ETHNICITY_SMOKING, (at["ethrisk"] + 1) * 5 + at["smoke_cat"])
    for names, table in zip(_BYTES, _FLAG_BYTES, strict=True):
        a += look_up(table, _packed(block, names, female, bad).astype(np.intp))
    inverse = 10.0 / bmi
    a.real += inverse * _INVERSE.take(male) + np.sqrt(inverse) * _ROOT.take(male)
    a.imag += inverse * inverse * _SQUARE.take(male)
    halves = a.view(np.float64)
    np.exp(halves, out=halves)
    halves *= look_up(_LOG_SURVIVAL, at["surv"] + 1).view(np.float64)
    np.exp(halves, out=halves)
    np.subtract(1.0, halves, out=halves)
    halves *= 100.0
    return a, bad


def score_columns(columns: Mapping[str, ArrayLike]) -> ColumnScores:
    """The QFracture-2012 risks of many people.

    Args:
        columns: the names of `Inputs`, each an array of shape (n,) of whole numbers, booleans or floats (NaN
        is
            missing); ``sex`` as ``"female"``/``"male"`` or `FEMALE`/`MALE`. A column that is not there is
            missing for everybody of whom it is asked. Fastest with bytes (uint8 or bool) for flags and
            categories.
    """
    sex = _sex_codes(columns["sex"])
    count = len(sex)
    absent = np.full(count, np.nan)
    arrays = {name: np.asarray(columns.get(name, absent)) for name in FIELDS if name != "sex"}
    for name, array in arrays.items():
        if array.shape != (count,) or array.dtype.kind not in "biuf":
            raise TypeError(f"{name}: an array of {count} numbers is needed, not {array.dtype} {array.shape}")
    major, hip = np.empty(count), np.empty(count)
    errors: dict[int, str] = {}
    for start in range(0, count, BLOCK):
        part = slice(start, min(start + BLOCK, count))
        pairs, bad = _score_block(sex[part], {name: array[part] for name, array in arrays.items()})
        major[part], hip[part] = pairs.real, pairs.imag
        for row in np.flatnonzero(bad) + start:
            major[row] = hip[row] = np.nan
            errors[int(row)] = "; ".join(
                _errors(int(sex[row]), {name: array[row] for name, array in arrays.items()})
            )
    return ColumnScores(major, hip, errors)


def _errors(sex: int, values: Mapping[str, Any]) -> tuple[str, ...]:
    word = SEXES[sex] if sex in (FEMALE, MALE) else None
    return errors_of(Inputs(sex=word, **{name: value.item() for name, value in values.items()}))
