"""Where people are lost between the fracture and treatment at a year, and how long the steps take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import measure_set
from openfls.quality.disclosure import HIDDEN, safe_group
from openfls.service import clock
from openfls.service.models import Episode, Service
from openfls.service.quality.leaving import SafeStep, safe_steps
from openfls.service.quality.trends import PATHWAY, Stage, stages, times
from openfls.service.spans import Span, last_twelve_months, offered
from openfls.web.guard import Request
from openfls.web.pages.quality import way_figures
from openfls.web.pages.quality.measures import choice_of
from openfls.web.pages.quality.taking import Taking, csv_file, number, taking
from openfls.web.pictures import png_answer, svg_answer

FEWEST_FOR_QUARTILES = 10


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
    svg, title = way_figures.pathway(service, found, span, today)
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


def _drawn(request: Request, taken: Taking) -> str:
    service, today = request.actor.service, clock.today()
    span = _span(request, service, today)
    found = stages(service, today, span)
    return way_figures.pathway(service, found, span, today, to_pass_on=not taken.exact)[0]


def as_svg(request: Request) -> HttpResponse:
    """The chain as SVG."""
    taken = taking(request, "pathway.svg")
    return svg_answer(_drawn(request, taken), taken.name("pathway"))


def as_png(request: Request) -> HttpResponse:
    """The chain as PNG."""
    taken = taking(request, "pathway.png")
    return png_answer(_drawn(request, taken), taken.name("pathway"))


def as_csv(request: Request) -> HttpResponse:
    """The chain as CSV."""
    service, today = request.actor.service, clock.today()
    span = _span(request, service, today)
    taken = taking(request, "pathway.csv")
    found = stages(service, today, span)
    told: Sequence[Stage | SafeStep] = found if taken.exact else safe_steps(found)
    lines = [
        (
            *(stage.key, span.since or "", span.until or ""),
            *map(number, (step.made, step.lost, step.still_open, step.left_out)),
        )
        for stage, step in zip(found, told, strict=True)
    ]
    columns = ("step", "since", "until", "made", "lost", "still_open", "left_out")
    return csv_file(taken, "pathway", columns, lines)


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
            "times": [(days, *way_figures.days_to(service, days, span, today)) for days in found],
        },
    )


def times_csv(request: Request) -> HttpResponse:
    """The times as CSV; to pass on, only of steps that ten or more made: a quartile of fewer is nearly a person."""
    service, today, span = request.actor.service, clock.today(), choice_of(request).span
    taken = taking(request, "times.csv")
    columns = ("step", "since", "until", "made", "not_made", "median", "lower_quartile", "upper_quartile")
    lines = []
    for days in times(service, today, span):
        made, not_made = (days.made, days.not_made) if taken.exact else safe_group([days.made, days.not_made])
        quartiles: list[object] = [days.median, days.lower, days.upper]
        told = ["" if value is None else value for value in quartiles]
        if not taken.exact and (made is None or days.made < FEWEST_FOR_QUARTILES):
            told = [HIDDEN] * 3
        step = days.step.key.removesuffix("_gap")
        lines.append((step, span.since or "", span.until or "", number(made), number(not_made), *told))
    return csv_file(taken, "times", columns, lines)
