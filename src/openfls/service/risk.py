"""Fracture risk of one person as a page shows it: the score, the recorded FRAX result, and where it falls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openfls.investigation.chart import SOURCE, ChartRow, Outcome, Point, chart_point, chart_rows, nogg_chart
from openfls.investigation.frax_record import LINK, LINK_CONFIDENCE, Adjustment, adjustments, check_frax
from openfls.investigation.nogg import Between, Classified, classify_picture
from openfls.record.advice import Confidence
from openfls.record.picture import FraxResult, Picture
from openfls.service.advice import scored_picture, shown_score
from openfls.service.guidance import choices_for, guidance_of
from openfls.service.models import Episode

NOGG = next(key for key in choices_for("guideline") if key.startswith("NOGG@"))


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart, the numbers beside it, and the person's point (None without a FRAX result from the age of 50)."""

    outcome: Outcome
    svg: str
    rows: tuple[ChartRow, ...]
    point: Point | None


@dataclass(frozen=True, slots=True)
class Risk:
    """Everything about fracture risk on one page."""

    on: date
    picture: Picture
    is_on: bool
    qfracture: dict[str, Any]
    hip_raised_major: bool
    frax: FraxResult | None
    frax_notes: tuple[str, ...]
    adjustments: tuple[Adjustment, ...]
    classified: Classified | None
    between: Between
    charts: tuple[Chart, ...]
    source: str = SOURCE
    link: str = LINK
    link_confidence: Confidence = LINK_CONFIDENCE


def risk_of(episode: Episode, on: date) -> Risk:
    """The fracture risk of a person on a day. FRAX is never calculated: its result is the one on record."""
    guidance = guidance_of(episode.service, on)
    picture, scored = scored_picture(episode, on)
    between = Between(str(guidance.value(NOGG, "between_ages")))
    notes = check_frax(picture.frax, on, picture.age) if picture.frax else ()
    result = scored.result
    return Risk(
        on=on,
        picture=picture,
        is_on=guidance.is_on,
        qfracture=shown_score(scored, picture) if guidance.is_on else {},
        hip_raised_major=result is not None and result.major_osteoporotic_pct == result.hip_pct,
        frax=picture.frax,
        frax_notes=tuple(note.message for note in notes),
        adjustments=adjustments(picture),
        classified=classify_picture(picture, between),
        between=between,
        charts=_charts(picture, between) if picture.frax and guidance.is_on else (),
    )


def _charts(picture: Picture, between: Between) -> tuple[Chart, ...]:
    return tuple(
        Chart(
            outcome,
            nogg_chart(picture, outcome, between),
            chart_rows(outcome, between),
            chart_point(picture, outcome, between),
        )
        for outcome in Outcome
    )
