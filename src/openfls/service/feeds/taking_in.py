"""Taking in a batch of readings of one delivery: one transaction, each record counted once and accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from openfls.identification.reports.lexicon import RULES_VERSION
from openfls.record.feeds import Measured, Notice, Observation, Reading, Rejection, SourceKind
from openfls.record.pathway import State
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.feeds.drawing import is_drawn
from openfls.service.feeds.identity import IdentityDoubt, person_for
from openfls.service.feeds.known_again import count_left_out
from openfls.service.feeds.reconcile import reconcile
from openfls.service.feeds.results import promise_to_look, sort_versions, told_of, why_not
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import fingerprint, storable, to_json
from openfls.service.feeds.versions import supersede
from openfls.service.models import Delivery, Episode, FeedRow, PassedOver, Person, SourceRecord, ToldValue
from openfls.service.projection import refresh
from openfls.service.roles import May


@action("feed.take_in", May.LOAD_FEEDS)
def take_in(*, delivery: Delivery, readings: Sequence[Reading], by: Actor) -> int:
    """Keep what is new of ``readings`` and bring the people of whom it tells in line. Returns the episodes made."""
    readings = [storable(reading) for reading in readings]
    take_turn(delivery.service)
    batch = _Batch(delivery, readings)
    for reading in readings:
        batch.take(reading)
    batch.save()
    promise_to_look(batch.told)
    made = [
        episode
        for person in Person.objects.filter(pk__in=batch.touched).select_related("service").order_by("pk")
        for episode in reconcile(person, by, fresh=batch.fresh, lost=batch.lost)
    ]
    # Rows of the national audit hold what the feeds told: a death, a postcode, who told first.
    kept = Episode.objects.filter(person__in=batch.touched | batch.measured).exclude(state=State.FOUND)
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
        self._known = {(row.record, row.content): row for row in kept.only(*_NEEDED)}
        self._told_before = {record for record, _ in self._known}
        self._to_sort: set[str] = set()
        self._rows: list[FeedRow] = []
        self._records: list[SourceRecord] = []
        self._drawn: list[PassedOver] = []
        self._results_to_sort: set[str] = set()
        self.told: list[ToldValue] = []
        self.touched: set[object] = set()
        self.measured: set[object] = set()
        self.lost: set[object] = set()
        self.fresh: set[int] = set()

    def take(self, reading: Reading) -> None:
        """Count one reading, and gather it where it is new."""
        delivery = self._delivery
        if isinstance(reading, Notice) and reading.about == "other":
            if reading.count > 1 or _key(reading) not in self._told_before:
                delivery.rows_read += reading.count
                delivery.rows_other += reading.count
                return
            # The record told of a bone before: its sender has coded it anew.
            reading = Rejection(reading.source, "coded anew: it tells of no fracture any more")
        delivery.rows_read += 1
        key = (_key(reading), fingerprint(reading))
        if key in self._known:
            delivery.rows_known += 1
            count_left_out(delivery, self._known[key])
            self._says_again(self._known[key], reading)
            return
        row = FeedRow(
            service=delivery.service,
            delivery=delivery,
            kind=reading.source.kind,
            record=key[0],
            content=key[1],
            version=reading.source.version[:60],
            position=(reading.source.position or reading.source.feed)[:300],
            outcome=FeedRow.Outcome.NEW,
        )
        self._known[key] = row
        self._rows.append(row)
        if not isinstance(reading, Notice) and key[0] in self._told_before:
            self._sort(reading, key[0])
        self._told_before.add(key[0])
        self._keep(row, reading)

    def _says_again(self, row: FeedRow, reading: Reading) -> None:
        """What the sender says now is what it said once before: that counts again, whatever came in between."""
        version = reading.source.version[:60]
        if version <= row.version or isinstance(reading, Notice):
            return
        row.version = version
        if row.pk:
            row.save(update_fields=["version"])
        self._sort(reading, row.record)

    def _sort(self, reading: Reading, record: str) -> None:
        """Several versions of a record: which of them counts is found when all are kept."""
        result = reading.source.kind is SourceKind.RESULT
        (self._results_to_sort if result else self._to_sort).add(record)

    def _keep(self, row: FeedRow, reading: Reading) -> None:
        if isinstance(reading, Rejection):
            _leave_out(row, reading.reason)
            self._draw(row, reading)
            return
        if isinstance(reading, Notice) and reading.about == "merge":
            why = reading.detail or "two records may be of one person"
            _leave_out(row, f"waits for a person: {why}", reading)
            return
        try:
            row.person = person_for(row.service, reading.person, row.version)
        except IdentityDoubt as doubt:
            _leave_out(row, f"waits for a person: {doubt}", reading)
            return
        if isinstance(reading, Measured):
            self._keep_result(row, reading)
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
                    reader=RULES_VERSION if reading.text else "",
                )
            )

    def _keep_result(self, row: FeedRow, reading: Measured) -> None:
        """Keep a result that can be; it moves no fracture, but the rows of the audit may hold it."""
        assert row.person is not None
        reason = why_not(reading, row.person)
        if reason:
            _leave_out(row, reason)
            return
        self.measured.add(row.person.pk)
        self.told.append(told_of(row, row.person, reading))

    def _draw(self, row: FeedRow, reading: Rejection) -> None:
        """Keep the report for the audit of the reader where the draw says so; whose it is must be beyond doubt."""
        report = reading.passed_over
        if report is None or not is_drawn(reading, row.record, row.service):
            return
        try:
            row.person = person_for(row.service, report.person, row.version)
        except IdentityDoubt:
            return
        self._drawn.append(
            PassedOver(
                row=row,
                service=row.service,
                person=row.person,
                report=to_json(report),
                reader=RULES_VERSION,
                read_at=clock.now(),
                one_in=row.service.audit_one_in,
            )
        )

    def save(self) -> None:
        """Keep what was gathered, and let a corrected record count in place of the earlier one."""
        self._delivery.save()
        FeedRow.objects.bulk_create(self._rows)
        SourceRecord.objects.bulk_create(self._records)
        PassedOver.objects.bulk_create(self._drawn)
        ToldValue.objects.bulk_create(self.told)
        self.fresh = {record.row_id for record in self._records}
        for record in sorted(self._to_sort):
            replaced = supersede(self._delivery.service_id, record)
            self.touched |= replaced.people
            self.lost |= replaced.fractures
        for record in sorted(self._results_to_sort):
            self.measured |= sort_versions(self._delivery.service_id, record)


def keep_result(row: FeedRow, result: Measured) -> None:
    """Keep a result of a row whose person somebody has named, or its refusal."""
    assert row.person is not None
    reason = why_not(result, row.person)
    if reason:
        _leave_out(row, reason)
        row.save(update_fields=["outcome", "reason", "waiting"])
    else:
        told_of(row, row.person, result).save()
    sort_versions(row.service_id, row.record)


_NEEDED = ("record", "content", "version", "outcome", "reason", "waiting", "delivery")


def keep_observation(row: FeedRow, observation: Observation) -> None:
    """Keep what a row says about the bones of its person, whom somebody has named."""
    _source_record(row, observation).save()
    supersede(row.service_id, row.record)


def withdraw_observation(row: FeedRow) -> None:
    """Take back `keep_observation`: an earlier version of the record counts again."""
    SourceRecord.objects.filter(row=row).delete()
    supersede(row.service_id, row.record)


def people_of_record(row: FeedRow) -> set[Person]:
    """The people to whom any version of the row's record was given."""
    versions = SourceRecord.objects.filter(row__service=row.service_id, row__record=row.record)
    return {each.person for each in versions.select_related("person__service")}


def _source_record(row: FeedRow, observation: Observation) -> SourceRecord:
    return SourceRecord(
        row=row,
        service=row.service,
        person=row.person,
        kind=observation.source.kind,
        on=observation.on,
        observation=to_json(observation),
    )


def _key(reading: Reading) -> str:
    source = reading.source
    return (source.record or f"{source.feed} {source.position}")[:400]


def _leave_out(row: FeedRow, reason: str, waiting: Reading | None = None) -> None:
    row.outcome = FeedRow.Outcome.REJECTED
    row.reason = reason[:500]
    row.waiting = to_json(waiting) if waiting else None
