"""Taking back that a batch was sent: a page that says first which letters, and what follows."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit, letters
from openfls.service.letter_runs.beginning import recorded_by
from openfls.service.models import LetterBatch, LetterRun
from openfls.service.posting import placed, sending_of
from openfls.web.guard import Request, scoped
from openfls.web.letter_runs.pages import ask
from openfls.web.said import problem

CHANGED = "Other letters were recorded as sent meanwhile. Look at them, and confirm again."


def show(request: Request, pk: int) -> HttpResponse:
    """The letters that this batch recorded as sent; a POST takes back those that stood on the page, or asks again."""
    batch = scoped(LetterBatch.objects.select_related("service", "made_by"), request.actor, pk=pk)
    recorded = recorded_by(batch)
    every = placed(batch)
    rows = [row for row in every if row.letter.pk in recorded]
    stood = ".".join(str(recorded[row.letter.pk].pk) for row in rows)
    error = ""
    if request.method == "POST":
        if request.POST.get("stood") == stood:
            try:
                ask(request, batch, LetterRun.Kind.UNSEND)
            except NotPossible as refused:
                problem(request, str(refused))
            return redirect("letter-batch", pk)
        error = CHANGED
    if not rows:
        problem(request, "This batch has recorded no letter as sent: there is nothing to take back.")
        return redirect("letter-batch", pk)
    audit.record_all(
        request.actor,
        [
            audit.Happened("letter.view", row.letter.person, f"letter {row.letter.pk}", {"batch": pk})
            for row in rows
        ],
    )
    return render(
        request,
        "letter_batch_back.jinja",
        {
            "here": "post",
            "batch": batch,
            "rows": [(row, recorded[row.letter.pk]) for row in rows],
            "not_out": sum(bool(row.left_out) for row in rows),
            "others": sum(sending_of(row.letter) is not None for row in every) - len(rows),
            "stood": stood,
            "labels": letters.LABELS,
            "error": error,
            "form_errors": error,
        },
        status=422 if error else 200,
    )
