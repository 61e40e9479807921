"""One measure over time, with the changes tried, and by group; its chart and its table as files."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import Measure
from openfls.service import clock
from openfls.service.quality.series import BY, KINDS, OverTime
from openfls.service.quality.splits import groups
from openfls.service.spans import offered
from openfls.web.guard import Request
from openfls.web.pages.quality.figures import Figure, Line, over_time
from openfls.web.pages.quality.measures import Choice, choice_of, measure_of
from openfls.web.pages.quality.taking import csv_file, number, rounded_cells, share, taking
from openfls.web.pages.quality.working import not_judged_yet
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
    service, chosen = request.actor.service, asked.choice.chosen
    return over_time(
        OverTime(service, chosen, asked.measure, clock.today(), asked.by, asked.kind, to_pass_on)
    )


def show(request: Request, key: str) -> HttpResponse:
    """One measure over time, with the changes tried, and by group."""
    asked = _asked(request, key)
    if under_way := not_judged_yet(request, asked.choice.chosen.id):
        return under_way
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
    return csv_file(taken, asked.name, COLUMNS, [_row(asked.measure, line) for line in lines])


def _row(measure: Measure, line: Line) -> list[object]:
    result = line.point.result
    told: list[object] = [measure.id, line.point.span.since, line.point.span.until]
    if line.point.shown is None:
        told += map(number, (result.numerator, result.denominator, result.not_eligible, result.unknown))
        told.append(share(result.value))
    else:
        told += rounded_cells(line.point.shown)
    return [*told, line.open_until or "", "; ".join(line.signals)]


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
