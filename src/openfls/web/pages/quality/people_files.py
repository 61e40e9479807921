"""The people behind a number as a file: by name, for the service itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from django.http import StreamingHttpResponse

from openfls.quality import Measure
from openfls.record.cells import safe_cell
from openfls.service.models import Episode, Service
from openfls.service.quality.measures import PersonState
from openfls.web.downloads import Echo

COLUMNS = (
    *("record_id", "name", "fracture", "diagnosed", "measure", "state", "reason", "stands at", "period"),
)
_AT_ONCE = 900
"""So many keys a query: SQLite takes no more."""


def streamed(
    service: Service, measure: Measure, states: Sequence[PersonState], period: str, name: str
) -> StreamingHttpResponse:
    """Everybody by name, line by line."""
    episodes = Episode.objects.filter(service=service).select_related("person").prefetch_related("fractures")

    def lines() -> Iterator[Sequence[str]]:
        yield COLUMNS
        for first in range(0, len(states), _AT_ONCE):
            part = states[first : first + _AT_ONCE]
            found = episodes.filter(pk__in=[row.record_id for row in part])
            by_key = {str(episode.pk): episode for episode in found}
            for row in part:
                if row.record_id in by_key:
                    yield _line(measure, row, by_key[row.record_id], period)

    writer = csv.writer(Echo())
    answer = StreamingHttpResponse(
        (writer.writerow([safe_cell(cell) for cell in line]) for line in lines()),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _line(measure: Measure, row: PersonState, episode: Episode, period: str) -> list[str]:
    return [
        row.record_id,
        episode.person.name,
        episode.index_fracture.words,
        str(episode.index_date),
        measure.id,
        row.state,
        row.reason,
        episode.place.list_title,
        period,
    ]
