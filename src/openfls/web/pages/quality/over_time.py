"""One measure over time, with the changes tried, and by group; its chart and its table as files."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import Measure
from openfls.service import clock
from openfls.service.quality.series import BY, KINDS
from openfls.service.quality.splits import groups
from openfls.service.spans import offered
from openfls.web.guard import Request
from openfls.web.pages.quality.figures import Figure, Line, over_time
from openfls.web.pages.quality.measures import Choice, choice_of, measure_of
from openfls.web.pages.quality.taking import Taking, csv_file, number, share, taking
from openfls.web.pictures import png_answer, svg_answer

COLUMNS = (
    *("measure", "since", "until", "numerator", "denominator", "not_eligible", "unknown", "value"),
    *("still_open_until", "signals"),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for."""

    choice: Choice
    measure: Measure
    by: str
    kind: str

    @property
    def name(self) -> str:
        """The name of its files."""
        return f"{self.measure.id}-{self.kind}-by-{self.by}"


def _asked(request: Request, key: str) -> _Asked:
    choice = choice_of(request)
    by, kind = request.GET.get("by", "month"), request.GET.get("chart", "xmr")
    by, kind = by if by in BY else "month", kind if kind in KINDS else "xmr"
    return _Asked(choice, measure_of(choice, key), by, kind)


def _figure(request: Request, asked: _Asked, *, to_pass_on: bool = False) -> Figure:
    service, today = request.actor.service, clock.today()
    return over_time(
        service, asked.choice.chosen, asked.measure, today, asked.by, asked.kind, to_pass_on=to_pass_on
    )


def show(request: Request, key: str) -> HttpResponse:
    """One measure over time, with the changes tried, and by group."""
    asked = _asked(request, key)
    service, today = request.actor.service, clock.today()
    chosen, span = asked.choice.chosen, asked.choice.span
    return render(
        request,
        "measure_over.jinja",
        {
            "here": "measures",
            "choice": asked.choice,
            "measure": asked.measure,
            "by": asked.by,
            "kind": asked.kind,
            "figure": _figure(request, asked),
            "kinds": KINDS,
            "bys": BY,
            "periods": offered(today),
            "groups": groups(service, chosen.id, key, today, span),
        },
    )


def as_csv(request: Request, key: str) -> HttpResponse:
    """The table beside the chart."""
    asked = _asked(request, key)
    taken = taking(request, f"{asked.name}.csv")
    lines = _figure(request, asked, to_pass_on=not taken.exact).lines
    return csv_file(taken, asked.name, COLUMNS, [_row(asked.measure, line, taken) for line in lines])


def _row(measure: Measure, line: Line, taken: Taking) -> list[object]:
    result, safe = line.point.result, line.safe
    told: list[object] = [measure.id, line.point.span.since, line.point.span.until]
    if taken.exact:
        told += map(number, (result.numerator, result.denominator, result.not_eligible, result.unknown))
        told.append(share(result.value, hidden=False))
    else:
        hidden = safe.shown.is_hidden
        value = None if safe.shown.value is None else safe.shown.value / 100
        told += map(number, (safe.shown.numerator, safe.shown.denominator, safe.not_eligible, safe.unknown))
        told.append(share(value, hidden=hidden))
    signals = line.signals if taken.exact or not safe.shown.is_hidden else ()
    return [*told, line.open_until or "", "; ".join(signals)]


def as_svg(request: Request, key: str) -> HttpResponse:
    """The chart as SVG."""
    asked = _asked(request, key)
    taken = taking(request, f"{asked.name}.svg")
    made = _figure(request, asked, to_pass_on=not taken.exact)
    return svg_answer(made.svg, taken.name(asked.name))


def as_png(request: Request, key: str) -> HttpResponse:
    """The chart as PNG."""
    asked = _asked(request, key)
    taken = taking(request, f"{asked.name}.png")
    made = _figure(request, asked, to_pass_on=not taken.exact)
    return png_answer(made.svg, taken.name(asked.name))
