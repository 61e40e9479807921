"""The item analysis: which questions are too easy, too hard, or part nobody, as the papers of this service say."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from openfls.service import audit
from openfls.service.training.item_analysis import analysed, papers
from openfls.training.analysis import FEWEST
from openfls.training.courses import courses
from openfls.web.guard import Request


def show(request: Request) -> HttpResponse:
    """Every question that was asked in a paper of a course."""
    asked = request.GET.get("course", "")
    chosen = courses().get(asked) or next(iter(courses().values()))
    audit.record(request.actor, "training.view", subject=f"training {chosen.key}")
    rows = analysed(request.actor.service, chosen.key)
    return render(
        request,
        "training/questions.jinja",
        {
            "here": "training",
            "courses": courses().values(),
            "course": chosen,
            "rows": rows,
            "papers": papers(request.actor.service, chosen.key),
            "fewest": FEWEST,
        },
    )
