"""One measure over time, with the changes tried, and by group; its chart and its table as files."""

from __future__ import annotations

import csv

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import Measure
from openfls.service import clock
from openfls.service.spans import offered
from openfls.service.trends import SPLIT_WORDS, groups
from openfls.web.figures import BY, KINDS, Figure, over_time
from openfls.web.guard import Request
from openfls.web.pages.measures import Choice, choice_of, measure_of
from openfls.web.pictures import png_answer, svg_answer


def _figure(request: Request, key: str) -> tuple[Choice, Measure, str, str, Figure]:
    choice = choice_of(request)
    measure = measure_of(choice, key)
    by, kind = request.GET.get("by", "month"), request.GET.get("chart", "xmr")
    by, kind = by if by in BY else "month", kind if kind in KINDS else "xmr"
    made = over_time(request.actor.service, choice.chosen, measure, clock.today(), by, kind)
    return choice, measure, by, kind, made


def show(request: Request, key: str) -> HttpResponse:
    """One measure over time, with the changes tried, and by group."""
    choice, measure, by, kind, made = _figure(request, key)
    service, today = request.actor.service, clock.today()
    return render(
        request,
        "measure_over.jinja",
        {
            "here": "measures",
            "choice": choice,
            "measure": measure,
            "by": by,
            "kind": kind,
            "figure": made,
            "kinds": KINDS,
            "bys": BY,
            "periods": offered(today),
            "groups": groups(service, choice.chosen.id, key, today, choice.span),
            "split_words": SPLIT_WORDS,
        },
    )


def as_csv(request: Request, key: str) -> HttpResponse:
    """The table beside the chart."""
    _, measure, by, _, made = _figure(request, key)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{measure.id}-by-{by}.csv"'
    writer = csv.writer(answer)
    writer.writerow(
        [
            "measure",
            "since",
            "until",
            "numerator",
            "denominator",
            "not_eligible",
            "unknown",
            "value",
            "signals",
        ]
    )
    for line in made.lines:
        result = line.result
        numbers = (
            f"{result.numerator:.10g}",
            f"{result.denominator:.10g}",
            result.not_eligible,
            result.unknown,
        )
        value = "" if result.value is None else repr(result.value)
        writer.writerow(
            (measure.id, line.span.since, line.span.until, *numbers, value, "; ".join(line.signals))
        )
    return answer


def as_svg(request: Request, key: str) -> HttpResponse:
    """The chart as SVG."""
    _, measure, by, kind, made = _figure(request, key)
    return svg_answer(made.svg, f"{measure.id}-{kind}-by-{by}")


def as_png(request: Request, key: str) -> HttpResponse:
    """The chart as PNG."""
    _, measure, by, kind, made = _figure(request, key)
    return png_answer(made.svg, f"{measure.id}-{kind}-by-{by}")
