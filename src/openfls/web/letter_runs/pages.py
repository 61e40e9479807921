"""Asking for a run from the page of a batch: a small one is done before the answer, a large one is watched."""

from __future__ import annotations

import time

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.letter_runs.beginning import PRINTS, begin
from openfls.service.letter_runs.reading import SENT_ALREADY, Standing, current_print, file_of, outgoing
from openfls.service.letter_runs.runner import RUNNER
from openfls.service.letter_runs.running import work_on
from openfls.service.models import LetterBatch, LetterRun
from openfls.service.posting import placed
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said
from openfls.web.sent_form import sent_on

EVERY = 3
"""Seconds after which the page loads itself again while a run is under way."""
AT_ONCE = 1.5
"""Seconds that an answer waits for a small batch to be dealt with."""
ASKED_HERE = (LetterRun.Kind.PRINT, LetterRun.Kind.REPRINT, LetterRun.Kind.SEND)
"""What is asked for on the page of the batch itself; taking back has a page of its own."""


def ask(request: Request, batch: LetterBatch, kind: str) -> HttpResponse | None:
    """Begin a run. The file where it is there after a moment, else nothing: the batch's own page tells of the run.

    Raises:
        NotPossible: it cannot be begun, or has failed, and why.
    """
    on, way = sent_on(request.POST) if kind == LetterRun.Kind.SEND else (None, "")
    run = begin(batch=batch, kind=kind, on=on, way=way, by=request.actor)
    # In a practice it is another day, which no other thread knows of.
    run = work_on(run.pk) if getattr(request, "practice", None) is not None else _after_a_moment(run)
    if run.state == LetterRun.State.FAILED:
        raise NotPossible(run.reason[:1].upper() + run.reason[1:] + ".")
    if run.state != LetterRun.State.DONE:
        return None
    if run.kind in PRINTS:
        return redirect("letter-batch-pdf", batch.pk)
    _tell(request, run)
    return None


def _tell(request: Request, run: LetterRun) -> None:
    """How many letters it was; that it was none is no success. What was passed by is named on the page itself."""
    done = run.letters.filter(left_out="").count()
    if run.kind == LetterRun.Kind.UNSEND:
        (said if done else problem)(request, f"Taken back. Letters that count as not sent: {done}.")
        return
    if done:
        said(request, f"Letters recorded as sent: {done}.")
    of_approved = run.letters.exclude(left_out__in=("", SENT_ALREADY)).exclude(letter__approved_at=None)
    if passed_by := of_approved.count():
        problem(request, f"Letters not recorded as sent: {passed_by}. Each is named below with its reason.")
    elif not done:
        problem(request, "No letter was recorded as sent: each is sent already or a draft.")


def _after_a_moment(run: LetterRun) -> LetterRun:
    if connection.in_atomic_block:
        return work_on(run.pk)  # nobody else could see it yet
    RUNNER.wake()
    until = time.monotonic() + AT_ONCE
    while run.is_under_way and time.monotonic() < until:
        time.sleep(0.05)
        run = LetterRun.objects.defer("file").get(pk=run.pk)
    return run


def shown(request: Request, standing: Standing) -> dict[str, object]:
    """What the page of a batch says of its runs. Whoever looks takes up what a killed server left."""
    if standing.under_way is not None and not connection.in_atomic_block:
        RUNNER.wake()
    return {"standing": standing, "every": EVERY, "still": "still" in request.GET}


def again_soon(request: Request, standing: Standing, response: HttpResponse) -> HttpResponse:
    """The answer, which the browser asks for again by itself while something is under way."""
    if standing.under_way is not None and "still" not in request.GET:
        response["Refresh"] = str(EVERY)
    return response


def pdf(request: Request, pk: int) -> HttpResponse:
    """The file that was made of a batch, for the printer; only while it is what would be printed now."""
    row = scoped(LetterBatch.objects.select_related("service"), request.actor, pk=pk)
    rows = placed(row)
    run = current_print(row, rows)
    file = run and file_of(run)
    if run is None or file is None:
        words = "Letters of the batch have changed, or the file was kept long enough: print it again."
        problem(
            request,
            words if any(each.waits for each in rows) else "No letter of this batch waits to be printed.",
        )
        return redirect("letter-batch", pk)
    audit.record_all(
        request.actor,
        [
            audit.Happened(
                "letter.print", each.letter.person, f"letter {each.letter.pk}", {"batch": pk, "run": run.pk}
            )
            for each in outgoing(run, rows)
        ],
    )
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letters-batch-{pk}.pdf"'
    return response
