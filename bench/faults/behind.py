"""What goes on behind the pages, done by a worker that claims jobs as in a hospital, but waits less for the dead."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from ground import Report

if TYPE_CHECKING:
    from openfls.service.models import LetterBatch

LEASE = timedelta(seconds=0.3)
"""After so long the job of a worker that was killed is taken over; 90 seconds in a hospital."""


def work_off(lease: timedelta = LEASE) -> None:
    """Be a worker until nothing is open."""
    from openfls.service.letter_runs import running
    from openfls.service.models import Job
    from openfls.service.operation import jobs
    from openfls.service.operation.kinds import look_for_work
    from openfls.service.operation.working import Process

    jobs.LEASE, running.PIECE = lease, 2
    jobs.PAUSES = (timedelta(0),) * len(jobs.PAUSES)
    look_for_work(given_up_too=True)
    worker = Process("worker")
    while Job.objects.filter(done_at=None).exists():
        if not worker.work():
            time.sleep(0.02)


def letters(report: Report) -> None:
    """Every letter approved at once, put in a batch; recorded as sent and printed by a worker."""
    import acts

    from openfls.service.actions import posting
    from openfls.service.models import Letter, LetterBatch, LetterSent

    actor = acts.by()
    acts.approve_all(report)
    batch = LetterBatch.objects.first()
    if batch is None:
        batch = posting.make_batch(keys=list(Letter.objects.values_list("pk", flat=True)), by=actor)
        report(f"batch {batch.pk}")
    for _ in range(5):
        # What was passed by, because the clock had jumped back, is asked for once more: the page tells of it.
        if LetterSent.objects.filter(letter__batch_places__batch=batch).count() == batch.places.count():
            break
        _run(batch, "send", report)
    if not batch.runs.filter(kind="print", state="done").exists():
        _run(batch, "print", report)


def _run(batch: LetterBatch, kind: str, report: Report) -> None:
    import acts

    from openfls.service.letter_runs.beginning import begin

    run = batch.runs.filter(kind=kind, state__in=("waiting", "running")).first()
    if run is None:
        on = acts.today() if kind == "send" else None
        run = begin(batch=batch, kind=kind, on=on, way="post", by=acts.by())
        report(f"run {run.pk}")
    work_off()
    if batch.runs.filter(pk=run.pk, state="done").exists():
        report(f"done {run.pk}")


def letters_kept(told: list[str]) -> list[str]:
    """What was told of and is not there."""
    import acts

    from openfls.service.models import LetterRun

    runs = {f"run {pk}" for pk in LetterRun.objects.values_list("pk", flat=True)}
    runs |= {f"done {pk}" for pk in LetterRun.objects.filter(state="done").values_list("pk", flat=True)}
    return acts.letters_kept([what for what in told if what not in runs])


def letter_figures() -> object:
    """Letters as they were sent and printed, each once; and the files, with their letters."""
    import acts

    from openfls.service.models import LetterInRun, LetterRun

    done = LetterRun.objects.filter(state="done")
    files = [bytes(run.file) for run in done.exclude(file=None)]
    of_letters = LetterInRun.objects.filter(left_out="").values_list("run__kind", "letter")
    return acts.letter_figures() | {
        "dealt with": of_letters.count(),
        "different": of_letters.distinct().count(),
        "files": len(files),
        "whole files": sum(file[:5] == b"%PDF-" and file.rstrip().endswith(b"%%EOF") for file in files),
    }


def loading(report: Report) -> None:
    """A file that was sent through a page, loaded by a worker in small pieces."""
    import acts

    from openfls.service.feeds import long_loading
    from openfls.service.feeds.uploads import keep
    from openfls.service.models import Loading

    long_loading.FIRST, long_loading.MOST = 10, 20
    actor = acts.by()
    if not Loading.objects.exists():
        upload = keep(name="ed.csv", data=acts.table(), by=actor)
        report(f"loading {long_loading.begin(upload=upload, by=actor).pk}")
    work_off()
    if Loading.objects.filter(state="done").exists():
        report("kept all")


def loading_kept(told: list[str]) -> list[str]:
    """What was told of and is not there: the order to load, and, once all was told of, the end of it."""
    from openfls.service.models import Loading

    there = {f"loading {pk}" for pk in Loading.objects.values_list("pk", flat=True)}
    if Loading.objects.filter(state="done").exists():
        there.add("kept all")
    return [f"lost: {what}" for what in told if what not in there]
