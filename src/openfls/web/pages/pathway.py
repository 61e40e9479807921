"""Where people are lost between the fracture and treatment at a year, and how long the steps take."""

from __future__ import annotations

import csv

from django.http import HttpResponse
from django.shortcuts import render

from openfls.service import clock
from openfls.service.spans import offered
from openfls.service.trends import stages, times
from openfls.web import figures
from openfls.web.guard import Request
from openfls.web.pages.measures import choice_of
from openfls.web.pictures import png_answer, svg_answer


def show(request: Request) -> HttpResponse:
    """The chain of steps; every number opens its people."""
    service, today = request.actor.service, clock.today()
    span = choice_of(request).span
    found = stages(service, today, span)
    svg, title = figures.pathway(service, found, span, today)
    return render(
        request,
        "pathway.jinja",
        {
            "here": "measures",
            "span": span,
            "periods": offered(today),
            "stages": found,
            "svg": svg,
            "title": title,
        },
    )


def _svg(request: Request) -> str:
    service, today, span = request.actor.service, clock.today(), choice_of(request).span
    return figures.pathway(service, stages(service, today, span), span, today)[0]


def as_svg(request: Request) -> HttpResponse:
    """The chain as SVG."""
    return svg_answer(_svg(request), "pathway")


def as_png(request: Request) -> HttpResponse:
    """The chain as PNG."""
    return png_answer(_svg(request), "pathway")


def as_csv(request: Request) -> HttpResponse:
    """The chain as CSV."""
    service, today, span = request.actor.service, clock.today(), choice_of(request).span
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="pathway.csv"'
    writer = csv.writer(answer)
    writer.writerow(["step", "since", "until", "made", "lost", "still_open", "left_out"])
    for stage in stages(service, today, span):
        row = [stage.key, span.since or "", span.until or ""]
        writer.writerow([*row, stage.made, stage.lost, stage.still_open, stage.left_out])
    return answer


def time_to(request: Request) -> HttpResponse:
    """How long each step takes after the index diagnosis."""
    service, today = request.actor.service, clock.today()
    span = choice_of(request).span
    found = times(service, today, span)
    return render(
        request,
        "times.jinja",
        {
            "here": "measures",
            "span": span,
            "periods": offered(today),
            "times": [(days, *figures.days_to(service, days, span, today)) for days in found],
        },
    )


def times_csv(request: Request) -> HttpResponse:
    """The times as CSV."""
    service, today, span = request.actor.service, clock.today(), choice_of(request).span
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="times.csv"'
    writer = csv.writer(answer)
    writer.writerow(
        ["step", "since", "until", "made", "not_made", "median", "lower_quartile", "upper_quartile"]
    )
    for days in times(service, today, span):
        row = [
            days.step.key.removesuffix("_gap"),
            span.since or "",
            span.until or "",
            days.made,
            days.not_made,
        ]
        writer.writerow(
            [*row, *("" if value is None else value for value in (days.median, days.lower, days.upper))]
        )
    return answer
