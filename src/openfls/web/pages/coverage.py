"""Whom do we miss? Found against expected, by site, source and month; feeds that have gone silent."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality import runs
from openfls.record.feeds import SourceKind
from openfls.service import audit, clock, coverage
from openfls.service.expecting.figures import last_set, who_may
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request

PAGE = 50


def show(request: Request) -> HttpResponse:
    """The page."""
    service, today = request.actor.service, clock.today()
    months = coverage.found_by_month(service, today)
    last_year = months[:-1]
    total = sum(month.total for month in last_year)
    expected = coverage.expected(service, today)
    return render(
        request,
        "coverage.jinja",
        {
            "here": "coverage",
            "groups": coverage.GROUPS,
            "period": coverage.whole_year(today),
            "months": months,
            "found": {key: sum(month.counts[key] for month in last_year) for key in coverage.GROUPS},
            "found_total": total,
            "expected": expected,
            "lead": coverage.lead_of(expected, total),
            "who_may": who_may(service),
            "last_set": last_set(service),
            "sources": coverage.found_by_source(service, today),
            "silent": coverage.silent_feeds(service),
            "rules": f"{runs.SOURCE} ({runs.CONFIDENCE}).",
        },
    )


def people(request: Request) -> HttpResponse:
    """The people behind one number of the page. What the address says wrongly counts as not said."""
    service, today = request.actor.service, clock.today()
    group = request.GET.get("group", "")
    group = group if group in coverage.GROUPS else ""
    source = request.GET.get("source", "")
    source = source if source in set(SourceKind) else ""
    month = _month(request.GET.get("month", ""), today)
    period = coverage.month_of(month, today) if month else coverage.whole_year(today)
    rows = (
        coverage.found(service, period, group, source)
        .select_related("person", "episode")
        .prefetch_related("source_records", "person__flags")
        .order_by("-on", "person__family_name", "pk")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    seen = shown(page.object_list)
    audit.record(request.actor, "coverage.people.view", rows=page.paginator.count, **seen)
    return render(
        request,
        "coverage_people.jinja",
        {
            "here": "coverage",
            "page": page,
            "period": period,
            "group": group,
            "group_words": coverage.GROUPS.get(group, ""),
            "source": source,
            "month": f"{month:%Y-%m}" if month else "",
        },
    )


def _month(told: str, today: date) -> date | None:
    try:
        first = date.fromisoformat(f"{told}-01")
    except ValueError:
        return None
    return first if first <= today else None
