"""Taking in a batch of readings of one delivery: one transaction, each record counted once and accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openfls.identification.reports.lexicon import RULES_VERSION
from openfls.record.feeds import Measured, Notice, Observation, Reading, Rejection, SourceKind
from openfls.record.pathway import State
from openfls.service import clock
from openfls.service.actions.action import action, note_all
from openfls.service.actor import Actor
from openfls.service.aside.bringing import brought, keep_promises
from openfls.service.aside.keeping import REMOVED, set_aside
from openfls.service.aside.waking import wake_up
from openfls.service.audit import Happened
from openfls.service.feeds.drawing import is_drawn
from openfls.service.feeds.identity import IdentityDoubt
from openfls.service.feeds.kept_rows import left_out
from openfls.service.feeds.known_again import count_left_out
from openfls.service.feeds.reconcile import reconcile_all
from openfls.service.feeds.registry import Registry
from openfls.service.feeds.results import promise_to_look, sort_versions, told_of, why_not
from openfls.service.feeds.said_other import CODED_ANEW, Remembered
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import Kept, as_kept, to_json
from openfls.service.feeds.versions import supersede
from openfls.service.investigation.own_codes import as_meant, held, key_of, meanings
from openfls.service.models import (
    Brought,
    Delivery,
    Episode,
    FeedRow,
    HeldResult,
    PassedOver,
    Person,
    SetAside,
    SetAsideNumber,
    SourceRecord,
    ToldValue,
)
from openfls.service.projection import refresh
from openfls.service.roles import May


@action("feed.take_in", May.LOAD_FEEDS)
def take_in(*, delivery: Delivery, readings: Sequence[Reading], by: Actor) -> int:
    """Keep what is new of ``readings`` and bring the people of whom it tells in line. Returns the episodes made."""
    kept = [as_kept(reading) for reading in readings]
    take_turn(delivery.service)
    batch = _Batch(delivery, [each.reading for each in kept])
    for each in kept:
        batch.take(each)
    batch.save()
    keep_promises(promise_to_look(batch.told))
    woken = wake_up(delivery.service, batch.touched | batch.measured)
    touched = list(Person.objects.filter(pk__in=batch.touched | woken))
    made = reconcile_all(touched, by, fresh=batch.fresh, lost=batch.lost)
    # Rows of the national audit hold what the feeds told: a death, a postcode, who told first.
    known = Episode.objects.filter(person__in=batch.touched | batch.measured | woken).exclude(
        state=State.FOUND
    )
    for key in known.exclude(pk__in=[each.pk for each in made]).values_list("pk", flat=True):
        refresh(key)
    found = [
        Happened("episode.find", each.person, f"episode {each.pk}", {"triage": each.triage}) for each in made
    ]
    counts = {"readings": len(readings), "episodes": len(made)}
    note_all(by, [*found, Happened("feed.take_in", None, f"delivery {delivery.pk}", counts)])
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
        self._others = Remembered(delivery.service, {_key(reading) for reading in readings})
        self._people = Registry(delivery.service, (reading.person for reading in readings))
        self._to_sort: set[str] = set()
        self._rows: list[FeedRow] = []
        self._records: list[SourceRecord] = []
        self._drawn: list[PassedOver] = []
        self._again: list[FeedRow] = []
        self._brought: list[Brought] = []
        self._strangers: list[tuple[FeedRow, Measured | Notice]] = []
        self._meanings = meanings(delivery.service)
        self._held: list[HeldResult] = []
        self._results_to_sort: set[str] = set()
        self.told: list[ToldValue] = []
        self.touched: set[object] = set()
        self.measured: set[object] = set()
        self.lost: set[object] = set()
        self.fresh: set[int] = set()

    def take(self, kept: Kept[Any]) -> None:
        """Count one reading, and gather it where it is new."""
        delivery, reading = self._delivery, kept.reading
        if isinstance(reading, Notice) and reading.about == "other":
            if reading.count > 1 or _key(reading) not in self._told_before:
                delivery.rows_read += reading.count
                delivery.rows_other += reading.count
                self._others.keep(_key(reading), reading, delivery)
                return
            # The record told of a bone before: its sender has coded it anew.
            reading = Rejection(reading.source, CODED_ANEW)
            kept = as_kept(reading)
        delivery.rows_read += 1
        key = (_key(reading), kept.content)
        if key in self._known and self._known[key].reason == REMOVED:
            self._take_again(self._known[key], reading, kept.data)
            return
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
        # What was recalled came before: of two with the same version the one that came last counts.
        told_before = key[0] in self._told_before or (
            not isinstance(reading, Notice) and self._recall(key[0])
        )
        self._known[key] = row
        self._rows.append(row)
        if told_before and not isinstance(reading, Notice):
            self._sort(reading, key[0])
        self._told_before.add(key[0])
        self._keep(row, reading, kept.data)

    def _recall(self, record: str) -> bool:
        """Whether the record has told of something that is no fracture: its later word counts, whichever came first."""
        said = self._others.recall(record, self._delivery)
        if said is not None:
            self._known[said.record, said.content] = said
            self._rows.append(said)
        return said is not None

    def _take_again(self, row: FeedRow, reading: Reading, data: Any) -> None:
        """What was told of a stranger and removed after its year is told again: as if it came for the first time."""
        self._delivery.rows_known += 1
        row.outcome, row.reason = FeedRow.Outcome.NEW, ""
        row.version = max(row.version, reading.source.version[:60])
        self._again.append(row)
        self._sort(reading, row.record)
        self._keep(row, reading, data)

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

    def _keep(self, row: FeedRow, reading: Reading, data: Any) -> None:
        if isinstance(reading, Rejection) and reading.unread is not None:
            meaning = self._meanings.get(key_of(reading))
            if row.pk is None:
                self._held.append(held(row, reading, meaning))
            reading = as_meant(reading, meaning)
        if isinstance(reading, Rejection):
            left_out(row, reading.reason)
            self._draw(row, reading)
            return
        if isinstance(reading, Notice) and reading.about == "merge":
            why = reading.detail or "two records may be of one person"
            left_out(row, f"waits for a person: {why}", reading)
            return
        if isinstance(reading, Measured | Notice) and not self._people.knows(reading.person):
            # The same message may go on to tell of a fracture.
            self._strangers.append((row, reading))
            return
        try:
            row.person = self._people.person_for(reading.person, row.version)
        except IdentityDoubt as doubt:
            left_out(row, f"waits for a person: {doubt}", reading)
            return
        self._brought += brought(row, row.person, reading, self._people.change)
        if isinstance(reading, Measured):
            self._keep_result(row, reading)
            if row.person.deceased:
                self.touched.add(row.person.pk)  # a laboratory may be the first to tell of a death
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
                    observation=data,
                    reader=RULES_VERSION if reading.text else "",
                )
            )

    def _keep_result(self, row: FeedRow, reading: Measured) -> None:
        """Keep a result that can be; it moves no fracture, but the rows of the audit may hold it."""
        assert row.person is not None
        reason = why_not(reading, row.person)
        if reason:
            left_out(row, reason)
            return
        self.measured.add(row.person.pk)
        self.told.append(told_of(row, row.person, reading))

    def _draw(self, row: FeedRow, reading: Rejection) -> None:
        """Keep the report for the audit of the reader where the draw says so; whose it is must be beyond doubt."""
        report = reading.passed_over
        if report is None or not is_drawn(reading, row.record, row.service):
            return
        try:
            row.person = self._people.person_for(report.person, row.version)
        except IdentityDoubt:
            return
        self._brought += brought(row, row.person, reading, self._people.change)
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
        aside: list[SetAside] = []
        numbers: list[SetAsideNumber] = []
        for row, reading in self._strangers:
            if self._people.knows(reading.person):
                self._keep(row, reading, None)
            elif (made := set_aside(row, reading)) is not None:
                aside.append(made[0])
                numbers += made[1]
        self._people.save()
        self._delivery.save()
        self._others.save()
        FeedRow.objects.bulk_create(self._rows)
        for row in self._again:
            row.save(update_fields=_CHANGED)
        Brought.objects.bulk_create(self._brought)
        SourceRecord.objects.bulk_create(self._records)
        PassedOver.objects.bulk_create(self._drawn)
        ToldValue.objects.bulk_create(self.told)
        HeldResult.objects.bulk_create(self._held)
        SetAside.objects.bulk_create(aside)
        SetAsideNumber.objects.bulk_create(numbers)
        self.fresh = {record.row_id for record in self._records}
        for record in sorted(self._to_sort):
            replaced = supersede(self._delivery.service_id, record)
            self.touched |= replaced.people
            self.lost |= replaced.fractures
        for record in sorted(self._results_to_sort):
            self.measured |= sort_versions(self._delivery.service_id, record)


_CHANGED = ("outcome", "reason", "version", "waiting", "person")
_NEEDED = ("record", "content", "version", "outcome", "reason", "waiting", "delivery")


def _key(reading: Reading) -> str:
    source = reading.source
    return (source.record or f"{source.feed} {source.position}")[:400]
