"""What a chart over time says: its title with the finding, the drawing, its table; exact or to pass on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openfls.quality import Measure, MeasureSet, charts
from openfls.quality import runs as xmr
from openfls.quality.disclosure import SHORT_RULE, SafeResult
from openfls.quality.rating import percent_words
from openfls.quality.windows import last_day, open_until
from openfls.service.models import Change, Service
from openfls.service.quality.leaving import safe_series
from openfls.service.quality.series import Point, Series, ruled, series
from openfls.service.quality.trends import changes_to, place_of
from openfls.service.spans import Span


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table beside a chart; ``open_until`` is the last day on which its period is open."""

    point: Point
    open_until: date | None
    safe: SafeResult

    @property
    def signals(self) -> tuple[str, ...]:
        """What the rules say of it."""
        return tuple(signal.words for signal in self.point.signals)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart over time with everything that stands around it."""

    svg: str
    title: str
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    rules: str
    window: int


def over_time(
    service: Service,
    chosen: MeasureSet,
    measure: Measure,
    today: date,
    by: str = "month",
    kind: str = "xmr",
    *,
    to_pass_on: bool = False,
) -> Figure:
    """A measure over time. ``to_pass_on``: as it may leave, with suppressed periods left out of drawing and title."""
    found = series(service, chosen, measure, today, by, kind)
    safe = safe_series(
        measure, [point.result for point in found.points], guessed=service.expected_caseload is None
    )
    if to_pass_on:  # of the exact numbers, a mean would tell of those that are suppressed
        found = ruled(found.points, kind, _percents(safe))
    changes = changes_to(service, chosen.id, measure.id)
    spans = [point.span for point in found.points]
    marks = [
        charts.Mark(place, str(number))
        for number, change in enumerate(changes, start=1)
        if (place := place_of(change.began_on, spans)) is not None
    ]
    shown = [_shown(point, each, to_pass_on) for point, each in zip(found.points, safe, strict=True)]
    title = f"{measure.title}: {_finding(found, shown)}"
    under = (
        f"{service.name}; by {by} of the index diagnosis, closed {by}s only; counted {today.day} {today:%B %Y}. "
        f"Definitions: {chosen.id} {chosen.version}."
    )
    if to_pass_on:
        under += f" {SHORT_RULE}"
        if any(each.shown.is_hidden for each in safe):
            under += " Lines and rules are made of what is shown."
    points = [
        charts.Point(
            short(point.span, by),
            None if each is None else each.percent,
            bool(point.signals) and each is not None,
            is_open=point.is_open,
            words="suppressed" if each is None else "nobody counted",
        )
        for point, each in zip(found.points, shown, strict=True)
    ]
    levels = [charts.Level(level.value, level.words, level.is_limit) for level in found.levels]
    return Figure(
        charts.over_time("time", title, under, points, levels, marks),
        title,
        tuple(
            Line(
                point,
                open_until(measure, point.span.until) if point.is_open and point.span.until else None,
                each,
            )
            for point, each in zip(found.points, safe, strict=True)
        ),
        tuple(changes),
        found.rules,
        last_day(measure),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A point as it is told: its percentage and its two numbers in words."""

    percent: float | None
    numbers: str


def _shown(point: Point, safe: SafeResult, to_pass_on: bool) -> _Told | None:
    """The point as it is told; None where it is suppressed."""
    if not to_pass_on:
        return _Told(point.percent, f"{point.result.numerator:g} of {point.result.denominator:.4g}")
    share = safe.shown
    return None if share.is_hidden else _Told(share.value, f"{share.numerator} of {share.denominator}")


def _percents(safe: Sequence[SafeResult]) -> dict[int, float]:
    """The percentages that are shown, by place."""
    return {place: each.shown.value for place, each in enumerate(safe) if each.shown.value is not None}


def _finding(found: Series, shown: Sequence[_Told | None]) -> str:
    judged = [
        (point, each) for point, each in zip(found.points, shown, strict=True) if point.is_judged and each
    ]
    still = sum(point.is_open for point in found.points)
    waiting = f"; {still} still open" if still else ""
    if not found.points:
        return "nobody counted yet"
    if not judged:
        return f"no period is over yet{waiting}" if still else "no period that may be shown"
    last, latest = judged[-1]
    now = f"{percent_words(latest.percent or 0.0)} % in {last.span.words} ({latest.numbers}){waiting}"
    if len(judged) < xmr.FEWEST:
        return f"{now}; too few periods to tell a change from chance"
    recent = [signal for point, _ in judged[-3:] for signal in point.signals]
    if not recent:
        return f"{now}; no change beyond chance lately"
    way = "rising" if recent[-1].is_rise else "falling"
    return f"{now}; {way}: {recent[-1].words}"


def short(span: Span, by: str) -> str:
    """``May 26`` or ``Q2 26``."""
    assert span.since is not None  # a period of a chart has both ends
    if by == "quarter":
        return f"Q{(span.since.month + 2) // 3} {span.since:%y}"
    return f"{span.since:%b %y}"
