"""What a chart says: its title with the finding, the words under it, the drawing, and the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openfls.quality import Measure, MeasureSet, charts
from openfls.quality import runs as xmr
from openfls.quality.counting import Result
from openfls.quality.run_chart import CONFIDENCE, SOURCE, middle, run_signals
from openfls.service.models import Change, Service
from openfls.service.spans import Span, months_of, quarters_to
from openfls.service.trends import Days, Stage, changes_to, over, place_of

KINDS = {"xmr": "XmR chart", "run": "Run chart"}
BY = {"month": "By month", "quarter": "By quarter"}
_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table beside a chart."""

    span: Span
    result: Result
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart over time with everything that stands around it."""

    svg: str
    title: str
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    rules: str


def periods(by: str, today: date) -> list[Span]:
    """The closed periods of a chart."""
    return quarters_to(today) if by == "quarter" else months_of(Span(None, None), today, _MONTHS)


def over_time(
    service: Service, chosen: MeasureSet, measure: Measure, today: date, by: str = "month", kind: str = "xmr"
) -> Figure:
    """A measure over the last two years by month, or three by quarter."""
    spans = periods(by, today)
    results = over(service, chosen.id, measure.id, today, spans)
    first = next(
        (place for place, (_, result) in enumerate(results) if result.value is not None), len(results)
    )
    results, spans = results[first:], spans[first:]
    places = [place for place, (_, result) in enumerate(results) if result.value is not None]
    values = [100 * (result.value or 0.0) for _, result in results if result.value is not None]
    found = _signals(values, kind)
    said: dict[int, list[str]] = {}
    for position, words, _ in found:
        said.setdefault(places[position], []).append(words)
    changes = changes_to(service, chosen.id, measure.id)
    marks = [
        charts.Mark(place, str(number))
        for number, change in enumerate(changes, start=1)
        if (place := place_of(change.began_on, spans)) is not None
    ]
    title = f"{measure.title}: {_finding(values, found, results)}"
    under = (
        f"{service.name}; by {by} of the index diagnosis, closed {by}s only; counted {_day(today)}. "
        f"Definitions: {chosen.id} {chosen.version}."
    )
    points = [
        charts.Point(short(span, by), None if result.value is None else 100 * result.value, place in said)
        for place, (span, result) in enumerate(results)
    ]
    return Figure(
        charts.over_time("time", title, under, points, _levels(values, kind), marks),
        title,
        tuple(Line(span, result, tuple(said.get(place, ()))) for place, (span, result) in enumerate(results)),
        tuple(changes),
        f"{xmr.SOURCE} ({xmr.CONFIDENCE})" if kind == "xmr" else f"{SOURCE} ({CONFIDENCE})",
    )


def _signals(values: Sequence[float], kind: str) -> list[tuple[int, str, bool]]:
    """Position, words, and whether it speaks of more."""
    if kind == "run":
        return [(signal.position, str(signal.rule), signal.rule.is_rise) for signal in run_signals(values)]
    return [(signal.position, str(signal.rule), not signal.rule.is_fall) for signal in xmr.signals(values)]


def _levels(values: Sequence[float], kind: str) -> list[charts.Level]:
    if kind == "run":
        centre = middle(values)
        return [] if centre is None else [charts.Level(centre, "median")]
    known = xmr.limits(values)
    if known is None:
        return []
    return [
        charts.Level(known.mean, "mean"),
        charts.Level(known.lower, "lower", dashed=True),
        charts.Level(min(known.upper, 100.0), "upper", dashed=True),
    ]


def _finding(
    values: Sequence[float], found: Sequence[tuple[int, str, bool]], results: Sequence[tuple[Span, Result]]
) -> str:
    if not values:
        return "nobody counted yet"
    last, latest = next(each for each in reversed(results) if each[1].value is not None)
    # Who is met counts at once, who is not only once the window has passed: an open month looks better than it is.
    still = f", {latest.unknown:,} not yet known" if latest.unknown else ""
    now = f"{values[-1]:.0f} % in {last.words} ({latest.numerator:g} of {latest.denominator:.4g}{still})"
    if len(values) < xmr.FEWEST:
        return f"{now}; too few periods to tell a change from chance"
    recent = [each for each in found if each[0] >= len(values) - 3]
    if not recent:
        return f"{now}; no change beyond chance lately"
    way = "rising" if recent[-1][2] else "falling"
    return f"{now}; {way}: {recent[-1][1]}"


def short(span: Span, by: str) -> str:
    """``May 26`` or ``Q2 26``."""
    assert span.since is not None  # a period of a chart has both ends
    if by == "quarter":
        return f"Q{(span.since.month + 2) // 3} {span.since:%y}"
    return f"{span.since:%b %y}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def pathway(service: Service, stages: Sequence[Stage], span: Span, today: date) -> tuple[str, str]:
    """The chain of steps: its drawing and its title."""
    lost = max(stages[1:], key=lambda stage: stage.lost, default=None)
    waiting = sum(stage.still_open for stage in stages)
    so_far = f", and {waiting:,} still may be" if waiting else ""
    if not stages or stages[0].made == 0:
        title = "Nobody was found in this period"
    elif lost is None or lost.lost == 0:
        title = f"{stages[-1].made:,} of {stages[0].made:,} found are on treatment at a year{so_far}; nobody is lost"
    else:
        title = (
            f"{stages[-1].made:,} of {stages[0].made:,} found are on treatment at a year{so_far}; "
            f"most are lost before “{lost.title.lower()}” ({lost.lost:,})"
        )
    under = f"{service.name}; index diagnosis in {span.words}; counted {_day(today)}. Definitions: the set pathway."
    steps = [charts.Step(stage.title, stage.made, stage.lost, stage.still_open) for stage in stages]
    return charts.chain("way", title, under, steps), title


def days_to(service: Service, days: Days, span: Span, today: date) -> tuple[str, str]:
    """How long a step took: its drawing and its title."""
    words = days.step.words
    if days.median is None:
        title = f"Time to {words}: nobody yet"
    else:
        limit = "" if days.step.limit is None else f"; the limit is day {days.step.limit}"
        # The median is of those with a date alone: said first, or it reads as half of everybody.
        dated = f"Of the {days.made:,} of {days.made + days.not_made:,} with a date, "
        title = f"{dated}half had their {words} by day {days.median:.0f}{limit}"
    under = f"{service.name}; index diagnosis in {span.words}; counted {_day(today)}."
    limit = None if days.step.limit is None else days.step.limit / 7
    drawn = charts.distribution(
        f"days-{days.step.key.replace('_', '-')}",
        title,
        under,
        days.weeks,
        limit,
        "Whole weeks from the index diagnosis",
    )
    return drawn, title
