"""A worklist: who is on it, why, and by when; the same list as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from openfls.record.cells import safe_cell
from openfls.record.feeds import SourceKind
from openfls.record.findings import Triage
from openfls.record.sites import Site
from openfls.service import audit, clock
from openfls.service.actor import can
from openfls.service.models import Episode
from openfls.service.put_away import counted_at
from openfls.service.queue import Sort, Stream, Wish, chosen, risk_of
from openfls.service.roles import May
from openfls.service.worklist import BY_KEY, PUT_AWAY, WORKLISTS, counts, episodes_of, laid_out
from openfls.web.auditing.shown import shown
from openfls.web.downloads import Echo
from openfls.web.forms.queue import TogetherForm
from openfls.web.guard import Request

PAGE = 25
TO_DECIDE = "to-confirm"
CHOICES = (
    ("site", "Site", [(site.value, site.label) for site in Site]),
    ("triage", "Asks for", [(Triage.CASE.value, "Case"), (Triage.REVIEW.value, "Review")]),
    ("source", "Told by", [(kind.value, kind.value.capitalize()) for kind in SourceKind]),
    ("stream", "Stream", [(stream.value, stream.label) for stream in Stream]),
)
"""The filters: name in the address, words, options."""


def show(request: Request, key: str) -> HttpResponse:
    """One list, filtered and in the order that the address says."""
    if key not in BY_KEY:
        raise Http404
    return page_of(request, key)


def page_of(
    request: Request, key: str, *, form: TogetherForm | None = None, picked: Sequence[str] = ()
) -> HttpResponse:
    """The list; with ``form`` and what was ticked where it could not be sent as it was."""
    today = clock.today()
    wish = Wish.of(request.GET)
    everyone = episodes_of(request.actor.service, key, today)
    rows = chosen(everyone, wish, today, put_away=key in PUT_AWAY)
    number = counts(request.actor.service, today)
    pages = Paginator(rows.values_list("pk", flat=True), PAGE)
    if not wish.is_part:
        pages.count = number[key]  # the whole list has just been counted
    page = pages.get_page(request.GET.get("page"))
    page.object_list = laid_out(list(page.object_list), "fractures", "person__flags", "statuses")
    audit.record(request.actor, "worklist.view", subject=key, **shown(page.object_list))
    decides = key == TO_DECIDE and can(request.actor, May.WORK_THE_PATHWAY)
    return render(
        request,
        "worklist.jinja",
        {
            "here": "worklist",
            "worklist": BY_KEY[key],
            "worklists": WORKLISTS,
            "counts": number,
            "choices": CHOICES,
            "sorts": list(Sort),
            "wish": wish,
            "page": page,
            "risks": {episode.pk: risk_of(episode, today) for episode in page.object_list},
            "total": number[key],
            "counted_at": counted_at(request.actor.service) if key in PUT_AWAY else None,
            "by_chance": everyone.exclude(incidental="").count(),
            "form": (form or TogetherForm()) if decides else None,
            "form_errors": form.errors if form else None,
            "picked": set(picked),
        },
        status=422 if form else 200,
    )


def first(request: Request) -> HttpResponse:
    """The list that the day begins with."""
    return show(request, "to-confirm")


def download(request: Request, key: str) -> StreamingHttpResponse:
    """The list as CSV, as it is filtered and ordered on the page."""
    if key not in BY_KEY:
        raise Http404
    writer = csv.writer(Echo())
    today = clock.today()
    episodes = chosen(episodes_of(request.actor.service, key, today), Wish.of(request.GET), today)
    taken = audit.shown(episodes.order_by().values_list("person", flat=True))
    audit.record(request.actor, "worklist.download", subject=key, **taken)
    rows = (writer.writerow([safe_cell(cell) for cell in row]) for row in _rows(episodes.iterator(500)))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}.csv"'
    return response


def _rows(episodes: Iterator[Episode]) -> Iterator[list[str]]:
    yield ["name", "born", "numbers", "fracture", "diagnosed", "state", "next step", "due"]
    for episode in episodes:
        place = episode.place
        yield [
            episode.person.name,
            str(episode.person.birth_date or ""),
            " ".join(row.value for row in episode.person.identifiers.all()),
            "; ".join(fracture.words for fracture in episode.fractures.all()),
            str(episode.index_date),
            place.list_title,
            place.next_step,
            str(place.clock(episode.index_date).due) if place.is_open else "",
        ]
