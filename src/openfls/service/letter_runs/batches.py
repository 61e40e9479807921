"""The batches of a service as rows of a list: printed when and by whom, sent how many of how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery

from openfls.service.letter_runs.beginning import PRINTS
from openfls.service.models import LetterBatch, LetterInBatch, LetterRun, LetterSent, Service


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch of a list: its letters, those of them that are sent, those that itself recorded, and its last print."""

    batch: LetterBatch
    letters: int
    sent: int
    sent_with_it: int
    printed: LetterRun | None


def batch_rows(service: Service) -> list[BatchRow]:
    """Every batch of ``service``, the newest first."""
    standing = LetterSent.objects.filter(letter=OuterRef("letter"), taken_back_at=None)
    places = LetterInBatch.objects.filter(batch__service=service).annotate(
        sent=Subquery(standing.values("pk")[:1]), sent_with=Subquery(standing.values("run__batch")[:1])
    )
    grouped = places.order_by().values("batch")
    numbers = {
        batch: (letters, sent, with_it)
        for batch, letters, sent, with_it in grouped.annotate(
            letters=Count("pk"), of_sent=Count("sent"), with_it=Count("pk", filter=Q(sent_with=F("batch")))
        ).values_list("batch", "letters", "of_sent", "with_it")
    }
    prints = last_prints(numbers)
    rows = LetterBatch.objects.filter(service=service).select_related("made_by")
    return [BatchRow(row, *numbers.get(row.pk, (0, 0, 0)), prints.get(row.pk)) for row in rows]


def last_prints(batches: Iterable[int]) -> dict[int, LetterRun]:
    """The last print that came to its end, by the key of its batch, without the file."""
    done = LetterRun.objects.filter(batch__in=batches, kind__in=PRINTS, state=LetterRun.State.DONE)
    return {run.batch_id: run for run in done.defer("file").select_related("asked_by").order_by("pk")}
