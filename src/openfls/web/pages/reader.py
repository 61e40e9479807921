"""How well does the report reader read here? Precision from every verdict, recall from an audit of a sample."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from openfls.quality.recall import FEWEST
from openfls.service import audit
from openfls.service.verdicts import reader_report
from openfls.web.guard import Request


def show(request: Request) -> HttpResponse:
    """The page."""
    audit.record(request.actor, "reader.view")
    return render(
        request,
        "reader.jinja",
        {"here": "reader", "report": reader_report(request.actor.service), "fewest": FEWEST},
    )
