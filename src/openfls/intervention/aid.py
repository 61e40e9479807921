"""The decision aid: what each drug may do for this person, in plain numbers, with how they are known.

Only figures that stand in the sources are shown. A hip figure takes the person's own ten-year risk as recorded (FRAX or
QFracture) and the ratio found in trials, as if the effect lasted ten years; that step is (inferred) and said.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.record.advice import Confidence
from openfls.record.picture import Picture

CIRCLES = 100
ASSUMED = "The trials lasted about three years; that the effect lasts ten is assumed."


@dataclass(frozen=True, slots=True)
class Benefit:
    """Of 100 people like this one (or of 100 spine fractures), how many break ``without`` and how many ``with_``.

    Both are rounded to whole people; ``sentence`` says the same in words.
    """

    drug: str
    outcome: str
    without: int
    with_: int
    sentence: str
    interval: str
    source: str
    confidence: Confidence
    assumed: str = ""


@cache
def _table() -> dict[str, Any]:
    text = (files("openfls.intervention") / "data" / "aid.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def hip_risk(picture: Picture) -> tuple[float, str] | None:
    """The ten-year risk of a hip fracture, percent, and which tool gave it; None where none is recorded.

    FRAX goes before QFracture. A QFracture over fewer than ten years is not one of ten years and does not count.
    """
    if picture.frax is not None:
        return picture.frax.hip_pct, "FRAX"
    if picture.qfracture is not None and picture.qfracture.years == 10:
        return picture.qfracture.hip_pct, picture.qfracture.version
    return None


def benefits(picture: Picture, drug: str) -> tuple[Benefit, ...]:
    """What is known of ``drug`` for the person of ``picture``; nothing where no figure is."""
    return tuple(
        made
        for row in _table()["benefit"]
        if row["drug"] == drug and (made := _benefit(row, picture)) is not None
    )


def _benefit(row: dict[str, Any], picture: Picture) -> Benefit | None:
    common = (row["interval"], row["source"], Confidence(row["confidence"]))
    if row["outcome"] == "spine":
        left = round(100 * row["ratio"])
        words = (
            f"Of 100 spine fractures that would happen without it, about {100 - left} do not happen with it."
        )
        return Benefit(row["drug"], "spine", 100, left, words, *common)
    risk = hip_risk(picture)
    if risk is None:
        return None
    without, with_ = round(risk[0]), round(risk[0] * row["ratio"])
    words = (
        f"Of 100 people with your risk ({risk[0]:.1f} % by {risk[1]}), about {without} break a hip in ten years "
        f"without it, and about {with_} with it."
    )
    return Benefit(row["drug"], "hip", without, with_, words, *common, assumed=ASSUMED)


def harms(drug: str) -> tuple[str, ...]:
    """What may go wrong, in words; how often is in no source of ours."""
    return tuple(row["text"] for row in _table()["harm"] if drug in row["drugs"])
