"""The page that stands in for another while its figures are still being worked out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from openfls.record.flsdb import Dataset
from openfls.service import clock
from openfls.service.quality import ahead
from openfls.service.spans import Span
from openfls.web.guard import Request

EVERY = 3
"""Seconds after which the page looks again."""


def not_judged_yet(request: Request, set_id: str) -> HttpResponse | None:
    """What is shown while the rows of today are judged; None where they are."""
    service = request.actor.service
    if ahead.are_judged(service, set_id, clock.today()):
        return None
    return _under_way(request, "Today’s figures are being worked out", "judged as of today")


def not_listed_yet(request: Request, span: Span, dataset: Dataset) -> HttpResponse | None:
    """The same of the list before the audit's file."""
    if ahead.is_listed(request.actor.service, span, dataset, clock.today()):
        return None
    return _under_way(request, "The rows are being looked through", "looked through before the file goes")


def _under_way(request: Request, title: str, what: str) -> HttpResponse:
    told = {
        "here": "measures",
        "title": title,
        "what": what,
        "rows": ahead.rows_of(request.actor.service),
        "every": EVERY,
        "again": request.get_full_path(),
    }
    answer = render(request, "working.jinja", told, status=202)
    answer["Refresh"] = str(EVERY)
    return answer
