"""Where people are lost between the fracture and treatment at a year, and how long the steps take."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import measure_set
from openfls.quality.disclosure import count_words
from openfls.service import clock
from openfls.service.models import Episode, Service
from openfls.service.quality.leaving import safe_days, safe_steps
from openfls.service.quality.trends import PATHWAY, stages, times
from openfls.service.spans import Span, last_twelve_months, offered
from openfls.web.guard import Request
from openfls.web.pages.quality import way_figures
from openfls.web.pages.quality.measures import choice_of
from openfls.web.pages.quality.taking import Taking, csv_file, number, taking
from openfls.web.pages.quality.working import not_judged_yet
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
    if under_way := not_judged_yet(request, PATHWAY):
        return under_way
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
    if not taken.exact:
        return way_figures.to_pass_on(service, safe_steps(service, today, span), span, today)
    return way_figures.pathway(service, stages(service, today, span), span, today)[0]


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
    period = (span.since or "", span.until or "")
    if not taken.exact:
        told = [
            (step.key, *period, count_words(step.made), step.not_made_words)
            for step in safe_steps(service, today, span)
        ]
        return csv_file(taken, "pathway", ("step", "since", "until", "made", "not_made_or_not_yet"), told)
    lines = [
        (stage.key, *period, *map(number, (stage.made, stage.lost, stage.still_open, stage.left_out)))
        for stage in stages(service, today, span)
    ]
    columns = ("step", "since", "until", "made", "lost", "still_open", "left_out")
    return csv_file(taken, "pathway", columns, lines)


def time_to(request: Request) -> HttpResponse:
    """How long each step takes after the index diagnosis."""
    if under_way := not_judged_yet(request, PATHWAY):
        return under_way
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
    """The times as CSV; to pass on in whole weeks, and only of steps that enough made: a quartile of few is nearly a
    person."""
    service, today, span = request.actor.service, clock.today(), choice_of(request).span
    taken = taking(request, "times.csv")
    period = (span.since or "", span.until or "")
    if not taken.exact:
        told = [
            (_step(days.key), *period, count_words(days.made), *(days.weeks or ("too few",) * 3))
            for days in safe_days(service, today, span)
        ]
        columns = ("made", "lower_quartile_weeks", "median_weeks", "upper_quartile_weeks")
        return csv_file(taken, "times", ("step", "since", "until", *columns), told)
    lines = []
    for days in times(service, today, span):
        quartiles: list[object] = [
            "" if day is None else day for day in (days.median, days.lower, days.upper)
        ]
        lines.append((_step(days.step.key), *period, number(days.made), number(days.not_made), *quartiles))
    columns = ("made", "not_made", "median", "lower_quartile", "upper_quartile")
    return csv_file(taken, "times", ("step", "since", "until", *columns), lines)


def _step(key: str) -> str:
    return key.removesuffix("_gap")
