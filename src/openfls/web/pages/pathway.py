"""Where people are lost between the fracture and treatment at a year, and how long the steps take."""

from __future__ import annotations

import csv
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import measure_set
from openfls.service import clock
from openfls.service.models import Episode, Service
from openfls.service.spans import Span, last_twelve_months, offered
from openfls.service.trends import PATHWAY, stages, times
from openfls.web import figures
from openfls.web.guard import Request
from openfls.web.pages.measures import choice_of
from openfls.web.pictures import png_answer, svg_answer


def _span(request: Request, service: Service, today: date) -> Span:
    """What the address asks for; else the twelve months that ended a year ago, because most of their people could have
    reached a year; of a service that had nobody then the last twelve months."""
    year_ago = last_twelve_months(today).before
    if "period" in request.GET or year_ago is None:
        return choice_of(request).span
    then = Episode.objects.filter(service=service, index_date__range=(year_ago.since, year_ago.until))
    return year_ago if then.exists() else choice_of(request).span


def _too_early(span: Span, today: date) -> date | None:
    """The last day of diagnosis from which a year's review is past its window; None where all of the period is."""
    last = today - timedelta(days=measure_set(PATHWAY).measure("on-52").days + 1)
    return last if span.until is None or span.until > last else None


def show(request: Request) -> HttpResponse:
    """The chain of steps; every number opens its people."""
    service, today = request.actor.service, clock.today()
    span = _span(request, service, today)
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
            "too_early": _too_early(span, today),
        },
    )


def _svg(request: Request) -> str:
    service, today = request.actor.service, clock.today()
    span = _span(request, service, today)
    return figures.pathway(service, stages(service, today, span), span, today)[0]


def as_svg(request: Request) -> HttpResponse:
    """The chain as SVG."""
    return svg_answer(_svg(request), "pathway")


def as_png(request: Request) -> HttpResponse:
    """The chain as PNG."""
    return png_answer(_svg(request), "pathway")


def as_csv(request: Request) -> HttpResponse:
    """The chain as CSV."""
    service, today = request.actor.service, clock.today()
    span = _span(request, service, today)
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
