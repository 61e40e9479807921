"""The national audit's file: what to mend first, what goes, and what was sent."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.integration.flsdb import Problem
from openfls.record.flsdb import BY_NAME, Dataset
from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.actor import can
from openfls.service.models import AuditSubmission, Episode
from openfls.service.quality import deaths
from openfls.service.quality.audit_file import (
    content_of,
    make_file,
)
from openfls.service.quality.mend_lists import mend_list_of
from openfls.service.roles import May
from openfls.service.spans import offered
from openfls.web.guard import Request, scoped
from openfls.web.mending import mend_column
from openfls.web.pages.quality.measures import choice_of
from openfls.web.pages.quality.working import not_listed_yet
from openfls.web.said import problem, said

PAGE = 50
DATASETS = [(Dataset.V2024.value, "Data set of 2024"), (Dataset.V2020.value, "Data set of 2020")]
SHOWN = {"mend": "To mend before it goes", "look": "To look at: may be right"}


def show(request: Request) -> HttpResponse:
    """The mend list of a period and a data set, and what was sent before. A POST makes the file and keeps it."""
    by, today = request.actor, clock.today()
    span = choice_of(request).span
    dataset = _dataset(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        try:
            # The reason counts only with its tick.
            ticked = request.POST.get("all_the_same") == "yes"
            because = request.POST.get("because", "") if ticked else ""
            made = make_file(dataset=dataset, span=span, by=by, unchecked_because=because)
        except NotPossible as error:
            problem(request, str(error))
            return redirect(f"{reverse('audit-file')}?{urlencode({'period': span.key, 'dataset': dataset})}")
        rows = f"{made.rows} row{'' if made.rows == 1 else 's'}"
        said(request, f"The file is made and kept: {rows}. Download it below, and send it to the audit.")
        return redirect("audit-file")
    if under_way := not_listed_yet(request, span, dataset):
        return under_way
    prepared = mend_list_of(by.service, span, dataset, today)
    found = prepared.problems
    kind = request.GET.get("show", "mend")
    shown = [each for each in found if each.action == kind]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    if prepared.rows:
        audit.record(by, "audit_file.view", shown=len(page.object_list))
    return render(
        request,
        "audit_file.jinja",
        {
            "here": "measures",
            "span": span,
            "periods": offered(today),
            "dataset": dataset,
            "datasets": DATASETS,
            "prepared": prepared,
            "died_confidence": deaths.CONFIDENCE,
            "counts": {key: sum(each.action == key for each in found) for key in SHOWN},
            "kinds": SHOWN,
            "kind": kind,
            "page": page,
            "problems": _with_episodes(request, page.object_list),
            "submissions": AuditSubmission.objects.filter(service=by.service)
            .select_related("by")
            .defer("content")[:20],
        },
    )


def _dataset(given) -> Dataset:  # noqa: ANN001 - a QueryDict
    value = given.get("dataset", "")
    return Dataset(value) if value in list(Dataset) else Dataset.V2024


def _with_episodes(
    request: Request, problems: list[Problem]
) -> list[tuple[Problem, str, Episode | None, tuple[str, str] | None]]:
    """Each line with its field's words, its episode, and the page that mends it for those who may."""
    keys = {each.record_id for each in problems if each.record_id}
    rows = Episode.objects.filter(service=request.actor.service, pk__in=keys).select_related("person")
    by_key = {str(row.pk): row for row in rows.prefetch_related("fractures")}
    may = can(request.actor, May.WORK_THE_PATHWAY)
    found = []
    for each in problems:
        episode = by_key.get(each.record_id)
        column = BY_NAME.get(each.column)
        words = f"{column.field} {column.name.replace('_', ' ')}".strip() if column else each.column
        found.append((each, words, episode, mend_column(episode, each.column) if episode and may else None))
    return found


def download(request: Request, pk: UUID) -> HttpResponse:
    """A file as it was made."""
    submission = scoped(AuditSubmission.objects.select_related("service"), request.actor, pk=pk)
    try:
        content = content_of(submission)
    except NotPossible as error:
        problem(request, str(error))
        return redirect("audit-file")
    audit.record(request.actor, "audit_file.download", subject=f"submission {pk}", sha256=submission.sha256)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{submission.name}"'
    return answer
