"""Taking in a batch of readings of one delivery: one transaction, each record counted once and accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from openfls.record.feeds import Notice, Observation, Reading, Rejection
from openfls.record.pathway import State
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.feeds.identity import IdentityDoubt, person_for
from openfls.service.feeds.reconcile import reconcile
from openfls.service.feeds.values import fingerprint, storable, to_json
from openfls.service.models import Delivery, Episode, FeedRow, Person, SourceRecord
from openfls.service.projection import refresh
from openfls.service.roles import May


@action("feed.take_in", May.LOAD_FEEDS)
def take_in(*, delivery: Delivery, readings: Sequence[Reading], by: Actor) -> int:
    """Keep what is new of ``readings`` and bring the people of whom it tells in line. Returns the episodes made."""
    readings = [storable(reading) for reading in readings]
    batch = _Batch(delivery, readings)
    for reading in readings:
        batch.take(reading)
    batch.save()
    made = [
        episode
        for person in Person.objects.filter(pk__in=batch.touched).select_related("service").order_by("pk")
        for episode in reconcile(person, by)
    ]
    # Rows of the national audit hold what the feeds told: a death, a postcode, who told first.
    kept = Episode.objects.filter(person__in=batch.touched).exclude(state=State.FOUND)
    for key in kept.values_list("pk", flat=True):
        refresh(key)
    for episode in made:
        note(
            by, "episode.find", person=episode.person, subject=f"episode {episode.pk}", triage=episode.triage
        )
    note(by, "feed.take_in", subject=f"delivery {delivery.pk}", readings=len(readings), episodes=len(made))
    return len(made)


class _Batch:
    """The rows of one batch: what is known is counted, what is new is gathered and saved together."""

    def __init__(self, delivery: Delivery, readings: Sequence[Reading]) -> None:
        self._delivery = delivery
        kept = FeedRow.objects.filter(
            service=delivery.service, record__in={_key(reading) for reading in readings}
        )
        self._known = set(kept.values_list("record", "content"))
        self._told_before = {record for record, _ in self._known}
        self._rows: list[FeedRow] = []
        self._records: list[SourceRecord] = []
        self.touched: set[object] = set()

    def take(self, reading: Reading) -> None:
        """Count one reading, and gather it where it is new."""
        delivery = self._delivery
        if isinstance(reading, Notice) and reading.about == "other":
            delivery.rows_read += reading.count
            delivery.rows_other += reading.count
            return
        delivery.rows_read += 1
        key = (_key(reading), fingerprint(reading))
        if key in self._known:
            delivery.rows_known += 1
            return
        self._known.add(key)
        row = FeedRow(
            service=delivery.service,
            delivery=delivery,
            kind=reading.source.kind,
            record=key[0],
            content=key[1],
            version=reading.source.version[:60],
            position=f"{reading.source.feed}, {reading.source.position}"[:300],
            outcome=FeedRow.Outcome.NEW,
        )
        self._rows.append(row)
        self._keep(row, reading)

    def _keep(self, row: FeedRow, reading: Reading) -> None:
        if isinstance(reading, Rejection):
            _leave_out(row, reading.reason)
            return
        if isinstance(reading, Notice) and reading.about == "merge":
            why = reading.detail or "two records may be of one person"
            _leave_out(row, f"waits for a person: {why}", reading)
            return
        try:
            row.person = person_for(row.service, reading.person)
        except IdentityDoubt as doubt:
            _leave_out(row, f"waits for a person: {doubt}", reading)
            return
        self.touched.add(row.person.pk)
        if isinstance(reading, Observation):
            self._records.append(
                SourceRecord(
                    row=row,
                    service=row.service,
                    person=row.person,
                    kind=reading.source.kind,
                    on=reading.on,
                    observation=to_json(reading),
                )
            )

    def save(self) -> None:
        """Keep what was gathered, and let a corrected record count in place of the earlier one."""
        self._delivery.save()
        FeedRow.objects.bulk_create(self._rows)
        SourceRecord.objects.bulk_create(self._records)
        told = [record.row.record for record in self._records]
        for record in {each for each in told if each in self._told_before or told.count(each) > 1}:
            _supersede(self._delivery, record)


def _key(reading: Reading) -> str:
    source = reading.source
    return (source.record or f"{source.feed} {source.position}")[:400]


def _leave_out(row: FeedRow, reason: str, waiting: Reading | None = None) -> None:
    row.outcome = FeedRow.Outcome.REJECTED
    row.reason = reason[:500]
    row.waiting = to_json(waiting) if waiting else None


def _supersede(delivery: Delivery, record: str) -> None:
    """Of several versions of one record the newest counts; of two with the same version the one that came last."""
    versions = SourceRecord.objects.filter(row__service=delivery.service, row__record=record)
    known = list(versions.select_related("row"))
    newest = max(known, key=lambda each: (each.row.version, each.pk))
    # What the earlier version told of is what the newer one corrects, not another fracture.
    fracture = next((each.fracture_id for each in [newest, *known] if each.fracture_id), None)
    versions.exclude(pk=newest.pk).update(superseded=True, fracture=None)
    versions.filter(pk=newest.pk).update(superseded=False, fracture=fracture)
