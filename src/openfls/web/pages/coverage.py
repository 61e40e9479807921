"""Whom do we miss? Found against expected, by site, source and month; feeds that have gone silent."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import runs
from openfls.service import clock, coverage
from openfls.web.guard import Request


def show(request: Request) -> HttpResponse:
    """The page."""
    service, today = request.actor.service, clock.today()
    months = coverage.found_by_month(service, today)
    last_year = months[:-1]
    return render(
        request,
        "coverage.jinja",
        {
            "here": "coverage",
            "groups": coverage.GROUPS,
            "months": months,
            "found": {key: sum(month.counts[key] for month in last_year) for key in coverage.GROUPS},
            "found_total": sum(month.total for month in last_year),
            "expected": coverage.expected(service, today),
            "sources": coverage.found_by_source(service, today),
            "silent": coverage.silent_feeds(service),
            "rules": f"{runs.SOURCE} ({runs.CONFIDENCE}).",
        },
    )
