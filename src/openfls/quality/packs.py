"""Measure sets: dated packs, read from the data files of this room."""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.record.advice import Confidence
from openfls.record.errors import BadInput


class Basis(StrEnum):
    """What a measure divides by."""

    PEOPLE = "people"  # those met and those not met
    CASELOAD = "caseload"  # the fractures expected in the period, an estimate
    FIELDS = "fields"  # the fields of the row that are due


@dataclass(frozen=True, slots=True)
class Threshold:
    """One step of a rating: ``rating`` if the value compares so to ``limit``.

    ``limit`` is a percentage, or, with ``of_missing``, a number of fields that miss too often.
    """

    rating: str
    comparison: str
    limit: float
    of_missing: bool = False

    @property
    def words(self) -> str:
        """For example ``green >= 80 %``."""
        unit = " fields that miss too often" if self.of_missing else " %"
        return f"{self.rating} {self.comparison} {self.limit:g}{unit}"


COMPARISONS = {">=": operator.ge, ">": operator.gt, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class Switch:
    """A point on which the published definitions differ or are silent: the options, and the one taken."""

    id: str
    default: str
    options: tuple[str, ...]
    meaning: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a set, in words, and the rule with its parameters that says the same to an engine.

    ``days`` is the last day, counted from the index diagnosis, on which the step still counts.
    ``share`` is the part of the caseload that is expected (basis ``caseload``).
    """

    id: str
    title: str
    rule: str
    numerator: str
    denominator: str
    exclusions: str
    missing: str
    source: str
    confidence: Confidence
    basis: Basis = Basis.PEOPLE
    days: int = 0
    share: float = 1.0
    thresholds: tuple[Threshold, ...] = ()
    rating_note: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MeasureSet:
    """A dated set of measures, with its switches."""

    id: str
    version: str
    title: str
    published: date
    source: str
    measures: tuple[Measure, ...]
    switches: tuple[Switch, ...]

    def settings(self, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
        """The value of every switch: as ``chosen``, else its default. Raises BadInput for an unknown one."""
        values = {switch.id: switch.default for switch in self.switches}
        allowed = {switch.id: switch.options for switch in self.switches}
        for name, value in (chosen or {}).items():
            if name not in allowed:
                raise BadInput(f"no such switch; there are {', '.join(allowed) or 'none'}", field=name)
            if value not in allowed[name]:
                raise BadInput(f"{value!r} is not one of {', '.join(allowed[name])}", field=name)
            values[name] = value
        return values

    def measure(self, measure_id: str) -> Measure:
        """The measure with that id. Raises BadInput."""
        for measure in self.measures:
            if measure.id == measure_id:
                return measure
        raise BadInput(f"no measure {measure_id!r} in the set {self.id}")


SET_IDS = ("flsdb", "iof", "standards", "own-the-bone", "pathway")


@cache
def measure_set(set_id: str) -> MeasureSet:
    """The current version of a set. Raises BadInput for an id that is not in `SET_IDS`."""
    if set_id not in SET_IDS:
        raise BadInput(f"no measure set {set_id!r}; there are {', '.join(SET_IDS)}", field="set")
    text = files("openfls.quality").joinpath("data", f"{set_id}.toml").read_text(encoding="utf-8")
    pack = tomllib.loads(text)
    return MeasureSet(
        id=pack["id"],
        version=pack["version"],
        title=pack["title"],
        published=pack["published"],
        source=pack["source"],
        measures=tuple(_measure(pack, entry) for entry in pack["measures"]),
        switches=tuple(
            Switch(
                id=name,
                default=entry["default"],
                options=tuple(entry["options"]),
                meaning=entry["meaning"],
                confidence=Confidence(entry["confidence"]),
            )
            for name, entry in pack.get("switches", {}).items()
        ),
    )


def _measure(pack: Mapping[str, Any], entry: Mapping[str, Any]) -> Measure:
    known = {"id", "title", "rule", "numerator", "denominator", "exclusions", "missing", "note"}
    words = {name: value for name, value in entry.items() if name in known}
    rating = pack["ratings"][entry.get("rating", "standard")]
    return Measure(
        **words,
        basis=Basis(entry.get("basis", "people")),
        days=entry.get("days", 0),
        share=entry.get("share", 1.0),
        source=entry.get("source", pack["source"]),
        confidence=Confidence(entry["confidence"]),
        thresholds=tuple(
            Threshold(colour, comparison, limit, rating.get("of_missing", False))
            for colour, comparison, limit in rating["steps"]
        ),
        rating_note=rating["note"],
    )
