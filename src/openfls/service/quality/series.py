"""One measure over time: its periods, which of them are still open, and what the charts' rules make of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from openfls.quality import Measure, MeasureSet
from openfls.quality import runs as xmr
from openfls.quality.counting import Result
from openfls.quality.disclosure import Shown
from openfls.quality.run_chart import CONFIDENCE, SOURCE, middle, run_signals
from openfls.quality.windows import is_open
from openfls.service.models import Service
from openfls.service.quality.leaving import Leaving
from openfls.service.quality.trends import over
from openfls.service.spans import Span, months_of, quarters_to

KINDS = {"xmr": "XmR chart", "run": "Run chart"}
BY = {"month": "By month", "quarter": "By quarter"}
_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Signal:
    """What a rule says of a point, and whether it speaks of more than before."""

    words: str
    is_rise: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One period. While ``is_open``, some of its people are within the window: no rule looks at it."""

    span: Span
    result: Result
    is_open: bool
    signals: tuple[Signal, ...] = ()
    shown: Shown | None = None
    """As it may leave: where it is there, ``result`` holds no other numbers."""

    @property
    def percent(self) -> float | None:
        """In percent; None where nobody counted."""
        return None if self.result.value is None else 100 * self.result.value

    @property
    def is_judged(self) -> bool:
        """Whether the rules look at it."""
        return not self.is_open and self.result.value is not None


@dataclass(frozen=True, slots=True)
class Level:
    """A line of the chart in percent: median, mean or limit."""

    words: str
    value: float
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """The points (on a page from the first that counted anybody), and the lines made of those that are judged."""

    points: tuple[Point, ...]
    levels: tuple[Level, ...]
    rules: str

    @property
    def judged(self) -> list[Point]:
        """Those that the rules look at."""
        return [point for point in self.points if point.is_judged]


@dataclass(frozen=True, slots=True)
class OverTime:
    """What is asked for: a measure of a service as of a day, by a period of `BY`, as a chart of `KINDS`.

    ``to_pass_on``: as it may leave, numbers, lines and rules alike.
    """

    service: Service
    chosen: MeasureSet
    measure: Measure
    today: date
    by: str = "month"
    kind: str = "xmr"
    to_pass_on: bool = False


def series(asked: OverTime) -> Series:
    """A measure over the last two years by month, or three by quarter: closed periods of the calendar only."""
    service, chosen, measure, today = asked.service, asked.chosen, asked.measure, asked.today
    spans = quarters_to(today) if asked.by == "quarter" else months_of(Span(None, None), today, _MONTHS)
    if asked.to_pass_on:
        return ruled(_leaving(Leaving(service, chosen.id, today), measure, today, spans), asked.kind)
    points = [
        Point(span, result, is_open(measure, span.until or today, today))
        for span, result in over(service, chosen.id, measure.id, today, spans)
    ]
    first = next((at for at, point in enumerate(points) if point.percent is not None), len(points))
    return ruled(points[first:], asked.kind)


def _leaving(leaving: Leaving, measure: Measure, today: date, spans: Sequence[Span]) -> list[Point]:
    points = []
    for span in spans:
        shown = leaving.share(measure.id, span)
        value = None if shown.value is None else shown.value / 100
        result = Result(measure.id, shown.numerator or 0.0, shown.denominator or 0.0, 0, 0, value, "")
        points.append(Point(span, result, is_open(measure, span.until or today, today), shown=shown))
    return points


def ruled(points: Sequence[Point], kind: str) -> Series:
    """The points with what the rules say, and the lines."""
    places = [place for place, point in enumerate(points) if point.is_judged]
    values = [points[place].percent or 0.0 for place in places]
    said: dict[int, list[Signal]] = {}
    for position, signal in _signals(values, kind):
        said.setdefault(places[position], []).append(signal)
    return Series(
        tuple(replace(point, signals=tuple(said.get(place, ()))) for place, point in enumerate(points)),
        tuple(_levels(values, kind)),
        f"{xmr.SOURCE} ({xmr.CONFIDENCE})" if kind == "xmr" else f"{SOURCE} ({CONFIDENCE})",
    )


def _signals(values: Sequence[float], kind: str) -> list[tuple[int, Signal]]:
    if kind == "run":
        return [(each.position, Signal(str(each.rule), each.rule.is_rise)) for each in run_signals(values)]
    return [(each.position, Signal(str(each.rule), not each.rule.is_fall)) for each in xmr.signals(values)]


def _levels(values: Sequence[float], kind: str) -> list[Level]:
    if kind == "run":
        centre = middle(values)
        return [] if centre is None else [Level("median", centre)]
    known = xmr.limits(values)
    if known is None:
        return []
    return [
        Level("mean", known.mean),
        Level("lower", known.lower, is_limit=True),
        Level("upper", min(known.upper, 100.0), is_limit=True),
    ]
