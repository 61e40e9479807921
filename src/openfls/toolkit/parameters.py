"""The numbers behind the calculator: dated data with source, confidence and distribution; a blank is *not
found*."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources

import numpy as np

from openfls.record.errors import BadInput
from openfls.toolkit.engine.values import Array

Z95 = 1.959963984540054
"""Standard errors from the middle of a 95 % interval to its end."""


class Distribution(StrEnum):
    """How a parameter is drawn; ``low`` and ``high`` are its 95 % interval (for uniform: its ends)."""

    FIXED = "fixed"
    BETA = "beta"
    GAMMA = "gamma"
    LOGNORMAL = "lognormal"
    NORMAL = "normal"
    UNIFORM = "uniform"


CONFIDENCES = (
    "checked",
    "second-hand",
    "derived",
    "recalled, high",
    "recalled, medium",
    "recalled, low",
    "definition",
    "assumption",
    "not found",
    "scenario",
)
"""How a value is known. ``scenario``: the user's own; ``assumption``: a number nobody published."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model. ``value`` None: no figure was found and the scenario gave none.

    ``price_year`` is that of an amount of money, as its source writes it (2012/13, 2024); empty for
    everything else.
    """

    id: str
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    distribution: Distribution = Distribution.FIXED
    price_year: str = ""
    source: str = ""
    confidence: str = "scenario"
    note: str = ""

    @property
    def drawn(self) -> bool:
        """Whether it varies in the probabilistic analysis."""
        return self.distribution is not Distribution.FIXED and bool(self.value)


def packaged() -> dict[str, Parameter]:
    """The parameters that come with the package, by id, in the order of their file."""
    return dict(_packaged())


@cache
def _packaged() -> dict[str, Parameter]:
    text = resources.files("openfls.toolkit").joinpath("data/parameters.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        numbers = {name: float(row[name]) if row[name] else None for name in ("value", "low", "high")}
        found[row["id"]] = Parameter(
            id=row["id"],
            value=numbers["value"],
            low=numbers["low"],
            high=numbers["high"],
            unit=row["unit"],
            distribution=Distribution(row["distribution"]),
            price_year=row["price_year"],
            source=row["source"],
            confidence=row["confidence"],
            note=row["note"],
        )
    return found


SHARES = ("persistence.", "care_home.", "mortality.attributable_fraction")
RATIOS = ("efficacy.", "refracture.rr", "refracture.per_year_of_age", "treatment.course_years")
MAY_BE_NEGATIVE = ("treatment.waning_share",)
"""A share below zero is a rebound: more fractures than without the drug."""


def check(parameters: Mapping[str, Parameter]) -> None:
    """Refuse values that mean nothing. Raises `BadInput` naming the first such parameter."""
    for parameter in parameters.values():
        known = [number for number in (parameter.value, parameter.low, parameter.high) if number is not None]
        reason = ""
        if any(number < 0 for number in known) and not parameter.id.startswith(MAY_BE_NEGATIVE):
            reason = "is below zero"
        elif parameter.id.startswith(SHARES) and any(number > 1 for number in known):
            reason = "is a share and above 1"
        elif parameter.id.startswith(RATIOS) and parameter.value == 0:
            reason = "must be above zero"
        elif parameter.distribution is Distribution.LOGNORMAL and parameter.drawn and parameter.low == 0:
            reason = "a ratio's interval must begin above zero"
        if reason:
            raise BadInput(reason, where="scenario", field=f"parameters.{parameter.id}")


def value_of(parameters: Mapping[str, Parameter], name: str) -> float:
    """A value that the model cannot do without. Raises `BadInput` naming the key where it is not known."""
    value = parameters[name].value
    if value is None:
        unit = parameters[name].unit
        raise BadInput(
            f"no figure was found ({unit}); give a value", where="scenario", field=f"parameters.{name}"
        )
    return value


def interval(parameter: Parameter, relative_se: float) -> tuple[float, float]:
    """The 95 % interval: the published one, or the assumed one where a drawn parameter has none."""
    if parameter.value is None or not parameter.drawn:
        value = parameter.value or 0.0
        return value, value
    if parameter.low is not None and parameter.high is not None:
        return parameter.low, parameter.high
    reach = Z95 * relative_se
    if parameter.distribution in (Distribution.GAMMA, Distribution.LOGNORMAL):
        spread = float(np.sqrt(np.log1p(relative_se**2)))
        return parameter.value * float(np.exp(-Z95 * spread)), parameter.value * float(np.exp(Z95 * spread))
    if parameter.distribution is Distribution.BETA:
        return max(parameter.value * (1 - reach), 0.0), min(parameter.value * (1 + reach), 1.0)
    return parameter.value * (1 - reach), parameter.value * (1 + reach)


def draw(parameter: Parameter, draws: int, seed: int, relative_se: float) -> Array:
    """``[draw]`` values; ``[1]`` for a fixed one.

    Every parameter has its own stream, named by the seed and its id, so that changing one leaves the others'
    draws as they were.
    """
    value = parameter.value or 0.0
    low, high = interval(parameter, relative_se)
    if not parameter.drawn or not high > low:
        return np.array([value])
    generator = np.random.default_rng([seed, zlib.crc32(parameter.id.encode())])
    error = (high - low) / (2 * Z95)
    match parameter.distribution:
        case Distribution.UNIFORM:
            found = generator.uniform(low, high, draws)
        case Distribution.NORMAL:
            found = generator.normal(value, error, draws)
        case Distribution.LOGNORMAL:
            found = np.exp(generator.normal(np.log(value), np.log(high / low) / (2 * Z95), draws))
        case Distribution.GAMMA:
            found = generator.gamma((value / error) ** 2, error**2 / value, draws)
        case _:
            size = value * (1 - value) / error**2 - 1
            if size <= 0:
                raise BadInput("its interval is too wide for a share", where="scenario", field=parameter.id)
            found = generator.beta(value * size, (1 - value) * size, draws)
    return found


def draw_all(parameters: Mapping[str, Parameter], draws: int, seed: int) -> dict[str, Array]:
    """Every known parameter's draws by id; the unknown are left out. ``draws=0`` gives the values
    themselves."""
    relative_se = parameters["uncertainty.relative_se"].value or 0.0
    known = [parameter for parameter in parameters.values() if parameter.value is not None]
    if draws == 0:
        return {parameter.id: np.array([parameter.value or 0.0]) for parameter in known}
    return {parameter.id: draw(parameter, draws, seed, relative_se) for parameter in known}


def overridden(parameters: Mapping[str, Parameter], changes: Iterable[Parameter]) -> dict[str, Parameter]:
    """The parameters with some values replaced; unit and distribution stay unless the change names them.

    Raises:
        BadInput: no parameter has that id.
    """
    found = dict(parameters)
    for change in changes:
        known = found.get(change.id)
        if known is None:
            raise BadInput("no such parameter", where="scenario", field=f"parameters.{change.id}")
        distribution = change.distribution
        if distribution is Distribution.FIXED and change.low is not None:
            distribution = known.distribution if known.drawn or known.value is None else Distribution.NORMAL
        found[change.id] = replace(
            change,
            unit=known.unit,
            distribution=distribution,
            price_year=change.price_year or known.price_year,
        )
    return found
