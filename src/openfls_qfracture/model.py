"""The equations as read from the data file.

SPDX-License-Identifier: LGPL-3.0-or-later
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

OUTCOMES = ("mof", "hip")
SEXES = ("female", "male")

TRANSFORMS: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {
        "dage": lambda x: x,
        "pow(dage,0.5)": lambda x: math.pow(x, 0.5),
        "pow(dage,2)": lambda x: math.pow(x, 2),
        "pow(dage,3)": lambda x: math.pow(x, 3),
        "pow(dage,3)*log(dage)": lambda x: math.pow(x, 3) * math.log(x),
        "pow(dbmi,-0.5)": lambda x: math.pow(x, -0.5),
        "pow(dbmi,-1)": lambda x: math.pow(x, -1),
        "pow(dbmi,-2)": lambda x: math.pow(x, -2),
    }
)
"""Each transform that the data file names, of age/10 or BMI/10."""


@dataclass(frozen=True, slots=True)
class Term:
    """``coef * (transform(value / 10) - centre)`` of a continuous input."""

    transform: str
    centre: float
    coef: float

    def of(self, tenth: float) -> float:
        """The term's part of the sum; ``tenth`` is age/10 or BMI/10."""
        return self.coef * (TRANSFORMS[self.transform](tenth) - self.centre)


@dataclass(frozen=True, slots=True)
class Equation:
    """One equation: an outcome of one sex."""

    arguments: tuple[str, ...]
    survivor: tuple[float, ...]
    alcohol: tuple[float, ...]
    ethnicity: tuple[float, ...]
    smoking: tuple[float, ...]
    age: tuple[Term, ...]
    bmi: tuple[Term, ...]
    flags: Mapping[str, float]


def _text(name: str) -> str:
    return (files("openfls_qfracture") / name).read_text(encoding="utf-8")


def _equation(raw: Mapping[str, Any]) -> Equation:
    terms = {
        name: Term(term["transform"], term["centre"], term["coef"])
        for name, term in raw["continuous"].items()
    }
    return Equation(
        arguments=tuple(raw["argument_order"]),
        survivor=tuple(raw["survivor_by_year_0_18"]),
        alcohol=tuple(raw["alcohol_cat6"]),
        ethnicity=tuple(raw["ethrisk"]),
        smoking=tuple(raw["smoke_cat"]),
        age=tuple(term for name, term in terms.items() if name.startswith("age")),
        bmi=tuple(term for name, term in terms.items() if name.startswith("bmi")),
        flags=MappingProxyType(dict(raw["flags"])),
    )


_RAW = json.loads(_text("data/qfracture2012.json"))
ABOUT: Mapping[str, Any] = MappingProxyType(_RAW["about"])
"""Source, licence, copyright, paper, ranges and the meaning of the categories."""
RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {name: (low, high) for name, (low, high) in ABOUT["ranges"].items()}
)
EQUATIONS: Mapping[tuple[str, str], Equation] = MappingProxyType(
    {
        (outcome, sex): _equation(_RAW["equations"][f"{outcome}_{sex}"])
        for outcome in OUTCOMES
        for sex in SEXES
    }
)
BMI_PREDICTOR: Mapping[str, Any] = MappingProxyType(json.loads(_text("data/bmi_predictor.json")))

DISCLAIMER: str = _text("DISCLAIMER.txt").strip()
"""Must be displayed beside every score: an additional term of ClinRisk's licence."""
