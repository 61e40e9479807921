"""A code that tells of no fracture is remembered for a while by its record: an older fracture under it may come later.

A sender codes a wrist as broken, and then as sprained after all. Whichever of the two arrives first, the later word
counts. Without versions nobody knows which is the later; those are not remembered.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from openfls.record.feeds import Notice, Rejection, Source, SourceKind
from openfls.service import clock
from openfls.service.feeds.values import as_kept
from openfls.service.models import Delivery, FeedRow, SaidOther, Service

CODED_ANEW = "coded anew: it tells of no fracture any more"


class Remembered:
    """What records of a batch said of other things before, and what they say now."""

    def __init__(self, service: Service, records: Collection[str]) -> None:
        rows = SaidOther.objects.filter(service=service, record__in=records)
        self._rows = {row.record: row for row in rows.select_related("delivery")}
        self._changed: dict[str, SaidOther] = {}

    def keep(self, record: str, notice: Notice, delivery: Delivery) -> None:
        """Remember the newest that a record says of another thing, until `save`."""
        version = notice.source.version[:60]
        row = self._rows.get(record)
        if not version or notice.count > 1 or (row is not None and row.version >= version):
            return
        row = row or SaidOther(service_id=delivery.service_id, record=record)
        row.kind, row.version, row.delivery, row.at = notice.source.kind, version, delivery, clock.now()
        row.position = (notice.source.position or notice.source.feed)[:300]
        self._rows[record] = self._changed[record] = row

    def recall(self, record: str, delivery: Delivery) -> FeedRow | None:
        """The row, not saved, for what a record said of another thing, now that it tells of a bone too.

        It was counted as about another thing in its delivery, and is counted as left out from now on.
        """
        said = self._rows.pop(record, None)
        if said is None:
            return None
        self._changed.pop(record, None)
        if said.pk:
            said.delete()
        whose = delivery if said.delivery_id == delivery.pk else said.delivery
        if whose is delivery:
            delivery.rows_other -= 1
        else:
            Delivery.objects.filter(pk=whose.pk).update(rows_other=F("rows_other") - 1)
        source = Source("", record, SourceKind(said.kind))
        return FeedRow(
            service_id=said.service_id,
            delivery=whose,
            kind=said.kind,
            record=record,
            content=as_kept(Rejection(source, CODED_ANEW)).content,
            version=said.version,
            position=said.position,
            outcome=FeedRow.Outcome.REJECTED,
            reason=CODED_ANEW,
        )

    def save(self) -> None:
        """Keep what is new."""
        rows = list(self._changed.values())
        SaidOther.objects.bulk_create([row for row in rows if row.pk is None])
        for row in rows:
            if row.pk is not None:
                row.save()
