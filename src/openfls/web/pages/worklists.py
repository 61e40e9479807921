"""A worklist: who is on it, why, and by when; the same list as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from openfls.record.sites import Site
from openfls.service import audit, clock
from openfls.service.models import Episode
from openfls.service.worklist import BY_KEY, WORKLISTS, counts, episodes_of
from openfls.web.downloads import Echo, safe_cell
from openfls.web.guard import Request

PAGE = 25


def show(request: Request, key: str) -> HttpResponse:
    """One list, filtered by site where the address says so."""
    if key not in BY_KEY:
        raise Http404
    today = clock.today()
    site = request.GET.get("site", "")
    everyone = episodes_of(request.actor.service, key, today)
    episodes = everyone.filter(fractures__site=site).distinct() if site in set(Site) else everyone
    page = Paginator(episodes, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "worklist.jinja",
        {
            "here": "worklist",
            "worklist": BY_KEY[key],
            "worklists": WORKLISTS,
            "counts": counts(request.actor.service, today),
            "sites": list(Site),
            "site": site if site in set(Site) else "",
            "page": page,
            "total": everyone.count(),
        },
    )


def first(request: Request) -> HttpResponse:
    """The list that the day begins with."""
    return show(request, "to-confirm")


def download(request: Request, key: str) -> StreamingHttpResponse:
    """The list as CSV."""
    if key not in BY_KEY:
        raise Http404
    audit.record(request.actor, "worklist.download", subject=key)
    writer = csv.writer(Echo())
    episodes = episodes_of(request.actor.service, key, clock.today())
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
