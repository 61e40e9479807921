"""The measures of the service, computed from the rows that the journey writes; every number opens its people."""

from __future__ import annotations

from collections import Counter

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from openfls.quality import State
from openfls.record.errors import BadInput
from openfls.service import audit, clock
from openfls.service.measures import measures_of, people_of, standing_set
from openfls.service.models import Episode, FlsdbRow
from openfls.web.guard import Request

PAGE = 50
STATES = {
    State.NOT_MET: "Not met",
    State.UNKNOWN: "Not yet known",
    State.MET: "Met",
    State.NOT_ELIGIBLE: "Not eligible",
}


def show(request: Request) -> HttpResponse:
    """All measures of the set."""
    service = request.actor.service
    chosen = standing_set()
    return render(
        request,
        "measures.jinja",
        {
            "here": "measures",
            "title": chosen.title,
            "source": f"{chosen.source} Definitions: {chosen.id}, version {chosen.version}.",
            "rows": measures_of(service, clock.today()),
            "episodes": FlsdbRow.objects.filter(service=service.code).exists(),
        },
    )


def people(request: Request, key: str) -> HttpResponse:
    """The people of one measure in one of the four states, each with the reason."""
    try:
        measure = standing_set().measure(key)
    except BadInput as error:
        raise Http404 from error
    states = people_of(request.actor.service, key, clock.today())
    number = Counter(row.state for row in states)
    chosen = request.GET.get("state", State.NOT_MET)
    shown = [row for row in states if row.state == chosen]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    audit.record(request.actor, "measure.view", subject=key, shown=len(page.object_list))
    return render(
        request,
        "measure.jinja",
        {
            "here": "measures",
            "measure": {"key": key, "title": measure.title, "words": measure.numerator},
            "states": [(state.value, words, number[state]) for state, words in STATES.items()],
            "chosen": chosen,
            "page": page,
            "rows": _with_episodes(request, page.object_list),
        },
    )


def _with_episodes(request: Request, shown: list) -> list[tuple[Episode, str]]:
    found = Episode.objects.filter(service=request.actor.service, pk__in=[row.record_id for row in shown])
    by_key = {str(row.pk): row for row in found.select_related("person").prefetch_related("fractures")}
    return [(by_key[row.record_id], row.reason) for row in shown if row.record_id in by_key]
