"""A FRAX result that somebody recorded: whether it can be, and the published adjustments, shown beside it as
ours.

FRAX itself is never computed. An adjustment is the arithmetic of NOGG 2024, table 2 (Kanis 2011), read
second-hand; it stands beside the recorded result, never in its place, and no rule of a guideline pack reads
it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openfls.investigation.ranges import Check, Verdict, check_date, check_value
from openfls.record.advice import Confidence
from openfls.record.picture import FraxResult, Picture

LINK = "https://frax.shef.ac.uk/FRAX/"
LINK_CONFIDENCE = Confidence.RECALLED_MEDIUM
"""Where FRAX is calculated; the address was not read, and its mark stands beside every link."""

AGES = (40, 90)


def check_frax(frax: FraxResult, today: date, age: int | None = None) -> tuple[Check, ...]:
    """What is impossible or unusual about a recorded result; empty where nothing is."""
    checks = [
        check_value("frax.major_osteoporotic_pct", frax.major_osteoporotic_pct),
        check_value("frax.hip_pct", frax.hip_pct),
        check_date("FRAX", frax.on, today),
    ]
    if frax.hip_pct > frax.major_osteoporotic_pct:
        words = "FRAX for the hip is above FRAX for any major fracture. Have the two been swapped?"
        checks.append(Check(Verdict.REFUSE, words))
    if not frax.country_model.strip():
        checks.append(Check(Verdict.REFUSE, "The country model of FRAX is needed, for example UK."))
    if age is not None and not AGES[0] <= age <= AGES[1]:
        nearest = AGES[0] if age < AGES[0] else AGES[1]
        words = f"FRAX is for the ages of 40 to 90. At {age} it calculates as at {nearest}."
        checks.append(Check(Verdict.QUERY, words))
    return tuple(check for check in checks if check.verdict is not Verdict.ACCEPT)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One published factor that applies: the probabilities (percent) after it alone, and where it is from."""

    name: str
    words: str
    major_pct: float
    hip_pct: float
    source: str
    confidence: Confidence


@cache
def _table() -> tuple[dict[str, str], ...]:
    text = (files("openfls.investigation") / "data" / "frax_adjustments.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _applies(name: str, picture: Picture) -> bool:
    dose = picture.prednisolone_mg_day if picture.glucocorticoids_now else None
    if name == "glucocorticoids-low":
        return dose is not None and 0 < dose < 2.5
    if name == "glucocorticoids-high":
        return dose is not None and dose >= 7.5
    return name == "falls" and picture.falls_last_year is not None and picture.falls_last_year >= 2


def adjustments(picture: Picture) -> tuple[Adjustment, ...]:
    """The factors that are known to apply, each by itself; none without a recorded FRAX result."""
    frax = picture.frax
    if frax is None:
        return ()
    return tuple(
        Adjustment(
            row["name"],
            row["words"],
            min(100.0, frax.major_osteoporotic_pct * float(row["major_factor"])),
            min(100.0, frax.hip_pct * float(row["hip_factor"])),
            row["source"],
            Confidence(row["confidence"]),
        )
        for row in _table()
        if _applies(row["name"], picture)
    )
