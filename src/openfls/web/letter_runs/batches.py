"""Every batch of the service, and putting letters into a new one: what is known of a letter is told first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit, letters
from openfls.service.actions import posting
from openfls.service.letter_runs.already import AskFirst
from openfls.service.letter_runs.batches import batch_rows, last_prints
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request


def show(request: Request) -> HttpResponse:
    """Every batch; a POST puts the ticked letters (``pick``) into a new one, those of ``again`` knowingly once more."""
    error = ""
    if request.method == "POST":
        try:
            keys, again = (_keys(request.POST.getlist(name)) for name in ("pick", "again"))
            return redirect("letter-batch", posting.make_batch(keys=keys, again=again, by=request.actor).pk)
        except AskFirst as asked:
            return _ask(request, asked)
        except NotPossible as refused:
            error = str(refused)
    return render(
        request,
        "letter_batches.jinja",
        {
            "here": "post",
            "rows": batch_rows(request.actor.service),
            "error": error,
            "form_errors": error,
        },
        status=422 if error else 200,
    )


def _ask(request: Request, asked: AskFirst) -> HttpResponse:
    """The page that names the letters of which something is known. Nothing has been put together."""
    may_go = [one for one in asked.known if not one.not_out]
    audit.record(
        request.actor,
        "letters.list",
        subject="asked before a batch",
        **shown(one.letter for one in asked.known),
    )
    return render(
        request,
        "letter_batch_ask.jinja",
        {
            "here": "post",
            "not_out": [one for one in asked.known if one.not_out],
            "sent": [one for one in may_go if one.sending],
            "waiting": [one for one in may_go if not one.sending],
            "prints": last_prints({batch.pk for one in may_go for batch in one.waits_in}),
            "free": asked.free,
            "may_go": may_go,
            "labels": letters.LABELS,
        },
        status=422,
    )


def _keys(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
