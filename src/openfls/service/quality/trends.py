"""What the judged rows of a service show over time, along the pathway, by group, and in days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from openfls.quality import State, measure_set
from openfls.quality.counting import Result
from openfls.record.clocks import ASSESS_WITHIN
from openfls.record.pathway import State as Place
from openfls.service.models import Change, Episode, Service
from openfls.service.quality.judging import judged
from openfls.service.spans import Span

PATHWAY = "pathway"


@dataclass(frozen=True, slots=True)
class TimeTo:
    """A step whose time is told: its gap, its words, and the day by which it is due (None: no limit is set)."""

    key: str
    words: str
    limit: int | None


TIMES = (
    TimeTo("assessment_gap", "assessment", ASSESS_WITHIN),
    TimeTo("dxa_gap", "DXA", 90),
    TimeTo("gp_letter_gap", "letter to the practice", None),
    TimeTo("start_gap", "start of treatment", None),
    TimeTo("review_16_gap", "16-week review", 112),
    TimeTo("review_52_gap", "52-week review", 392),
)


@dataclass(frozen=True, slots=True)
class Days:
    """How long a step took those who made it: median and quartiles in days, people by whole weeks (the last entry
    holds the rest), and how many have not made it."""

    step: TimeTo
    made: int
    not_made: int
    median: float | None
    lower: float | None
    upper: float | None
    weeks: tuple[int, ...]
    early: int
    """Dated before the diagnosis: shown apart, in no bar."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the way from found to treated. ``lost`` did not make it and no longer can, ``open`` still may."""

    key: str
    title: str
    made: int
    lost: int
    still_open: int
    left_out: int = 0


def over(
    service: Service, set_id: str, key: str, as_of: date, spans: Sequence[Span]
) -> list[tuple[Span, Result]]:
    """One measure in each of several periods."""
    rows = judged(service, set_id, as_of)
    return [
        (span, rows.count(rows.between(span.since, span.until), span.years, (key,))[key]) for span in spans
    ]


def stages(service: Service, as_of: date, span: Span) -> list[Stage]:
    """From found to on treatment at a year, of the fractures of a period. What is found and confirmed comes from the
    episodes, every later step from the set `pathway`."""
    episodes = Episode.objects.filter(service=service)
    if span.since and span.until:
        episodes = episodes.filter(index_date__gte=span.since, index_date__lte=span.until)
    waiting = episodes.filter(state=Place.FOUND).count()
    refuted = episodes.filter(state=Place.NOT_FOR_US).count()
    rows = judged(service, PATHWAY, as_of)
    chosen = rows.between(span.since, span.until)
    confirmed = int(np.count_nonzero(chosen))
    eligible = int(np.count_nonzero(chosen & rows.state_of("confirmed", State.MET)))
    found = [
        Stage("found", "Found", confirmed + waiting + refuted, 0, 0),
        Stage("confirmed", "Confirmed", eligible, refuted, waiting, confirmed - eligible),
    ]
    for measure in measure_set(PATHWAY).measures[1:]:
        made, lost, still_open, _ = (
            int(np.count_nonzero(chosen & rows.state_of(measure.id, state)))
            for state in (State.MET, State.NOT_MET, State.UNKNOWN, State.NOT_ELIGIBLE)
        )
        left_out = found[-1].made - made - lost - still_open
        found.append(Stage(measure.id, measure.title, made, lost, still_open, left_out))
    return found


def times(service: Service, as_of: date, span: Span) -> list[Days]:
    """How long each step took after the index diagnosis."""
    rows = judged(service, PATHWAY, as_of)
    chosen = rows.between(span.since, span.until) & rows.state_of("confirmed", State.MET)
    found = []
    for step in TIMES:
        gaps = rows.gaps[step.key][chosen]
        dated = gaps[~np.isnan(gaps)]
        after = dated[dated >= 0]
        last = max(26, (step.limit or 0) // 7 + 8)
        weeks: Sequence[int] = (
            np.bincount(np.minimum(after // 7, last).astype(int), minlength=last + 1).tolist()
            if len(after)
            else []
        )
        quarter, half, three = np.percentile(dated, (25, 50, 75)) if len(dated) else (None, None, None)
        found.append(
            Days(
                step=step,
                made=len(dated),
                not_made=int(np.count_nonzero(chosen)) - len(dated),
                median=half if half is None else float(half),
                lower=quarter if quarter is None else float(quarter),
                upper=three if three is None else float(three),
                weeks=tuple(weeks),
                early=len(dated) - len(after),
            )
        )
    return found


def changes_to(service: Service, set_id: str, key: str) -> list[Change]:
    """The changes that were tried to better a measure, the oldest first."""
    rows = Change.objects.filter(service=service, measure_set=set_id, measure=key, withdrawn=False)
    return list(rows.order_by("began_on", "pk"))


def place_of(day: date, spans: Sequence[Span]) -> float | None:
    """Where a day lies among periods, as a position on a chart; None outside of all."""
    for place, span in enumerate(spans):
        if span.since and span.until and span.since <= day <= span.until:
            whole = (span.until - span.since + timedelta(days=1)).days
            return place - 0.5 + (day - span.since).days / whole
    return None
