"""NOGG 2024 thresholds and classes for a recorded FRAX result. FRAX itself is never computed here.

Source: data/nogg2024_thresholds.csv (second-hand, see its column ``confidence``). Whether NOGG's own site
steps by age band or interpolates is not verified: the rule is a setting, and both are shown where they
differ.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from openfls.record.errors import BadInput
from openfls.record.picture import Picture

AGES = (50, 120)


class Between(StrEnum):
    """The rule between the printed ages."""

    BAND = "band"
    LINEAR = "linear"


class RiskClass(StrEnum):
    """The classes, from low to very high; `rank` orders them."""

    LOW = "low"
    INTERMEDIATE = "intermediate"
    HIGH = "high"
    VERY_HIGH = "very high"

    @property
    def rank(self) -> int:
        """0 for low to 3 for very high."""
        return list(RiskClass).index(self)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Ten-year probabilities, percent: lower assessment, intervention, upper assessment, very high risk."""

    lower: float
    intervention: float
    upper: float
    very_high: float

    def classify(self, percent: float) -> RiskClass:
        """At a threshold counts as above it."""
        if percent >= self.very_high:
            return RiskClass.VERY_HIGH
        if percent >= self.upper:
            return RiskClass.HIGH
        return RiskClass.INTERMEDIATE if percent >= self.lower else RiskClass.LOW


@dataclass(frozen=True, slots=True)
class Band:
    """The thresholds of one age band, both sexes."""

    age_from: int
    age_to: int
    major: Thresholds
    hip: Thresholds


@cache
def bands() -> tuple[Band, ...]:
    """The table, from the youngest band to the oldest."""
    text = (files("openfls.investigation") / "data" / "nogg2024_thresholds.csv").read_text(encoding="utf-8")
    names = ("lat", "it", "uat", "vhrt")
    return tuple(
        Band(
            int(row["age_from"]),
            int(row["age_to"]),
            Thresholds(*(float(row[f"{name}_mof"]) for name in names)),
            Thresholds(*(float(row[f"{name}_hip"]) for name in names)),
        )
        for row in csv.DictReader(text.splitlines())
    )


def _between(low: Thresholds, high: Thresholds, share: float) -> Thresholds:
    def mix(a: float, b: float) -> float:
        return a + (b - a) * share

    return Thresholds(
        mix(low.lower, high.lower),
        mix(low.intervention, high.intervention),
        mix(low.upper, high.upper),
        mix(low.very_high, high.very_high),
    )


def thresholds(age: int, between: Between = Between.BAND) -> tuple[Thresholds, Thresholds]:
    """The thresholds for a major osteoporotic and for a hip fracture at ``age`` (years).

    Linear: each band's values stand at its first year; from 70 on they are fixed either way.

    Raises:
        BadInput: the table does not reach this age.
    """
    if not AGES[0] <= age <= AGES[1]:
        raise BadInput(f"the NOGG thresholds begin at 50, not {age}", field="age")
    table = bands()
    at = next(index for index, band in enumerate(table) if band.age_from <= age <= band.age_to)
    band = table[at]
    if between is Between.BAND or at == len(table) - 1:
        return band.major, band.hip
    following = table[at + 1]
    share = (age - band.age_from) / (following.age_from - band.age_from)
    return _between(band.major, following.major, share), _between(band.hip, following.hip, share)


@dataclass(frozen=True, slots=True)
class Classified:
    """A FRAX result against the thresholds; ``risk`` is the higher of major and hip.

    ``other`` is the class by the other rule between ages where it differs, otherwise None.
    """

    major: RiskClass
    hip: RiskClass
    risk: RiskClass
    between: Between
    other: RiskClass | None = None
    above_intervention: bool = False


def _classes(age: int, major_pct: float, hip_pct: float, between: Between) -> tuple[RiskClass, RiskClass]:
    major, hip = thresholds(age, between)
    return major.classify(major_pct), hip.classify(hip_pct)


def classify(age: int, major_pct: float, hip_pct: float, between: Between = Between.BAND) -> Classified:
    """The class of a ten-year FRAX result (percent) at ``age``; the higher of major and hip wins.

    Raises:
        BadInput: the age is below 50, or a percentage is not one.
    """
    for name, value in (("frax.major_osteoporotic_pct", major_pct), ("frax.hip_pct", hip_pct)):
        if not 0 <= value <= 100:
            raise BadInput(f"{value:g} is not a percentage", field=name)
    major, hip = _classes(age, major_pct, hip_pct, between)
    risk = max(major, hip, key=lambda one: one.rank)
    other_rule = Between.LINEAR if between is Between.BAND else Between.BAND
    other = max(_classes(age, major_pct, hip_pct, other_rule), key=lambda one: one.rank)
    major_at, hip_at = thresholds(age, between)
    above = major_pct >= major_at.intervention or hip_pct >= hip_at.intervention
    return Classified(major, hip, risk, between, other if other is not risk else None, above)


def classify_picture(picture: Picture, between: Between = Between.BAND) -> Classified | None:
    """The class of the recorded FRAX result; None without age or FRAX, or below 50."""
    if picture.age is None or picture.frax is None or not AGES[0] <= picture.age <= AGES[1]:
        return None
    return classify(picture.age, picture.frax.major_osteoporotic_pct, picture.frax.hip_pct, between)
