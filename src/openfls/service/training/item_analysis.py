"""The answers of a service's papers, put together for the item analysis of the training room."""

from __future__ import annotations

from collections.abc import Iterator

from openfls.service.models import Attempt, AttemptItem, Service
from openfls.training.analysis import Analysed, Given, analyse
from openfls.training.papers import from_json


def analysed(service: Service, course: str) -> list[Analysed]:
    """Every question that papers of a course asked, as it was answered in papers that have ended."""
    return analyse(_given(service, course))


def _given(service: Service, course: str) -> Iterator[Given]:
    ended = Attempt.objects.filter(service=service, course=course).exclude(ended_at=None)
    for attempt in ended.prefetch_related("items").iterator(chunk_size=50):
        rows: list[AttemptItem] = list(attempt.items.all())
        total = sum(row.score or 0 for row in rows)
        for row in rows:
            own = row.score or 0.0
            rest = (total - own) / (len(rows) - 1) if len(rows) > 1 else 0.0
            yield Given(from_json(row.content), tuple(row.answers), own, rest)


def papers(service: Service, course: str) -> int:
    """How many papers have ended."""
    count: int = Attempt.objects.filter(service=service, course=course).exclude(ended_at=None).count()
    return count
