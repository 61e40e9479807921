"""What a chart over time says: its title with the finding, the drawing, its table; exact or to pass on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openfls.quality import charts
from openfls.quality import runs as xmr
from openfls.quality.disclosure import SHORT_RULE
from openfls.quality.rating import percent_words
from openfls.quality.windows import last_day, open_until
from openfls.service.models import Change
from openfls.service.quality.series import OverTime, Point, Series, series
from openfls.service.quality.trends import changes_to, place_of
from openfls.service.spans import Span


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table beside a chart; ``open_until`` is the last day on which its period is open."""

    point: Point
    open_until: date | None

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
    marked: frozenset[int]
    """The keys of the changes that the chart marks; the others began outside of it."""
    rules: str
    window: int


def over_time(asked: OverTime) -> Figure:
    """A measure over time; what is to be passed on as it may leave, drawing, title, lines and rules alike."""
    found, measure = series(asked), asked.measure
    chosen, today, by, to_pass_on = asked.chosen, asked.today, asked.by, asked.to_pass_on
    changes = changes_to(asked.service, chosen.id, measure.id)
    spans = [point.span for point in found.points]
    placed = {
        number: place
        for number, change in enumerate(changes, start=1)
        if (place := place_of(change.began_on, spans)) is not None
    }
    marks = [charts.Mark(place, str(number)) for number, place in placed.items()]
    title = f"{measure.title}: {_finding(found, to_pass_on=to_pass_on)}"
    under = (
        f"{asked.service.name}; by {by} of the index diagnosis, closed {by}s only; counted {today.day} {today:%B %Y}. "
        f"Definitions: {chosen.id} {chosen.version}."
    )
    if to_pass_on:
        under += f" {SHORT_RULE}"
    nothing = "too few for a percentage" if to_pass_on else "nobody counted"
    points = [
        charts.Point(
            short(point.span, by), point.percent, bool(point.signals), is_open=point.is_open, words=nothing
        )
        for point in found.points
    ]
    levels = [charts.Level(level.value, level.words, level.is_limit) for level in found.levels]
    return Figure(
        charts.over_time("time", title, under, points, levels, marks),
        title,
        tuple(
            Line(
                point,
                open_until(measure, point.span.until) if point.is_open and point.span.until else None,
            )
            for point in found.points
        ),
        tuple(changes),
        frozenset(changes[number - 1].pk for number in placed),
        found.rules,
        last_day(measure),
    )


def _finding(found: Series, *, to_pass_on: bool) -> str:
    judged = found.judged
    still = sum(point.is_open for point in found.points)
    waiting = f"; {still} still open" if still else ""
    if to_pass_on and all(point.percent is None for point in found.points):
        return "too few people for percentages that may leave"
    if not found.points:
        return "nobody counted yet"
    if not judged:
        return f"no period is over yet{waiting}"
    last = judged[-1]
    numbers = f"{last.result.numerator:g} of {last.result.denominator:.4g}"
    now = f"{percent_words(last.percent or 0.0)} % in {last.span.words} ({numbers}){waiting}"
    if len(judged) < xmr.FEWEST:
        return f"{now}; too few periods to tell a change from chance"
    recent = [signal for point in judged[-3:] for signal in point.signals]
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
